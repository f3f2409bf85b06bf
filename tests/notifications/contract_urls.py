"""The site's addresses, and those that messages lead to before their pages are there.

A name that the site has is left to it.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import get_resolver, path

from examgen.urls import handler403, handler404
from examgen.urls import urlpatterns as site

_PROMISED = {
    "invitation": "invitations/<str:token>/",
    "take": "take/<uuid:exam_id>/",
    "receipt": "attempts/<uuid:attempt_id>/receipt/",
    "result": "attempts/<uuid:attempt_id>/result/",
    "scoreboard": "exams/<uuid:exam_id>/scoreboard/",
}
_known = set(get_resolver("examgen.urls").reverse_dict)

urlpatterns = [
    *site,
    *(
        path(route, lambda _request, **_: HttpResponse(), name=name)
        for name, route in _PROMISED.items()
        if name not in _known
    ),
]

__all__ = ["handler403", "handler404", "urlpatterns"]
