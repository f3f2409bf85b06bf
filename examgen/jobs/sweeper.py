"""The sweeper: periodic work, signs of life, and jobs that were lost on their way.

It runs as a thread beside every worker, with its own connection and no lock: all it
does is compare-and-set, so any number of sweepers may run at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connection

from examgen.jobs import beats, bell, claims, runner, ticks
from examgen.jobs.clock import now
from examgen.jobs.stopping import StopFlag

log = structlog.get_logger(__name__)

# So many lost rings are rung again at once; those who hear them do the rest.
_RINGS = 8


def never() -> bool:
    """The room of a worker that finds its jobs itself."""
    return False


@dataclass(slots=True)
class Sweeper:
    """What stands beside the worker of one queue.

    `room` says whether the worker could take a job now and was given none: then the
    bell was not heard, and the sweeper does the job itself.
    """

    queue: str
    stopping: StopFlag
    room: Callable[[], bool] = never
    _beat_at: float = float("-inf")

    def run(self) -> None:
        """Sweep every few seconds, with jitter, until the worker stops."""
        try:
            while not self.stopping.is_set():
                try:
                    self.sweep()
                except Error:
                    log.warning("sweep_failed", exc_info=True)
                    connection.close()
                close_old_connections()
                # Jitter keeps many workers from sweeping in step.
                jitter = random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
                self.stopping.wait(settings.JOB_SWEEP_SECONDS * jitter)
            self._leave()
        finally:
            connection.close()

    def sweep(self) -> list[str]:
        """Do once what a sweeper does; returns the names of the ticks that ran."""
        ran = self._tend()
        if self.room():
            self._ring_again()
        while self.room() and not self.stopping.is_set():
            job = claims.claim([self.queue], overdue=settings.JOB_OVERDUE_SECONDS)
            if job is None:
                break
            log.info("job_rescued", job=str(job.id), consumer=job.consumer)
            runner.run(job, self.stopping)
            # A long rescue must not hold up what is due every two seconds.
            ran += self._tend()
        return ran

    def _tend(self) -> list[str]:
        if monotonic() - self._beat_at >= settings.JOB_BEAT_SECONDS:
            beats.beat(self.queue)
            self._beat_at = monotonic()
        return ticks.run_due()

    def _ring_again(self) -> None:
        """Ring for jobs that nobody came for; whoever hears it does others as well."""
        for job in claims.due([self.queue], now()).order_by("run_after")[:_RINGS]:
            bell.ring(bell.Ring(job.id, job.consumer, job.queue))

    def _leave(self) -> None:
        try:
            beats.leave(self.queue)
        except Error:
            log.warning("leaving_unsaid", exc_info=True)
