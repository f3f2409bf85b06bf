"""Naming operations for the schema: what each is sent and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from api.paging import MOST_PER_PAGE, PER_PAGE
from api.serializers.shared import Problem

F = TypeVar("F", bound=Callable[..., Any])
Shape = Any
# One parameter, or a shape whose fields are parameters of the query.
Parameter = OpenApiParameter | type[serializers.Serializer[Any]]

ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
# Sent to the store, where that can hand files out itself: by an address for a minute.
LENT = OpenApiParameter(
    "Location",
    OpenApiTypes.URI,
    OpenApiParameter.HEADER,
    response=[int(HTTPStatus.FOUND)],
)
# What looking into the store, or putting something there, brings about.
STORE = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)
# What bodies bring about.
_WITH_BODY = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)

# ETags of questions, and what names a request that is done once.
TAG = '"([0-9]{1,9})-[a-z]+"'
VISIBLE = "[!-~]{1,100}"

CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous`.")
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": rf"^(\*|{TAG})$"},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that was seen; `*` for whatever is there.",
)
SEEN = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description=(
        "The ETag of the version that was seen: 409 with both, `yours` and `theirs`, "
        "when it is another one by now."
    ),
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^{VISIBLE}$"},
    OpenApiParameter.HEADER,
    description="The same request again gets the first one's answer for a day.",
)


def operation(
    name: str,
    *,
    sends: Shape = None,
    returns: Shape = None,
    status: int = HTTPStatus.OK,
    same: int | None = None,
    media: str = "application/json",
    also: Sequence[int] = (),
    parameters: Sequence[Parameter] = (),
) -> Callable[[F], F]:
    """Describe a method of a view; `also` are problems that only it can have.

    `same` is the status when it was done before; `media` is what comes, if not JSON.
    """
    problems = {*ALWAYS, *also, *(_WITH_BODY if sends else ())}
    answers: dict[Any, Any] = {}
    for code in (status, same):
        if code is not None:
            phrase = HTTPStatus(code).phrase
            answers[int(code), media] = OpenApiResponse(returns, description=phrase)
    if LENT in parameters:
        answers[int(HTTPStatus.FOUND)] = OpenApiResponse(None, description="Found")
    for code in sorted(problems - {status}):
        key = (int(code), "application/problem+json")
        answers[key] = OpenApiResponse(Problem, description=HTTPStatus(code).phrase)
    described: Callable[[F], F] = extend_schema(
        operation_id=name,
        request=sends,
        responses=answers,
        parameters=list(parameters),
    )

    def marked(method: F) -> F:
        compares = SEEN in parameters or IF_MATCH in parameters
        method.compares_versions = compares  # type: ignore[attr-defined]
        return described(method)

    return marked


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> Any:
    """The shape of a page of a list."""
    return inline_serializer(
        f"{item.__name__}Page",
        {
            "results": item(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )


def listing(
    name: str,
    item: type[serializers.Serializer[Any]],
    *,
    parameters: Sequence[Parameter] = (),
) -> Callable[[F], F]:
    """Describe a list that comes page by page."""
    return operation(
        name,
        returns=page_of(item),
        also=[HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[CURSOR, LIMIT, *parameters],
    )
