"""Periodic work without a scheduler: each slot is taken by one conditional UPDATE."""

from __future__ import annotations

import structlog
from django.conf import settings

from examgen.jobs import rounds
from examgen.jobs.clock import now
from examgen.jobs.models import Tick
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import Every, periodic

log = structlog.get_logger(__name__)


def keep(stopping: StopFlag) -> None:
    """Do the periodic work as it comes, until the worker stops.

    In a thread that does no jobs: a long one must not hold up what is due every two
    seconds.
    """
    rounds.go(run_due, stopping, settings.JOB_SWEEP_SECONDS)


def take(name: str, seconds: int) -> bool:
    """Take the current slot of `seconds`; True for exactly one caller per slot."""
    slot = int(now().timestamp()) // seconds
    Tick.objects.get_or_create(name=name)
    return bool(
        Tick.objects.filter(name=name, last_slot__lt=slot).update(last_slot=slot)
    )


def run_due() -> list[str]:
    """Run the periodic work whose slot has come; one failure stops no other."""
    return [every.name for every in periodic() if _run(every)]


def _run(every: Every) -> bool:
    if not take(every.name, every.seconds):
        return False
    try:
        every.work()
    except Exception:
        log.exception("tick_failed", tick=every.name)
    return True
