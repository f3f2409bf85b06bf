"""Errors in words. What is foreign and what does not exist look the same."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import structlog
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from examgen.outage import database_is_away
from examgen.problems import problem, speaks_json

if TYPE_CHECKING:
    from django.http import HttpRequest

log = structlog.get_logger(__name__)

# Seconds: a database that restarts is back by then.
_RETRY_AFTER = 5


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without its token: the page was open for too long, or is not ours."""
    if speaks_json(request):
        return problem("csrf", status=403, title=_("This page was open for too long."))
    return render(request, "403.html", {"stale": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    if _is_for_programs(request):
        return problem("not_found", status=404, title=_("There is no such address."))
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for an error that nobody caught: 503 when it passes by itself, else 500.

    Rendered without the request: who looks, and how, is asked of the database.
    """
    error = sys.exception()
    if not database_is_away(error):
        if _is_for_programs(request):
            said = _("Something went wrong on our side.")
            return problem("broken", status=500, title=said)
        return HttpResponse(render_to_string("500.html"), status=500)
    # One line: an outage brings thousands, and their tracebacks tell nothing more.
    log.warning("database_away", error=str(error).partition("\n")[0])
    response = _come_again(request)
    response._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001
    return response


def _come_again(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(_RETRY_AFTER), "Cache-Control": "no-store"}
    if _is_for_programs(request):
        said = _("The database does not answer. Try again in a moment.")
        told = problem("database_away", status=503, title=said)
        for name, value in headers.items():
            told[name] = value
        return told
    if request.get_preferred_type(["text/html", "application/json"]) != "text/html":
        return JsonResponse({"code": "database_away"}, status=503, headers=headers)
    facts = {"address": request.get_full_path(), "sent": request.method == "POST"}
    page = render_to_string("503.html", facts)
    return HttpResponse(page, status=503, headers=headers)


def bad_request(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001
) -> HttpResponse:
    """Answer what cannot even be read; people see a plain sentence."""
    said = _("This request cannot be read.")
    if _is_for_programs(request):
        return problem("malformed", status=400, title=said)
    return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")


def _is_for_programs(request: HttpRequest) -> bool:
    """Whether the address is one of the API."""
    return request.path_info.startswith("/api/v1/")
