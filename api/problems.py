"""Whatever goes wrong, told as a problem document (RFC 9457) with a stable code."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.forms import BaseForm
from django.http import Http404, JsonResponse
from rest_framework import exceptions

from api.wording import PROBLEMS
from examgen.problems import problem
from exams.services.files import StoreError, StoreFullError

STORE_RETRY_SECONDS = 30

# What the framework raises by itself, in our words.
_CODES = {
    "not_authenticated": "login_required",
    "authentication_failed": "bad_token",
    "permission_denied": "forbidden",
    "parse_error": "malformed",
}


class Refusal(exceptions.APIException):
    """A request that is not done; `code` has a sentence, `facts` go into the answer."""

    def __init__(
        self,
        code: str,
        status: HTTPStatus,
        *,
        title: str = "",
        retry_after: int = 0,
        **facts: Any,
    ) -> None:
        super().__init__(detail=code, code=code)
        self.code = code
        self.title = title or str(PROBLEMS[code])
        self.status_code = status
        self.retry_after = retry_after
        self.facts = facts


def handle(error: Exception, _context: Mapping[str, Any]) -> JsonResponse | None:
    """The answer for an error; None for one that is nobody's fault but ours."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    response = problem(
        refusal.code,
        status=refusal.status_code,
        title=refusal.title,
        **refusal.facts,
    )
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    if challenge := getattr(error, "auth_header", ""):
        response["WWW-Authenticate"] = challenge
    return response


def _refusal(error: Exception) -> Refusal | None:  # noqa: C901, PLR0911 - one a case
    match error:
        case Refusal():
            return error
        case exceptions.ValidationError():
            errors = list(_errors(error.get_full_details(), ""))
            return Refusal("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
        case exceptions.Throttled():
            seconds = max(1, math.ceil(getattr(error, "wait", None) or 1))
            return Refusal(
                "throttled", HTTPStatus.TOO_MANY_REQUESTS, retry_after=seconds
            )
        case Http404() | exceptions.NotFound():
            return Refusal("not_found", HTTPStatus.NOT_FOUND)
        case PermissionDenied():
            return Refusal("forbidden", HTTPStatus.FORBIDDEN)
        case RequestDataTooBig():
            return Refusal("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        case SuspiciousOperation():
            return Refusal("malformed", HTTPStatus.BAD_REQUEST)
        case StoreFullError():
            return Refusal("store_full", HTTPStatus.INSUFFICIENT_STORAGE)
        case StoreError():
            away = HTTPStatus.SERVICE_UNAVAILABLE
            return Refusal("store_away", away, retry_after=STORE_RETRY_SECONDS)
        case exceptions.APIException():
            code = str(error.get_codes())
            status = HTTPStatus(error.status_code)
            return Refusal(_CODES.get(code, code), status)
    return None


def invalid(field: str, code: str, title: str) -> Refusal:
    """One field is not as it should be."""
    errors = [{"field": field, "code": code, "title": title}]
    return Refusal("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)


def not_valid(form: BaseForm) -> Refusal:
    """What a form of the pages holds against its data."""
    errors = [
        {
            "field": "" if field == "__all__" else field,
            "code": str(found.code or "invalid"),
            "title": " ".join(str(message) for message in found.messages),
        }
        for field, listed in form.errors.as_data().items()
        for found in listed
    ]
    return Refusal("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)


def _errors(details: Any, where: str) -> Iterator[dict[str, str]]:
    """Flatten nested details into one line for each thing that is wrong."""
    match details:
        case {"message": message, "code": str(code)}:
            yield {"field": where, "code": code, "title": str(message)}
        case dict():
            for name, inner in details.items():
                inside = "" if name == "non_field_errors" else str(name)
                yield from _errors(inner, f"{where}.{inside}".strip("."))
        case list():
            for inner in details:
                yield from _errors(inner, where)
