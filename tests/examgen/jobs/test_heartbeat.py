from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import monotonic

import pytest
from django.db import InterfaceError, OperationalError

from examgen.jobs import claims, heartbeat
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from tests.examgen.jobs.faults import failing_thread
from tests.examgen.jobs.rows import claimed, expire, fresh, job_for, token
from tests.examgen.waiting import wait_for


@pytest.fixture(autouse=True)
def _quick_beats(shared_database: None, wired: None, settings, monkeypatch) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.02
    # The process may have a thread already, which waits for 15 s between beats.
    monkeypatch.setattr(heartbeat, "_thread_of_pid", None)


def lease_of(job: Job) -> datetime:
    until = fresh(job).lease_until
    assert until is not None
    return until


def kept(job: Job) -> AbstractContextManager[None]:
    return heartbeat.keep(job.id, token(job))


def wait_for_a_beat(job: Job) -> None:
    last = lease_of(job)
    wait_for(lambda: lease_of(job) > last, "a longer lease")


def test_a_lease_is_extended_while_the_job_runs() -> None:
    job = claimed(job_for())
    with kept(job):
        for _ in range(3):
            wait_for_a_beat(job)


def test_a_lease_is_not_extended_after_the_job_ended() -> None:
    ended, running = claimed(job_for()), claimed(job_for())
    with kept(running):
        with kept(ended):
            wait_for_a_beat(ended)
        # The beat that was under way ends before the second one from now begins.
        for _ in range(2):
            wait_for_a_beat(running)
        expire(ended)
        wait_for_a_beat(running)
        assert lease_of(ended) < now()


def test_a_beat_does_not_bring_back_a_job_that_was_taken_or_cancelled() -> None:
    lost, cancelled, running = (claimed(job_for()) for _ in range(3))
    expire(lost)
    heir = claimed(lost)
    far = now() + timedelta(hours=1)
    Job.objects.filter(id=lost.id).update(lease_until=far)
    claims.cancel(Job.objects.filter(id=cancelled.id))
    with (
        kept(lost),
        kept(cancelled),
        kept(running),
    ):
        for _ in range(2):
            wait_for_a_beat(running)
    assert (lease_of(lost), fresh(lost).lease_token) == (far, heir.lease_token)
    assert fresh(cancelled).state == JobState.CANCELLED
    assert fresh(cancelled).lease_until is None


def test_one_thread_beats_for_all_jobs_of_a_process() -> None:
    def beating() -> int:
        return sum(thread.name == "heartbeat" for thread in threading.enumerate())

    before = beating()
    jobs = [claimed(job_for()) for _ in range(3)]
    with kept(jobs[0]), kept(jobs[1]), kept(jobs[2]):
        assert beating() == before + 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_beat_that_fails_is_followed_by_another(error: type[Exception]) -> None:
    job = claimed(job_for())
    with failing_thread("heartbeat", error, times=2) as failed, kept(job):
        wait_for_a_beat(job)
    assert failed == [error, error]


def test_the_process_of_a_job_that_hangs_ends_and_its_lease_with_it(
    settings, monkeypatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(heartbeat.os, "_exit", ended.append)
    settings.JOB_LIMIT_SECONDS = 0.2
    job = claimed(job_for())
    with kept(job):
        wait_for_a_beat(job)
        wait_for(lambda: ended, "the end")
        last = lease_of(job)
        wait_for(lambda: len(ended) > 3, "what the end would have spared")
        assert lease_of(job) == last
    assert set(ended) == {75}


def test_a_job_has_its_limit_for_itself(settings, monkeypatch) -> None:
    """However long the process did others before."""
    ended: list[int] = []
    monkeypatch.setattr(heartbeat.os, "_exit", ended.append)
    settings.JOB_LIMIT_SECONDS = 0.5
    began = monotonic()
    while monotonic() - began < 1:
        job = claimed(job_for())
        with kept(job):
            wait_for_a_beat(job)
    assert ended == []
