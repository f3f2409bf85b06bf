"""Problems told to programs: RFC 9457 documents with a stable code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(code: str, *, status: int, title: str, **facts: Any) -> JsonResponse:
    """A problem document; programs go by `code`, people read `title`."""
    return JsonResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": code,
            **facts,
        },
        status=status,
        content_type=MEDIA_TYPE,
    )


def speaks_json(request: HttpRequest) -> bool:
    """Whether a program asks, which would not know what to do with a page."""
    return request.content_type == "application/json"
