"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from examgen.jobs import beats, bell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

log = structlog.get_logger(__name__)


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Ask every part; 503 when one is away that pages cannot do without.

    Without broker or workers pages go on and work waits in its table: that is told as
    "degraded" with 200, since no other web process would do better.
    """
    alive: dict[str, int] = {}

    def ask_database() -> None:
        """Read a table, since a database without tables serves nobody either."""
        alive.update(beats.alive())

    needed = {"database": _answers(ask_database), "store": _answers(_ask_store)}
    missed = {}
    if bell.current().send is not None:
        missed["broker"] = _answers(_ask_broker)
    missed |= {f"worker-{queue}": number > 0 for queue, number in alive.items()}
    ready, whole = all(needed.values()), all(missed.values())
    parts = {name: "ok" if well else "away" for name, well in (needed | missed).items()}
    status = "away" if not ready else "ok" if whole else "degraded"
    return JsonResponse({"status": status} | parts, status=200 if ready else 503)


def _ask_store() -> None:
    default_storage.exists("u")


def _ask_broker() -> None:
    bell.current().ask()


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - whatever says no, the part is away
        log.warning("part_away", part=ask.__name__, error=type(error).__name__)
        return False
    return True
