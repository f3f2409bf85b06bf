"""A worker process without a broker: looks for the jobs of its queue by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from time import monotonic

from django.conf import settings
from django.db import Error, close_old_connections

from examgen.jobs import beats, bell, claims, rounds, runner, ticks
from examgen.jobs.clock import now
from examgen.jobs.failures import Failures
from examgen.jobs.stopping import StopFlag
from examgen.jobs.watchdog import Watchdog


class Worker:
    """Runs due jobs of some queues, one at a time, until told to stop."""

    def __init__(self, queues: Sequence[str]) -> None:
        self.queues = tuple(queues)
        self.stopping = StopFlag()
        self._idle = True
        self._failures = Failures()

    def stop(self) -> None:
        """Finish the job at hand, take no other."""
        self.stopping.set()

    def work(self) -> None:
        """Poll until stopped. A database that is away is waited for, not died of."""
        beside = [rounds.start("ticks", ticks.keep, self.stopping)]
        for queue in self.queues:
            dog = Watchdog(queue, self.stopping, room=lambda: self._idle)
            beside += [
                rounds.start("beats", beats.keep, queue, self.stopping),
                rounds.start("watchdog", dog.run),
            ]
        try:
            while not self.stopping.is_set():
                if not self._step():
                    self.stopping.wait(settings.JOB_POLL_SECONDS)
        finally:
            self.stopping.set()
            rounds.join(beside)

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
            self._failures.over()
            if job is None:
                return False
            self._idle = False
            runner.run(job, self.stopping)
        except Error as error:
            self._failures.tell(error, "worker_failed")
            return False
        finally:
            self._idle = True
            close_old_connections()
        return True


def answer(ring: bell.Ring, stopping: StopFlag) -> None:
    """Do what a ring asks for: this job, then for a while whatever else is due.

    The job may be done already, or in other hands: then only the rest is left to do.
    """
    until = monotonic() + settings.JOB_SHIFT_SECONDS
    try:
        if job := claims.claim_one(ring.job):
            runner.run(job, stopping)
        while not stopping.is_set() and monotonic() < until:
            if (job := claims.claim([ring.queue])) is None:
                return
            runner.run(job, stopping)
        _pass_on(ring.queue)
    except Error as error:
        # The sweeper will find the job; the next ring gets a new connection.
        Failures().tell(error, "ring_failed")
    finally:
        close_old_connections()


def _pass_on(queue: str) -> None:
    """Ring for what is left to do, so that somebody goes on at once."""
    left = claims.due([queue], now()).order_by("run_after").first()
    if left is not None:
        bell.ring(bell.Ring(left.id, left.consumer, left.queue))


def _poll(queue: str) -> None:
    worker = Worker([queue])
    # Under the reloader this is no main thread, and ends with its process.
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop())
    worker.work()


POLLING = bell.Bell(send=None, ask=lambda: None, work=_poll)
