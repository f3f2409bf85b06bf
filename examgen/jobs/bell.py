"""The bell: tells workers that a job is waiting. The job itself is in the database.

With `EXAMGEN_BELL=none` nobody is rung: workers poll the table.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings


def ring(queue: str, job_id: uuid.UUID) -> None:
    """Ring for one job; never raises and never waits."""
    BELLS[settings.EXAMGEN_BELL](queue, job_id)


def _silence(_queue: str, _job_id: uuid.UUID) -> None:
    """Ring nobody."""


BELLS: dict[str, Callable[[str, uuid.UUID], None]] = {"none": _silence}
