"""A worker process without a broker: polls its queue, and sweeps beside it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connection

from examgen.jobs import claims, runner, sweeper
from examgen.jobs.stopping import StopFlag

log = structlog.get_logger(__name__)


class Worker:
    """Runs due jobs of some queues, one at a time, until told to stop."""

    def __init__(self, queues: Sequence[str]) -> None:
        self.queues = tuple(queues)
        self.stopping = StopFlag()

    def stop(self) -> None:
        """Finish the job at hand, take no other."""
        self.stopping.set()

    def work(self) -> None:
        """Poll until stopped. A database that is away is waited for, not died of."""
        sweep = threading.Thread(
            target=sweeper.sweep_until, args=(self.stopping,), name="sweeper"
        )
        sweep.start()
        try:
            while not self.stopping.is_set():
                if not self._step():
                    self.stopping.wait(settings.JOB_POLL_SECONDS)
        finally:
            self.stopping.set()
            sweep.join(timeout=5)

    def drain(self) -> int:
        """Run what is due now and return how many jobs that were (for tests)."""
        done = 0
        while not self.stopping.is_set() and (job := claims.claim(self.queues)):
            runner.run(job, self.stopping)
            done += 1
        return done

    def _step(self) -> bool:
        try:
            job = claims.claim(self.queues)
            if job is None:
                return False
            runner.run(job, self.stopping)
        except Error:
            log.exception("database_away")
            connection.close()
            return False
        finally:
            close_old_connections()
        return True
