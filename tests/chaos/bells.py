"""Celery's bell, going wrong."""

from __future__ import annotations

from dataclasses import replace

from examgen.celery import BELL
from examgen.jobs.bell import Ring

_TIMES = 5


def _lose(_ring: Ring) -> None:
    raise ConnectionError


def _repeat(ring: Ring) -> None:
    assert BELL.send is not None
    for _ in range(_TIMES):
        BELL.send(ring)


LOST = replace(BELL, send=_lose)
REPEATING = replace(BELL, send=_repeat)
