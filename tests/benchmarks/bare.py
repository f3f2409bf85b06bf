"""The site with two more views, whose answers cost nothing by themselves.

The bare one shows what Django asks for a request with a session; the cached one what the
API adds around an answer that lies in the cache.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.response import Response

from api.requests import ApiRequest
from api.views.base import ApiView
from examgen import urls


@login_not_required
def bare(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"language": request.session.get("language", "en")})


class Cached(ApiView):
    scope = "me"

    def get(self, request: ApiRequest) -> Response:  # noqa: ARG002
        return Response(cache.get_or_set("bench-api", {"language": "en"}))


# Behind all others, so that these two are looked for as long as any.
urlpatterns = [
    *urls.urlpatterns,
    path("bare/", bare),
    path("api/v1/cached/", Cached.as_view()),
]
