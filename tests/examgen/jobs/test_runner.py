from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from examgen.jobs import claims, runner
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.runner import Run, StoppingError
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import On
from examgen.store import StoreAwayError
from tests.examgen.conftest import Wire
from tests.examgen.jobs.rows import (
    claimed,
    effects,
    expire,
    fresh,
    happen,
    job_for,
    leave_effect,
    run_of,
)
from tests.threads import together

pytestmark = pytest.mark.django_db


# Ending


def test_a_consumer_writes_its_effects_with_the_end_of_its_job(wire: Wire) -> None:
    seen: list[Any] = []

    def consume(run: Run) -> None:
        seen.extend([run.event.data, run.subject, connection.in_atomic_block])
        with run.finish():
            leave_effect()
            seen.append(fresh(run.job).state)

    wire(On("tested", consume, queue="fast"))
    subject = uuid.uuid4()
    event = happen(subject=subject, pages=3)
    job = claimed(event.jobs.get())
    assert runner.run(job) == JobState.DONE
    assert seen == [{"pages": 3}, subject, True, JobState.DONE]
    job = fresh(job)
    assert (job.state, job.lease_token, job.lease_until) == ("done", None, None)
    assert job.finished_at is not None
    assert effects() == 1


def test_a_consumer_works_outside_any_transaction(
    shared_database: None, wire: Wire
) -> None:
    open_while_working: list[bool] = []

    def consume(run: Run) -> None:
        run.progress("working")
        open_while_working.append(connection.in_atomic_block)

    wire(On("tested", consume, queue="fast"))
    assert runner.run(claimed(job_for())) == JobState.DONE
    assert open_while_working == [False]


def test_a_consumer_that_finds_nothing_to_do_is_done(wire: Wire) -> None:
    wire(On("tested", lambda _: None, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.DONE
    assert fresh(job).state == JobState.DONE


def test_the_end_clears_the_error_of_an_earlier_try(wire: Wire) -> None:
    wire(On("tested", lambda _: None, queue="fast"))
    job = job_for()
    Job.objects.update(errors=2, error_code="OSError", error_detail="away")
    runner.run(claimed(job))
    job = fresh(job)
    assert (job.error_code, job.error_detail, job.errors) == ("", "", 2)


def test_an_error_before_the_end_leaves_no_effect(wire: Wire) -> None:
    def consume(run: Run) -> None:
        with run.finish():
            leave_effect()
            raise ZeroDivisionError

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.RETRY
    assert effects() == 0
    job = fresh(job)
    assert (job.state, job.errors, job.error_code) == ("retry", 1, "ZeroDivisionError")
    assert "in consume" in job.error_detail


def test_an_error_after_the_end_changes_nothing(wire: Wire) -> None:
    def consume(run: Run) -> None:
        with run.finish():
            leave_effect()
        raise ZeroDivisionError

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.DONE
    assert effects() == 1
    assert fresh(job).errors == 0


def test_a_job_does_not_end_twice(wire: Wire) -> None:
    def consume(run: Run) -> None:
        for _ in range(2):
            with run.finish():
                leave_effect()

    wire(On("tested", consume, queue="fast"))
    assert runner.run(claimed(job_for())) == JobState.DONE
    assert effects() == 1


def test_six_errors_end_in_a_dead_job_and_one_event(wire: Wire) -> None:
    def consume(run: Run) -> None:
        raise OSError(f"try {run.job.errors + 1}")

    wire(On("tested", consume, queue="fast"))
    job = job_for()
    states = []
    for _ in range(6):
        Job.objects.update(run_after=now())
        states.append(runner.run(claimed(job)))
    assert states == [JobState.RETRY] * 5 + [JobState.DEAD]
    assert "OSError: try 6" in fresh(job).error_detail
    event = Event.objects.get(name="job.dead")
    assert event.data["consumer"] == "tests.consume"
    assert event.subject_id == job.subject


@pytest.mark.parametrize("text", ["\ud800", "nul \0 nul"])
def test_an_error_that_quotes_a_broken_lecture_is_an_error_like_any_other(
    wire: Wire, text: str
) -> None:
    def consume(run: Run) -> None:
        raise ValueError(text)

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.RETRY
    detail = fresh(job).error_detail
    assert "ValueError" in detail
    assert "\0" not in detail


def test_a_consumer_that_this_release_does_not_know_is_tried_again_then_dead(
    wire: Wire,
) -> None:
    wire(On("tested", lambda _: None, queue="fast"))
    job = job_for()
    wire()
    states = []
    for _ in range(6):
        Job.objects.update(run_after=now())
        states.append(runner.run(claimed(job)))
    assert states == [JobState.RETRY] * 5 + [JobState.DEAD]
    job = fresh(job)
    assert job.error_code == "unknown_consumer"
    assert job.error_detail == f"No consumer {job.consumer}."
    assert Event.objects.get(name="job.dead").data["code"] == "unknown_consumer"


# A store that is away


def misses_the_store(run: Run) -> None:
    raise RuntimeError from StoreAwayError("no answer")


def asked_for(job: Job, *, seconds: float) -> None:
    """Let the job be so old, and due."""
    at = now()
    Job.objects.filter(id=job.id).update(
        created_at=at - timedelta(seconds=seconds), run_after=at
    )


def test_a_job_waits_for_the_store_however_often_it_tries(wire: Wire) -> None:
    wire(On("tested", misses_the_store, queue="fast"))
    job = job_for()
    for _ in range(20):
        Job.objects.update(run_after=now())
        assert runner.run(claimed(job)) == JobState.RETRY
    job = fresh(job)
    assert (job.state, job.tries, job.error_code) == ("retry", 0, "store_away")
    assert (job.lease_token, job.lease_until) == (None, None)


@pytest.mark.parametrize(
    ("age", "missed_before", "longest"),
    [
        (7_200, False, 5),
        (4, True, 5),
        (120, True, 30),
        (1_200, True, 300),
        (7_200, True, 600),
        (86_000, True, 600),
    ],
)
def test_the_older_a_job_the_longer_it_waits_for_the_store(
    wire: Wire, settings, age: float, missed_before: bool, longest: float
) -> None:
    settings.JOB_BACKOFF_SECONDS = 5.0
    wire(On("tested", misses_the_store, queue="fast"))
    job = job_for()
    asked_for(job, seconds=age)
    Job.objects.update(error_code="store_away" if missed_before else "")
    before = now()
    assert runner.run(claimed(job)) == JobState.RETRY
    wait = (fresh(job).run_after - before).total_seconds()
    # Half of it at least; a busy machine adds a moment.
    assert longest / 2 <= wait <= longest + 2


def test_a_job_that_missed_the_store_for_a_day_is_given_up(wire: Wire) -> None:
    wire(On("tested", misses_the_store, queue="fast"))
    job = job_for()
    states = []
    for _ in range(6):
        asked_for(job, seconds=86_401)
        states.append(runner.run(claimed(job)))
    assert states == [JobState.RETRY] * 5 + [JobState.DEAD]
    assert (fresh(job).errors, fresh(job).error_code) == (6, "RuntimeError")


def test_a_job_that_was_cancelled_does_not_wait_for_the_store(wire: Wire) -> None:
    def consume(run: Run) -> None:
        claims.cancel(Job.objects.filter(id=run.job.id))
        misses_the_store(run)

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.CANCELLED
    assert (fresh(job).state, fresh(job).error_code) == (JobState.CANCELLED, "")


# The fence


def test_a_worker_that_lost_its_lease_leaves_no_effect(wire: Wire) -> None:
    heirs: list[Job] = []

    def consume(run: Run) -> None:
        expire(run.job)
        heirs.append(claimed(run.job))
        with run.finish():
            leave_effect()

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.RUNNING
    assert effects() == 0
    assert fresh(job).lease_token == heirs[0].lease_token
    with run_of(heirs[0]).finish():
        leave_effect()
    assert fresh(job).state == JobState.DONE
    assert effects() == 1


def test_a_worker_that_lost_its_lease_hears_of_it_when_it_reports(wire: Wire) -> None:
    reached: list[str] = []

    def consume(run: Run) -> None:
        run.progress("first")
        expire(run.job)
        claimed(run.job)
        run.progress("second")
        reached.append("the end")

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.RUNNING
    assert reached == []
    assert fresh(job).stage == "first"


def test_an_error_of_a_worker_that_lost_its_lease_is_not_counted(wire: Wire) -> None:
    def consume(run: Run) -> None:
        expire(run.job)
        claimed(run.job)
        raise ZeroDivisionError

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.RUNNING
    assert (fresh(job).errors, fresh(job).error_code) == (0, "")


def test_of_a_zombie_and_its_heir_that_end_at_once_the_heir_alone_writes(
    shared_database: None, wired: None
) -> None:
    zombie = claimed(job_for())
    expire(zombie)
    heir = claimed(zombie)

    def end(job: Job) -> str:
        try:
            with run_of(job).finish():
                happen("effect", heir=int(job is heir))
        except claims.LeaseLostError:
            return "lost"
        return "done"

    assert together([partial(end, zombie), partial(end, heir)]) == ["lost", "done"]
    assert [event.data for event in Event.objects.filter(name="effect")] == [
        {"heir": 1}
    ]


def test_a_lease_that_ran_out_but_was_not_taken_is_still_good(wire: Wire) -> None:
    def consume(run: Run) -> None:
        expire(run.job)
        with run.finish():
            leave_effect()

    wire(On("tested", consume, queue="fast"))
    assert runner.run(claimed(job_for())) == JobState.DONE
    assert effects() == 1


# Stopping


def test_a_stopping_worker_gives_its_job_back_uncounted(wire: Wire) -> None:
    stopping = StopFlag()

    def consume(run: Run) -> None:
        run.progress("first", 1, 9)
        stopping.set()
        run.progress("second", 2, 9)

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job, stopping) == JobState.QUEUED
    job = fresh(job)
    assert (job.state, job.tries, job.lease_token) == ("queued", 0, None)
    assert job.run_after <= now()
    assert claims.claim(["fast"]) == job


def test_a_stopping_worker_is_heard_even_when_it_just_reported(wired: None) -> None:
    run = run_of(claimed(job_for()))
    run.progress("reading", 1, 100)
    run.stopping.set()
    with pytest.raises(StoppingError):
        run.progress("reading", 2, 100)


def test_a_worker_told_to_stop_still_ends_a_job_that_never_reports(wire: Wire) -> None:
    stopping = StopFlag()

    def consume(run: Run) -> None:
        stopping.set()

    wire(On("tested", consume, queue="fast"))
    assert runner.run(claimed(job_for()), stopping) == JobState.DONE


def test_a_cancelled_job_stops_when_it_reports(wire: Wire) -> None:
    reached: list[str] = []

    def consume(run: Run) -> None:
        run.progress("first")
        claims.cancel(Job.objects.filter(id=run.job.id))
        run.progress("second")
        reached.append("the end")

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.CANCELLED
    assert reached == []
    assert fresh(job).state == JobState.CANCELLED


@pytest.mark.parametrize("error", [ZeroDivisionError, StoppingError])
def test_a_cancelled_job_stays_cancelled_however_its_worker_ends(
    wire: Wire, error: type[Exception]
) -> None:
    def consume(run: Run) -> None:
        claims.cancel(Job.objects.filter(id=run.job.id))
        raise error

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    assert runner.run(job) == JobState.CANCELLED
    assert (fresh(job).state, fresh(job).errors) == (JobState.CANCELLED, 0)
