"""Who asks, pages in their own time zone, and the way in for visitors."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import entrance
from accounts.sessions import lent
from examgen.along import wanted


class PersonMiddleware(AuthenticationMiddleware):
    """Says who asks, in the one query that looks up the session.

    Nothing may look at `request.user` before it is known which view is asked for: that
    tells what is asked along (`examgen.along`).
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_person, request))  # type: ignore[assignment]

    def process_view(
        self,
        request: Any,
        view: Callable[..., Any],
        _args: Any,
        given: Mapping[str, Any],
    ) -> None:
        request.along = request.session.along = wanted(request, view, given)


def _person(request: Any) -> Any:
    if not hasattr(request, "_cached_user"):
        request.session.get(SESSION_KEY)  # looks the session up
        with lent(request.session.person):
            request._cached_user = get_user(request)  # noqa: SLF001 - as Django names it
    return request._cached_user  # noqa: SLF001


class PreferencesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A thread goes on to somebody else: in whatever zone it began.
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.user.is_authenticated:
            timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone))


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
