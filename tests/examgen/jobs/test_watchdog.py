from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from examgen.jobs import watchdog
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.stopping import StopFlag
from examgen.jobs.watchdog import Watchdog, nobody_came
from tests.examgen.jobs.faults import failing_thread
from tests.examgen.jobs.rows import claimed, job_for
from tests.examgen.waiting import DEADLINE_SECONDS, wait_for


@pytest.fixture(autouse=True)
def _patience(settings) -> None:
    settings.JOB_WATCHDOG_SECONDS = 60


def neglected() -> Job:
    """A job that has been due for two minutes."""
    job = job_for()
    Job.objects.filter(id=job.id).update(run_after=now() - timedelta(seconds=120))
    return job


def test_nobody_is_missed_while_nothing_is_due(wired: None) -> None:
    assert not nobody_came("fast")
    job_for()
    assert not nobody_came("fast")


def test_a_job_that_waits_past_all_patience_is_noticed(wired: None) -> None:
    neglected()
    assert nobody_came("fast")
    assert not nobody_came("heavy")


def test_a_backlog_that_is_being_worked_on_is_no_neglect(wired: None) -> None:
    neglected()
    claimed(job_for())
    assert not nobody_came("fast")


def test_the_watchdog_ends_the_process_of_an_idle_worker(
    shared_database: None, wired: None, settings, monkeypatch
) -> None:
    ended: list[int] = []
    settings.JOB_WATCHDOG_SECONDS = 1
    neglected()
    stopping = StopFlag()

    def end(code: int) -> None:
        ended.append(code)
        stopping.set()

    monkeypatch.setattr(watchdog.os, "_exit", end)
    _watch(Watchdog("fast", stopping, room=lambda: True), stopping)
    assert ended == [75]


def test_the_watchdog_spares_a_busy_worker_and_an_absent_database(
    shared_database: None, wired: None, settings, monkeypatch
) -> None:
    ended: list[int] = []
    asked: list[bool] = []
    settings.JOB_WATCHDOG_SECONDS = 0.1
    neglected()
    stopping = StopFlag()
    monkeypatch.setattr(watchdog.os, "_exit", ended.append)

    def room() -> bool:
        """Busy but for the one time at which the database is away."""
        asked.append(True)
        if len(asked) == 5:
            stopping.set()
        return len(asked) == 1

    with failing_thread("watchdog", OperationalError, times=1) as failed:
        _watch(Watchdog("fast", stopping, room), stopping)
    assert failed == [OperationalError]
    assert ended == []


def test_a_worker_between_two_jobs_is_spared(
    shared_database: None, wired: None, settings, monkeypatch
) -> None:
    """What ends a long job has room, and for a moment nothing was started for long."""
    ended: list[int] = []
    looks: list[bool] = []
    settings.JOB_WATCHDOG_SECONDS = 0.1
    neglected()
    stopping = StopFlag()
    monkeypatch.setattr(watchdog.os, "_exit", ended.append)

    def room() -> bool:
        looks.append(len(looks) % 3 != 2)
        if len(looks) == 9:
            stopping.set()
        return looks[-1]

    _watch(Watchdog("fast", stopping, room), stopping)
    assert ended == []


def _watch(dog: Watchdog, stopping: StopFlag) -> None:
    thread = threading.Thread(target=dog.run, name="watchdog")
    thread.start()
    wait_for(stopping.is_set, "the watchdog's word")
    thread.join(DEADLINE_SECONDS)
    assert not thread.is_alive()
