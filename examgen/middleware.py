"""What happens around every page: a line in the log, what is refused, and headers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from time import perf_counter

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from examgen.logs import route_of

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked for every few seconds by whoever watches over the site.
_PULSE = frozenset({"healthz", "readyz"})

# Social sign-in redirects pass several hosts of the provider, and browsers apply
# form-action to every one of them: these pages must allow any https host.
_SOCIAL_PAGES = frozenset(
    {"account_login", "account_signup", "account_reauthenticate"}
    | {"socialaccount_connections", "socialaccount_signup"}
    | {f"{provider}_login" for provider in settings.SOCIALACCOUNT_PROVIDERS}
)

_SIGN_OUT = frozenset({"account_logout", "admin:logout"})


class RequestLogMiddleware:
    """Gives each request a number, binds it to all that is logged, and writes its line.

    No path, query or address: the route says which page it was, and the number leads
    to the events that it caused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        number = _number(request)
        started = perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self.get_response(request)
            response["X-Request-ID"] = number
            route = route_of(request)
            well_and_dull = route in _PULSE and response.status_code == 200  # noqa: PLR2004
            (log.debug if well_and_dull else log.info)(
                "request",
                method=request.method if request.method in _METHODS else "other",
                route=route,
                status=response.status_code,
                ms=round((perf_counter() - started) * 1000, 1),
                **_user(request),
            )
        return response


def _number(request: HttpRequest) -> str:
    """The proxy's number for this request, if it is one, and a new one otherwise."""
    given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _user(request: HttpRequest) -> dict[str, str]:
    """Who asked, if the page wanted to know: the log costs no query of its own."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = request.__dict__.get("_cached_user")
    return {"user": str(user.pk)} if user is not None and user.pk else {}


class PlainTextMiddleware:
    """Refuses NUL characters in addresses and cookies, as forms do in their fields.

    No person and no browser sends them, and PostgreSQL takes none: looking for a
    session by such a key would be an error of every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        queried = (text for pair in request.GET.lists() for text in (pair[0], *pair[1]))
        if any("\0" in text for text in (*queried, *request.COOKIES.values())):
            raise BadRequest("NUL character")
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Nothing of a signed-in person is kept by a cache that others could read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["HX-Request"])
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            # Same headers as GET, no body: a server warns of each byte sent after them.
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        match = request.resolver_match
        if (
            match is not None
            and match.view_name in _SIGN_OUT
            and request.method == "POST"
        ):
            # Pages that the browser kept must not outlive the person's session.
            response["Clear-Site-Data"] = '"cache"'
        if match is not None and match.url_name in _SOCIAL_PAGES:
            response._csp_update = {"form-action": ["https:"]}  # type: ignore[attr-defined] # noqa: SLF001
        return response
