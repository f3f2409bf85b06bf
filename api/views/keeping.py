"""Answers that are made once and told again while they are true, see `examgen.fresh`."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponse
from rest_framework.response import Response

from api.requests import ApiRequest
from api.views.base import rendered
from examgen import fresh
from examgen.along import Facts, asks

Read = TypeVar("Read", bound=Callable[..., Response])


def kept(
    facts: Facts, *, known_queries: AbstractSet[str] = frozenset()
) -> Callable[[Read], Read]:
    """Let the answers of `get` be kept, by the facts that they are made of."""

    def marked(read: Read) -> Read:
        @asks(facts)
        @wraps(read)
        def answered(view: Any, request: ApiRequest, **given: Any) -> HttpResponse:
            def make() -> HttpResponse:
                told = rendered(read(view, request, **given), view, request)
                kind = told["Content-Type"]
                return HttpResponse(
                    told.content, status=told.status_code, content_type=kind
                )

            return fresh.answer(
                request._request,  # noqa: SLF001 - what DRF wraps
                request.user,
                (facts, given),
                make,
                known_queries=known_queries,
            )

        return cast("Read", answered)

    return marked
