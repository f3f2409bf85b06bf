"""The reference of the API for people: a plain page, made from the schema."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.reference import Reference, reference
from api.views.schema import document

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation and shape; it knows no more than the schema, which is open."""
    return render(request, "api/docs.html", {"reference": _reference()})


@cache
def _reference() -> Reference:
    return reference(document())
