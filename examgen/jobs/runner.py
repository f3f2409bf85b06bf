"""Running one claimed job: work outside any transaction, write behind a fence."""

from __future__ import annotations

import random
import traceback
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import Error, connection, transaction

from examgen.jobs import bell, claims, heartbeat
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import On, consumer
from examgen.outage import database_is_away, store_is_away

log = structlog.get_logger(__name__)

# Progress is for people: more writes than this would cost more than they tell.
_REPORT_SECONDS = 0.25
# What the row of a job says that waits for the store.
_STORE_AWAY = "store_away"


class StoppingError(Exception):
    """The worker is asked to stop: the job goes back to the queue, uncounted."""


@dataclass(frozen=True, slots=True)
class Child:
    """One job of a fan-out: `key` is unique for ever, `subject` is its own.

    `consumer` names who does it, by default whoever adds it; `run_after` is a later
    start than now.
    """

    key: str
    subject: uuid.UUID
    consumer: str = ""
    run_after: datetime | None = None


@dataclass(slots=True)
class Run:
    """What a consumer is given: its job, and the only ways to report and to finish.

    Do the work first, then open `finish()` and write the results inside it.
    """

    job: Job
    token: uuid.UUID
    on: On
    stopping: StopFlag = field(default_factory=StopFlag)
    finished: bool = False
    postponed: bool = False
    _siblings: tuple[uuid.UUID, ...] = ()
    _reported: tuple[str, float] = field(default=("", 0.0))

    @property
    def event(self) -> Event:
        return self.job.event

    @property
    def subject(self) -> uuid.UUID:
        return self.job.subject

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Persist where the work stands.

        Raises LeaseLostError when the job was taken or cancelled, StoppingError when
        the worker is to stop: long work calls this often, so that both are quick.
        """
        if self.stopping.is_set():
            raise StoppingError
        last_stage, at = self._reported
        if stage == last_stage and done < total and monotonic() - at < _REPORT_SECONDS:
            return
        claims.report(self.job.id, self.token, stage=stage, done=done, total=total)
        self._reported = (stage, monotonic())

    @contextmanager
    def finish(self) -> Iterator[None]:
        """Open the last transaction: effects, follow-up events and `done` together.

        It begins by re-checking the lease, so a worker that was taken for dead can
        never write. An exception inside rolls everything back.
        """
        with transaction.atomic():
            claims.finish(self.job.id, self.token)
            claims.settle(self._siblings)
            yield
        self.finished = True

    @contextmanager
    def checkpoint(self, stage: str, done: int, total: int) -> Iterator[None]:
        """Open a transaction that keeps a part of the work, and how far it has come.

        It is behind the same fence as the last one. A run that follows must see what
        is kept, and go on from there.
        """
        with transaction.atomic():
            claims.report(self.job.id, self.token, stage=stage, done=done, total=total)
            yield

    @contextmanager
    def postpone(self, until: datetime, code: str) -> Iterator[None]:
        """Open a last transaction that puts the job back until then, uncounted.

        For what is nobody's error and may take days, such as a mail server that is
        away: six errors would end it within minutes. `code` is what the operator sees.
        """
        with transaction.atomic():
            claims.postpone(self.job.id, self.token, until=until, code=code)
            yield
        self.finished = self.postponed = True

    def enqueue_many(self, children: Iterable[Child]) -> int:
        """Add one job per child; only inside `finish()`.

        Keys that exist already are left alone, so a repeated fan-out adds nothing.
        """
        at = now()
        jobs = [self._job_of(child, at) for child in children]
        # bulk_create sends no post_save: 2,000 children ring once, here. Whoever hears
        # it finds this job done, and goes on to what else is due.
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
        for queue in {job.queue for job in jobs if job.run_after <= at}:
            self._ring_on_commit(queue)
        return len(jobs)

    def _job_of(self, child: Child, at: datetime) -> Job:
        on = consumer(child.consumer) if child.consumer else self.on
        assert on is not None, f"No consumer {child.consumer}."
        return Job(
            key=child.key,
            consumer=child.consumer or self.job.consumer,
            queue=on.queue if child.consumer else self.job.queue,
            event=self.job.event,
            subject=child.subject,
            run_after=child.run_after or at,
            created_at=at,
        )

    def _ring_on_commit(self, queue: str) -> None:
        call = bell.Ring(self.job.id, self.job.consumer, queue)
        transaction.on_commit(lambda: bell.ring(call))


def run(job: Job, stopping: StopFlag | None = None) -> JobState:
    """Run a claimed job to its end and return the state it is left in.

    Never raises for what the consumer does: an error is counted and tried again.
    """
    token = job.lease_token
    assert token is not None, "run() takes claimed jobs"
    on = consumer(job.consumer)
    if on is None:
        detail = f"No consumer {job.consumer}."
        claims.fail(job, token, code="unknown_consumer", detail=detail)
        return claims.state_of(job.id)
    this = Run(job=job, token=token, on=on, stopping=stopping or StopFlag())
    if on.coalesce:
        # Only what is visible before the consumer reads may be settled by it: a job
        # committed later tells of a change that this run may not see.
        this._siblings = claims.waiting_siblings(job)  # noqa: SLF001
    started = monotonic()
    with (
        structlog.contextvars.bound_contextvars(
            # Not "event": that is what structlog calls the sentence of a line.
            job=str(job.id),
            consumer=job.consumer,
            event_id=str(job.event_id),
        ),
        heartbeat.keep(job.id, token),
    ):
        try:
            on.consumer(this)
            if not this.finished:
                with this.finish():
                    pass
        except claims.LeaseLostError:
            log.warning("lease_lost")
        except StoppingError:
            claims.release(job.id, token)
        except Exception as error:
            if store_is_away(error) and (until := _later(job)):
                log.warning("job_waits", code=_STORE_AWAY)
                with suppress(claims.LeaseLostError):
                    claims.postpone(job.id, token, until=until, code=_STORE_AWAY)
                return claims.state_of(job.id)
            log.warning("job_failed", error=type(error).__name__, exc_info=True)
            _fail(job, token, error, this.stopping)
        else:
            if this.postponed:
                return JobState.RETRY
            log.info("job_done", ms=round((monotonic() - started) * 1000))
            return JobState.DONE
    # Of a job that was lost, cancelled or taken meanwhile, only the row knows.
    return claims.state_of(job.id)


def _fail(job: Job, token: uuid.UUID, error: Exception, stopping: StopFlag) -> None:
    if database_is_away(error) and not _connected():
        _drop(job, token, stopping)
    else:
        code, detail = type(error).__name__, _detail(error)
        claims.fail(job, token, code=code, detail=detail)


def _later(job: Job) -> datetime | None:
    """When a job that misses the store may try again; None once it is too old for it.

    It waits for a quarter of its age, so a store that was away for an hour is asked
    every few minutes, and one that blinked is asked again at once.
    """
    at = now()
    age = (at - job.created_at).total_seconds()
    if age > settings.JOB_STORE_SECONDS:
        return None
    missed_before = job.error_code == _STORE_AWAY
    wait = max(age / 4 if missed_before else 0, settings.JOB_BACKOFF_SECONDS)
    # Jobs that missed the store together do not come back together.
    jitter = random.uniform(0.5, 1)  # noqa: S311 - nothing secret
    return at + timedelta(seconds=min(wait, settings.JOB_BACKOFF_CAP_SECONDS) * jitter)


def _connected() -> bool:
    return connection.connection is not None and connection.is_usable()


def _drop(job: Job, token: uuid.UUID, stopping: StopFlag) -> None:
    """Wait for the database to come back, then let another run begin at once.

    The job is not to blame, so it counts as a lost lease, without waiting for its end.
    """
    until = monotonic() + settings.JOB_LEASE_SECONDS
    while not stopping.is_set() and monotonic() < until:
        connection.close()
        try:
            claims.drop(job.id, token)
        except Error:
            stopping.wait(settings.JOB_POLL_SECONDS)
        else:
            return


def _detail(error: Exception) -> str:
    """The traceback, in characters that every database takes.

    Messages quote lectures, and those may hold NUL characters and lone surrogates.
    """
    lines = "".join(traceback.format_exception(error))[-8000:]
    return lines.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
