from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import pytest
from django.db import connection

from examgen.jobs import claims, runner
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.runner import Child, Run, StoppingError
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs.rows import (
    claimed,
    effects,
    expire,
    fresh,
    happen,
    job_for,
    jobs_for,
    leave_effect,
    token,
)
from tests.examgen.jobs.threads import together

pytestmark = pytest.mark.django_db


def run_of(job: Job) -> Run:
    """A claimed job as its consumer is given it."""
    on = On("tested", lambda _: None, queue="fast")
    return Run(job=job, token=token(job), on=on)


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


# Progress


def test_progress_is_kept_for_people_to_see(wired: None) -> None:
    run = run_of(claimed(job_for()))
    run.progress("reading", 3, 18)
    job = fresh(run.job)
    assert (job.stage, job.progress_done, job.progress_total) == ("reading", 3, 18)


def test_progress_is_written_now_and_then_and_at_every_turn(
    wired: None, monkeypatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(runner, "_REPORT_SECONDS", 3600)
    run = run_of(claimed(job_for()))
    with django_assert_num_queries(3):
        for page in range(1, 501):
            run.progress("reading", page, 500)
        run.progress("drafting", 1, 4)
    assert fresh(run.job).stage == "drafting"


def test_progress_is_written_again_after_a_while(wired: None, monkeypatch) -> None:
    monkeypatch.setattr(runner, "_REPORT_SECONDS", 0)
    run = run_of(claimed(job_for()))
    for page in (1, 2, 3):
        run.progress("reading", page, 500)
        assert fresh(run.job).progress_done == page


# Fan-out


def test_a_fan_out_adds_its_children_with_the_end_of_the_job(
    wire: Wire, rings: list[object], django_capture_on_commit_callbacks
) -> None:
    children = [Child(f"mail:{number}", uuid.uuid4()) for number in range(20)]

    def consume(run: Run) -> None:
        with run.finish():
            assert run.enqueue_many(children) == 20

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    rings.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert runner.run(job) == JobState.DONE
        assert rings == []
    assert rings == [("fast", job.id)]
    made = Job.objects.filter(key__startswith="mail:")
    assert {(child.key, child.subject) for child in made} == {
        (child.key, child.subject) for child in children
    }
    assert set(made.values_list("consumer", "queue", "event", "state")) == {
        ("tests.consume", "fast", job.event_id, "queued")
    }
    assert claims.claim(["fast"]) in made


def test_children_are_visible_to_other_workers_after_the_end_and_not_before(
    shared_database: None, wire: Wire
) -> None:
    seen: list[int] = []

    def elsewhere() -> int:
        return Job.objects.filter(key="mail:1").count()

    def consume(run: Run) -> None:
        with run.finish():
            run.enqueue_many([Child("mail:1", uuid.uuid4())])
            seen.extend(together([elsewhere]))

    wire(On("tested", consume, queue="fast"))
    assert runner.run(claimed(job_for())) == JobState.DONE
    assert seen + together([elsewhere]) == [0, 1]


def test_a_repeated_fan_out_adds_nothing(wired: None) -> None:
    subject = uuid.uuid4()
    for _ in range(2):
        run = run_of(claimed(job_for()))
        with run.finish():
            run.enqueue_many([Child("mail:1", subject), Child("mail:2", subject)])
    assert Job.objects.filter(key__startswith="mail:").count() == 2


def test_a_fan_out_of_a_worker_that_lost_its_lease_adds_nothing(wired: None) -> None:
    run = run_of(claimed(job_for()))
    expire(run.job)
    claimed(run.job)
    with pytest.raises(claims.LeaseLostError), run.finish():
        run.enqueue_many([Child("mail:1", uuid.uuid4())])
    assert not Job.objects.filter(key="mail:1").exists()


# Coalescing


def test_one_run_settles_the_jobs_of_its_subject_that_waited(wire: Wire) -> None:
    ran: list[uuid.UUID] = []
    wire(On("tested", lambda run: ran.append(run.job.id), queue="fast", coalesce=True))
    subject = uuid.uuid4()
    jobs = [job_for(subject=subject) for _ in range(4)]
    Job.objects.filter(id=jobs[3].id).update(state=JobState.RETRY)
    other = job_for()
    assert runner.run(claimed(jobs[0])) == JobState.DONE
    assert ran == [jobs[0].id]
    assert {fresh(job).state for job in jobs} == {JobState.DONE}
    assert all(fresh(job).finished_at for job in jobs)
    assert fresh(other).state == JobState.QUEUED


def test_a_job_that_is_committed_during_the_run_stays(wire: Wire) -> None:
    subject = uuid.uuid4()
    late: list[Job] = []

    def consume(run: Run) -> None:
        if not late:
            late.append(job_for(subject=subject))
        with run.finish():
            leave_effect()

    wire(On("tested", consume, queue="fast", coalesce=True))
    early, waiting = job_for(subject=subject), job_for(subject=subject)
    assert runner.run(claimed(early)) == JobState.DONE
    assert fresh(waiting).state == JobState.DONE
    assert fresh(late[0]).state == JobState.QUEUED
    assert runner.run(claimed(late[0])) == JobState.DONE
    assert effects() == 2


def test_a_waiting_sibling_that_another_worker_took_meanwhile_is_left_to_it(
    wire: Wire,
) -> None:
    taken: list[Job] = []

    def consume(run: Run) -> None:
        (sibling,) = Job.objects.filter(state=JobState.QUEUED)
        taken.append(claimed(sibling))

    wire(On("tested", consume, queue="fast", coalesce=True))
    subject = uuid.uuid4()
    job, sibling = job_for(subject=subject), job_for(subject=subject)
    assert runner.run(claimed(job)) == JobState.DONE
    assert taken == [sibling]
    assert fresh(sibling).state == JobState.RUNNING
    assert fresh(sibling).lease_token == taken[0].lease_token


def test_a_run_that_fails_settles_nobody(wire: Wire) -> None:
    def consume(run: Run) -> None:
        raise ZeroDivisionError

    wire(On("tested", consume, queue="fast", coalesce=True))
    subject = uuid.uuid4()
    job, sibling = job_for(subject=subject), job_for(subject=subject)
    assert runner.run(claimed(job)) == JobState.RETRY
    assert fresh(sibling).state == JobState.QUEUED


def test_jobs_of_other_consumers_and_without_coalescing_are_not_settled(
    wire: Wire,
) -> None:
    def coalescing(run: Run) -> None:
        """Settles its siblings."""

    def apart(run: Run) -> None:
        """Does not."""

    wire(
        On("tested", coalescing, queue="fast", coalesce=True),
        On("tested", apart, queue="fast"),
    )
    subject = uuid.uuid4()
    first, second = jobs_for(subject=subject), jobs_for(subject=subject)
    for job in first:
        assert runner.run(claimed(job)) == JobState.DONE
    assert {fresh(job).consumer: fresh(job).state for job in second} == {
        "tests.coalescing": JobState.DONE,
        "tests.apart": JobState.QUEUED,
    }
