"""What every view of the API has: a scope, and answers that need not come twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import Refusal, handle

# Nothing is kept that could be shown without asking whether it still may be.
CHECKED = "private, no-cache"


class ApiView(APIView):
    """`scope` is the noun of the scope that a token needs; see `api.scopes`."""

    scope: str

    def check_permissions(self, request: Request) -> None:
        """Let those in who may; whoever is refused has asked as well, and is counted."""
        try:
            super().check_permissions(request)
        except Exception:
            self.check_throttles(request)
            raise

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what asks for a comparison that would not be made."""
        super().initial(request, *args, **kwargs)
        method = getattr(self, (request.method or "").lower(), None)
        compares = getattr(method, "compares_versions", True)
        writes = request.method not in permissions.SAFE_METHODS
        if writes and not compares and "If-Match" in request.headers:
            raise Refusal("not_compared", HTTPStatus.BAD_REQUEST)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Let whoever has this answer already be told so (ETag, If-None-Match)."""
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        asked = request._request  # noqa: SLF001 - Django's own, which DRF wraps
        if request.method not in ("GET", "HEAD") or final.streaming:
            return final
        if isinstance(final, Response):
            final.add_post_render_callback(lambda made: _unless_known(asked, made))
            return final
        return _unless_known(asked, final)


def rendered(told: Response, view: APIView, request: Request) -> Response:
    """What a view tells, as it is sent."""
    told.accepted_renderer = request.accepted_renderer
    told.accepted_media_type = request.accepted_media_type
    told.renderer_context = view.get_renderer_context()  # type: ignore[attr-defined]
    told.render()
    return told


def tag_of(told: Response, view: APIView, request: Request) -> str:
    """The ETag under which a view tells this."""
    return _tagged(rendered(told, view, request))


def _unless_known(asked: HttpRequest, made: HttpResponse) -> HttpResponseBase:
    if made.status_code != HTTPStatus.OK:
        return made
    made["Cache-Control"] = CHECKED
    return conditional(asked, _tagged(made)) or made


def _tagged(made: HttpResponse) -> str:
    if not made.has_header("ETag"):
        set_response_etag(made)
    return made["ETag"]


def conditional(asked: HttpRequest, tag: str) -> HttpResponseBase | None:
    """What to answer instead of what has this ETag; None: that itself."""
    instead = get_conditional_response(asked, etag=tag)
    if instead is not None and instead.status_code == HTTPStatus.PRECONDITION_FAILED:
        return handle(Refusal("other_version", HTTPStatus.PRECONDITION_FAILED), {})
    if instead is not None:
        instead["Cache-Control"], instead["ETag"] = CHECKED, tag
    return instead
