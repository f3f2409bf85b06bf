"""Looking a row up: what is foreign and what does not exist are the same."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict
from rest_framework.serializers import BaseSerializer

from api.problems import invalid
from api.requests import ApiRequest
from api.serializers.kinds import mistaken
from api.wording import PROBLEMS

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], **which: Any) -> M:
    """The one row among those that this person may see."""
    found = rows.filter(**which).first()
    if found is None:
        raise Http404
    return found


def hold(rows: QuerySet[M], **which: Any) -> None:
    """Keep others from changing the one row until this transaction ends."""
    # By its key: rows may be grouped or joined, which cannot be held.
    found = one(rows, **which)
    everybodys = rows.model._default_manager  # noqa: SLF001 - a public name of Django's
    if not everybodys.filter(pk=found.pk).select_for_update(no_key=True):
        raise Http404


def read(shape: type[BaseSerializer[Any]], request: ApiRequest) -> dict[str, Any]:
    """The body of a request in this shape; raises ValidationError or Refusal."""
    serializer = shape(data=request.data)
    # Forms know nothing but texts.
    if not isinstance(request.data, QueryDict):
        for where in mistaken(serializer, request.data):
            raise invalid(where, "invalid", str(PROBLEMS["wrong_kind"]))
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def asked(shape: type[BaseSerializer[Any]], request: ApiRequest) -> dict[str, Any]:
    """What the query says in this shape, by sources; an empty value is none."""
    query = request.query_params.items()
    serializer = shape(data={name: value or None for name, value in query})
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
