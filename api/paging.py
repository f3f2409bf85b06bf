"""Long lists, page by page, by a cursor: what is added meanwhile moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.problems import invalid
from api.requests import ApiRequest
from api.wording import PROBLEMS

PER_PAGE, MOST_PER_PAGE = 50, 200


class Cursor(CursorPagination):
    def __init__(self, *ordering: str) -> None:
        self._by = ordering

    def get_ordering(self, *_: Any) -> tuple[str, ...]:
        return self._by


def paged(
    request: ApiRequest,
    rows: QuerySet[Any],
    serializer: type[BaseSerializer[Any]],
    *ordering: str,
    told: Callable[[list[Any]], Iterable[Any]] = list,
) -> Response:
    """One page of the rows: as many queries for many as for few.

    `told` makes of the rows of a page what the serializer tells.
    """
    cursor = Cursor(*ordering)
    cursor.page_size = _limit(request)
    try:
        found = cursor.paginate_queryset(rows, request)
    except (NotFound, ValidationError) as error:
        # A cursor may also name a place that is no time.
        raise invalid("cursor", "invalid", str(PROBLEMS["malformed"])) from error
    return Response(
        {
            "results": serializer(
                told(found or []), many=True, context={"request": request}
            ).data,
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
        }
    )


def _limit(request: ApiRequest) -> int:
    """How many the request asks for; what is not 1 to 200 is refused, not guessed."""
    typed = request.query_params.get("limit", str(PER_PAGE))
    short = (
        typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_PER_PAGE))
    )
    if not short or not 1 <= int(typed) <= MOST_PER_PAGE:
        raise invalid("limit", "invalid", str(PROBLEMS["malformed"]))
    return int(typed)
