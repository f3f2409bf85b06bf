"""What people see while the store of files does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from examgen.typing import UserRequest

RETRY_SECONDS = 30


def store_away(request: UserRequest) -> HttpResponse:
    """A page in words; a picture gets it as well, and shows its alternative text."""
    response = render(request, "exams/store_away.html", status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
