"""Pages in the person's own time zone, and the way in for visitors."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import entrance


class PreferencesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)


class EntranceMiddleware:
    """Keeps where a visitor was going; see `accounts.entrance`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        entrance.keep(request, response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Say why the page for a code is gone: allauth leaves it without a word."""
        match = request.resolver_match
        if match is None or match.url_name != entrance.CODE_PAGE:
            return
        if request.user.is_anonymous and entrance.code_ran_out(request):
            messages.info(
                request, _("That code has run out. Sign in to get a new one.")
            )
