"""What every view of the API has: a scope, and answers that need not come twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class ApiView(APIView):
    """`scope` is the noun of the scope that a token needs; see `api.scopes`."""

    scope: str

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Let whoever has this answer already be told so (ETag, If-None-Match)."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response) and request.method in ("GET", "HEAD"):
            asked = request._request  # noqa: SLF001 - Django's own, which DRF wraps
            final.add_post_render_callback(lambda made: _unless_known(asked, made))
        return final


def unchanged(tag: str) -> Response:
    """304 for whoever has this answer, without making it first."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)


def _unless_known(asked: HttpRequest, made: HttpResponse) -> HttpResponseBase:
    if made.status_code != 200:  # noqa: PLR2004
        return made
    # Nothing is kept that could be shown without asking whether it still may be.
    made["Cache-Control"] = "private, no-cache"
    if not made.has_header("ETag"):
        set_response_etag(made)
    known = get_conditional_response(asked, etag=made["ETag"], response=made)
    return made if known is None else known
