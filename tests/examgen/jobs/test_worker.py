from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import InterfaceError, OperationalError, connection

from examgen.jobs import bell
from examgen.jobs.models import Job
from examgen.jobs.runner import Run
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import Every, On
from examgen.jobs.worker import Worker, answer
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.faults import failing_database
from tests.examgen.jobs.rows import effects, fresh, happen, job_for, leave_effect
from tests.examgen.waiting import DEADLINE_SECONDS, wait_for


@pytest.fixture(autouse=True)
def _quick(settings) -> None:
    settings.JOB_POLL_SECONDS = 0.01
    settings.JOB_SWEEP_SECONDS = 0.01


@contextmanager
def working(*queues: str) -> Iterator[Worker]:
    """A worker in a thread of its own, stopped at the end."""
    worker = Worker(queues)

    def work() -> None:
        try:
            worker.work()
        finally:
            connection.close()

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(DEADLINE_SECONDS)
    assert not thread.is_alive()


def effect(run: Run) -> None:
    with run.finish():
        leave_effect()


def test_draining_runs_what_is_due_and_counts_it(db: None, wire: Wire) -> None:
    wire(On("tested", effect, queue="fast"), On("heavy", effect, queue="heavy"))
    for name in ("tested", "tested", "heavy"):
        happen(name)
    assert Worker(["fast"]).drain() == 2
    assert Worker(["fast", "heavy"]).drain() == 1
    assert Worker(["fast", "heavy"]).drain() == 0
    assert effects() == 3


def test_draining_follows_the_events_of_the_jobs_it_runs(db: None, wire: Wire) -> None:
    def first(run: Run) -> None:
        with run.finish():
            happen("second")

    wire(On("first", first, queue="fast"), On("second", effect, queue="fast"))
    happen("first")
    assert Worker(["fast"]).drain() == 2
    assert effects() == 1


def test_a_worker_runs_the_jobs_of_its_queue_as_they_come(
    shared_database: None, wire: Wire
) -> None:
    wire(On("tested", effect, queue="fast"), On("heavy", effect, queue="heavy"))
    with working("fast"):
        happen()
        wait_for(lambda: effects() == 1, "the first effect")
        happen()
        wait_for(lambda: effects() == 2, "the second effect")
        heavy = happen("heavy").jobs.get()
        happen()
        wait_for(lambda: effects() == 3, "the third effect")
    assert fresh(heavy).state == JobState.QUEUED


def test_many_workers_run_every_job_once(shared_database: None, wire: Wire) -> None:
    wire(On("tested", effect, queue="fast"))
    with working("fast"), working("fast"), working("fast"):
        for _ in range(30):
            happen()
        wait_for(
            lambda: Job.objects.filter(state=JobState.DONE).count() == 30, "all done"
        )
    assert effects() == 30


def test_a_stopped_worker_ends_the_job_at_hand_and_takes_no_other(
    shared_database: None, wire: Wire
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def consume(run: Run) -> None:
        begun.set()
        go_on.wait(DEADLINE_SECONDS)

    wire(On("tested", consume, queue="fast"))
    first, second = job_for(), job_for()
    with working("fast") as worker:
        assert begun.wait(DEADLINE_SECONDS)
        worker.stop()
        go_on.set()
    assert fresh(first).state == JobState.DONE
    assert fresh(second).state == JobState.QUEUED


def test_a_stopped_worker_gives_back_a_long_job(
    shared_database: None, wire: Wire
) -> None:
    begun = threading.Event()

    def consume(run: Run) -> None:
        while True:
            run.progress("working", 1, 9)
            begun.set()

    wire(On("tested", consume, queue="fast"))
    job = job_for()
    with working("fast"):
        assert begun.wait(DEADLINE_SECONDS)
    job = fresh(job)
    assert (job.state, job.tries, job.lease_token) == ("queued", 0, None)
    assert job.stage == "working"


def test_a_job_that_fails_does_not_keep_a_worker_from_the_next(
    shared_database: None, wire: Wire
) -> None:
    def fails(run: Run) -> None:
        raise ValueError("\ud800")

    wire(On("fails", fails, queue="fast"), On("tested", effect, queue="fast"))
    with working("fast"):
        job = job_for("fails")
        happen()
        wait_for(lambda: effects() == 1, "the next job")
        wait_for(lambda: fresh(job).state == JobState.DEAD, "six errors")
    assert fresh(job).errors == 6


def test_a_worker_does_the_periodic_work_beside_its_jobs(
    shared_database: None, wire: Wire
) -> None:
    begun, swept = threading.Event(), threading.Event()

    def consume(run: Run) -> None:
        begun.set()
        assert swept.wait(DEADLINE_SECONDS)

    def sweep() -> None:
        assert begun.wait(DEADLINE_SECONDS)
        swept.set()

    wire(
        On("tested", consume, queue="fast"), periodic=[Every(10**10, sweep, name="one")]
    )
    job = job_for()
    with working("fast"):
        wait_for(lambda: fresh(job).state == JobState.DONE, "the job's end")
    assert fresh(job).errors == 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_worker_waits_for_a_database_that_is_away(
    shared_database: None, wire: Wire, error: type[Exception]
) -> None:
    worker = Worker(["fast"])

    def consume(run: Run) -> None:
        worker.stop()

    wire(On("tested", consume, queue="fast"))
    job = job_for()
    with failing_database(error, times=3) as failed:
        worker.work()
    assert failed == [error] * 3
    assert fresh(job).state == JobState.DONE


# Answering a ring


def ring_of(job: Job) -> bell.Ring:
    return bell.Ring(job.id, job.consumer, job.queue)


def test_who_is_rung_goes_on_with_whatever_else_is_due(
    shared_database: None, wire: Wire
) -> None:
    wire(On("tested", effect, queue="fast"), On("heavy", effect, queue="heavy"))
    jobs = [job_for() for _ in range(3)]
    other = job_for("heavy")
    answer(ring_of(jobs[2]), StopFlag())
    assert {fresh(job).state for job in jobs} == {JobState.DONE}
    assert fresh(other).state == JobState.QUEUED
    assert effects() == 3


def test_a_job_is_done_once_however_often_it_is_rung(
    shared_database: None, wire: Wire
) -> None:
    wire(On("tested", effect, queue="fast"))
    job = job_for()
    for _ in range(5):
        answer(ring_of(job), StopFlag())
    assert effects() == 1


def test_a_shift_that_is_over_rings_for_the_rest(
    shared_database: None, wire: Wire, settings, belfry_bell: None
) -> None:
    settings.JOB_SHIFT_SECONDS = 0
    wire(On("tested", effect, queue="fast"))
    first, second, third = (job_for() for _ in range(3))
    belfry.rings()
    belfry.clear()
    answer(ring_of(first), StopFlag())
    assert fresh(first).state == JobState.DONE
    assert fresh(second).state == fresh(third).state == JobState.QUEUED
    assert belfry.rings() == [ring_of(second)]


def test_who_is_to_stop_passes_the_rest_on(
    shared_database: None, wire: Wire, belfry_bell: None
) -> None:
    stopping = StopFlag()

    def last(run: Run) -> None:
        stopping.set()

    wire(On("tested", last, queue="fast"))
    first, second = job_for(), job_for()
    belfry.rings()
    belfry.clear()
    answer(ring_of(first), stopping)
    assert fresh(first).state == JobState.DONE
    assert fresh(second).state == JobState.QUEUED
    assert belfry.rings() == [ring_of(second)]


def test_a_ring_while_the_database_is_away_is_forgotten(
    shared_database: None, wire: Wire
) -> None:
    wire(On("tested", effect, queue="fast"))
    job = job_for()
    with failing_database(OperationalError, times=1) as failed:
        answer(ring_of(job), StopFlag())
    assert failed == [OperationalError]
    assert fresh(job).state == JobState.QUEUED
    answer(ring_of(job), StopFlag())
    assert fresh(job).state == JobState.DONE
