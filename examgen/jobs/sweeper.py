"""The sweeper: does jobs that were lost on their way.

It runs as a thread beside every worker that is rung, with its own connection and no
lock: all it does is compare-and-set, so any number of sweepers may run at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.conf import settings

from examgen.jobs import bell, claims, rounds, runner
from examgen.jobs.clock import now
from examgen.jobs.stopping import StopFlag

log = structlog.get_logger(__name__)

# So many lost rings are rung again at once; those who hear them do the rest.
_RINGS = 8


@dataclass(slots=True)
class Sweeper:
    """What stands beside the worker of one queue.

    `room` says whether the worker could take a job now and was given none: then the
    bell was not heard, and the sweeper does the job itself. That is one job at a time,
    so a worker that is given others meanwhile does one more than was asked for, once.
    """

    queue: str
    stopping: StopFlag
    room: Callable[[], bool]
    # Whether it does a job: then the worker is not idle, whatever `room` says.
    busy: bool = field(default=False, init=False)

    def run(self) -> None:
        """Sweep every few seconds until the worker stops."""
        rounds.go(self.sweep, self.stopping, settings.JOB_SWEEP_SECONDS)

    def sweep(self) -> None:
        """Ring again for what is due, and do what is overdue."""
        if self.room():
            self._ring_again()
        while self.room() and not self.stopping.is_set() and self._rescue():
            pass

    def _rescue(self) -> bool:
        """Do the job that is overdue for longest; False when there is none."""
        self.busy = True
        try:
            job = claims.claim([self.queue], overdue=settings.JOB_OVERDUE_SECONDS)
            if job is None:
                return False
            log.info("job_rescued", job=str(job.id), consumer=job.consumer)
            runner.run(job, self.stopping)
        finally:
            self.busy = False
        return True

    def _ring_again(self) -> None:
        """Ring for jobs that nobody came for; whoever hears it does others as well."""
        for job in claims.due([self.queue], now()).order_by("run_after")[:_RINGS]:
            bell.ring(bell.Ring(job.id, job.consumer, job.queue))
