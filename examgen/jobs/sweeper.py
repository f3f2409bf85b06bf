"""The sweeper: periodic work, and jobs that were lost on their way.

It runs as a thread beside every worker, with its own connection and no lock: all it
does is compare-and-set, so any number of sweepers may run at once.
"""

from __future__ import annotations

import random

import structlog
from django.conf import settings
from django.db import Error, connection

from examgen.jobs import ticks
from examgen.jobs.stopping import StopFlag

log = structlog.get_logger(__name__)


def sweep_until(stopping: StopFlag) -> None:
    """Sweep every few seconds, with jitter, until the worker stops."""
    try:
        while not stopping.is_set():
            try:
                sweep()
            except Error:
                log.warning("sweep_failed", exc_info=True)
                connection.close()
            # Jitter keeps many workers from sweeping in step.
            jitter = random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
            stopping.wait(settings.JOB_SWEEP_SECONDS * jitter)
    finally:
        connection.close()


def sweep() -> list[str]:
    """Do once what a sweeper does; returns the names of the ticks that ran.

    Workers that poll find due, lost and expired jobs themselves (`claims.due`), so
    with `EXAMGEN_BELL=none` only the periodic work is left to do.
    """
    return ticks.run_due()
