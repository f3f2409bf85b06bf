"""Headers that depend on the page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

# Social sign-in redirects pass several hosts of the provider, and browsers apply
# form-action to every one of them: these pages must allow any https host.
_SOCIAL_PAGES = frozenset(
    {"account_login", "account_signup", "account_reauthenticate"}
    | {"socialaccount_connections", "socialaccount_signup"}
    | {f"{provider}_login" for provider in settings.SOCIALACCOUNT_PROVIDERS}
)


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
        if match is not None and match.url_name in _SOCIAL_PAGES:
            response._csp_update = {"form-action": ["https:"]}  # type: ignore[attr-defined] # noqa: SLF001
        return response
