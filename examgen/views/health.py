"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Ask each part that a page needs; 503 names the ones that do not answer."""
    parts: dict[str, Callable[[], object]] = {
        "database": _ask_database,
        "store": lambda: default_storage.exists("u"),
    }
    answers = {name: _answers(ask) for name, ask in parts.items()}
    status = 200 if all(answers.values()) else 503
    return JsonResponse(
        {name: "ok" if well else "away" for name, well in answers.items()},
        status=status,
    )


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (DatabaseError, OSError):
        return False
    return True
