"""The site's addresses, and one that breaks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from examgen.urls import handler403, handler404, urlpatterns

__all__ = ["handler403", "handler404"]


@login_not_required
def broken(request: HttpRequest, key: str) -> HttpResponse:
    """Fail with words that quote what was typed, as errors do."""
    raise ValueError(key + request.GET["typed"])


urlpatterns = [*urlpatterns, path("broken/<str:key>/", broken, name="broken")]
