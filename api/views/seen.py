"""`If-Match` on edits: nobody overwrites what they have not seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.db import transaction
from django.utils.http import parse_etags
from rest_framework.response import Response

from accounts.models import User
from api.problems import Refusal
from api.requests import ApiRequest
from api.views.base import tag_of

Edit = TypeVar("Edit", bound=Callable[..., Response])


def as_seen(edit: Edit) -> Edit:
    """Let an edit through only on the version that `If-Match` names, if it names one.

    The view has `get`, whose ETag is meant, and `hold`, which keeps others from
    changing the row (404 where there is none). Look and edit are one transaction.
    Raises Refusal (409) with both versions, `yours` and `theirs`.
    """

    @wraps(edit)
    def checked(view: Any, request: ApiRequest, **which: Any) -> Response:
        seen = request.headers.get("If-Match", "").strip()
        if not seen:
            return edit(view, request, **which)
        yours = request.data  # read before anything is held
        with transaction.atomic():
            view.hold(request, **which)
            theirs = view.get(request, **which)
            if seen != "*" and tag_of(theirs, view, request) not in parse_etags(seen):
                raise Refusal(
                    "changed_meanwhile",
                    HTTPStatus.CONFLICT,
                    yours=yours,
                    theirs=theirs.data,
                )
            return edit(view, request, **which)

    return checked  # type: ignore[return-value]


def hold_oneself(request: ApiRequest) -> None:
    """Hold whoever asks, as they are now: they were loaded when they came in."""
    own = User.objects.for_user(request.user)
    held = own.select_for_update(no_key=True)
    request.user.refresh_from_db(from_queryset=held)
