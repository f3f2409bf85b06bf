"""The watchdog: ends a worker that lives and does nothing.

Brokers' clients have been seen to reconnect and then to consume no more. The sweeper
does the jobs then; this is for what nobody foresaw, the sweeper's own end included.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.failures import Failures
from examgen.jobs.models import Job
from examgen.jobs.stopping import StopFlag

log = structlog.get_logger(__name__)

# "Try again": whoever supervises the worker starts it again.
EXIT_CODE = os.EX_TEMPFAIL
# Once is no proof: a worker that was just started, or has just ended a long job, looks
# the same for a moment although it is about to take the next.
_LOOKS = 3


@dataclass(slots=True)
class Watchdog:
    """Watches the worker of one queue; `room` says whether it could take a job."""

    queue: str
    stopping: StopFlag
    room: Callable[[], bool]
    _failures: Failures = field(default_factory=Failures)

    def run(self) -> None:
        """Look ten times per patience until the worker stops, or end the process."""
        in_a_row = 0
        try:
            while not self.stopping.wait(settings.JOB_WATCHDOG_SECONDS / 10):
                in_a_row = in_a_row + 1 if self._is_neglected() else 0
                if in_a_row == _LOOKS:
                    log.critical("worker_does_nothing", queue=self.queue)
                    # Whatever hangs may hang an orderly end as well.
                    os._exit(EXIT_CODE)
        finally:
            connection.close()

    def _is_neglected(self) -> bool:
        close_old_connections()
        try:
            neglected = self.room() and nobody_came(self.queue)
        except Exception as error:  # noqa: BLE001 - told, with its place
            # Nobody can work while the database is away; a restart would not help.
            self._failures.tell(error, "watchdog_failed")
            return False
        self._failures.over()
        return neglected


def nobody_came(queue: str) -> bool:
    """Whether a job waits past all patience and none of its queue was started since."""
    since = now() - timedelta(seconds=settings.JOB_WATCHDOG_SECONDS)
    started = Job.objects.filter(queue=queue, started_at__gte=since)
    return claims.due([queue], since).exists() and not started.exists()
