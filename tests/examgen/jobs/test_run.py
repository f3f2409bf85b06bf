"""What a run offers its consumer: progress, fan-out, coalescing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from examgen.jobs import bell, claims, runner
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.runner import Child, Run
from examgen.jobs.states import JobState
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import (
    claimed,
    effects,
    expire,
    fresh,
    job_for,
    jobs_for,
    leave_effect,
    run_of,
)
from tests.threads import together

pytestmark = pytest.mark.django_db


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
    wire: Wire, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    children = [Child(f"mail:{number}", uuid.uuid4()) for number in range(20)]

    def consume(run: Run) -> None:
        with run.finish():
            assert run.enqueue_many(children) == 20

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    with django_capture_on_commit_callbacks(execute=True):
        assert runner.run(job) == JobState.DONE
        assert belfry.rings() == []
    assert belfry.rings() == [bell.Ring(job.id, "tests.consume", "fast")]
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


def test_a_child_may_start_later_and_is_heard_by_nobody_before(
    wire: Wire, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    later = now() + timedelta(minutes=15)
    children = [Child("board:1", uuid.uuid4(), run_after=later)]

    def consume(run: Run) -> None:
        with run.finish():
            run.enqueue_many(children)

    wire(On("tested", consume, queue="fast"))
    job = claimed(job_for())
    with django_capture_on_commit_callbacks(execute=True):
        assert runner.run(job) == JobState.DONE
    assert belfry.rings() == []
    assert Job.objects.get(key="board:1").run_after == later
    assert claims.claim(["fast"]) is None


def test_a_child_may_be_for_another_consumer_and_goes_into_its_queue(
    wire: Wire, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    ran: list[uuid.UUID] = []

    def deliver(run: Run) -> None:
        ran.append(run.subject)

    def consume(run: Run) -> None:
        with run.finish():
            run.enqueue_many([Child("mail:1", subject, consumer="tests.deliver")])

    wire(On("tested", consume, queue="heavy"), On("asked", deliver, queue="fast"))
    subject = uuid.uuid4()
    job = job_for()
    with django_capture_on_commit_callbacks(execute=True):
        assert runner.run(claimed(job)) == JobState.DONE
    assert [ring.queue for ring in belfry.rings()] == ["fast"]
    child = claims.claim(["fast"])
    assert child is not None
    assert (child.key, child.event_id) == ("mail:1", job.event_id)
    assert runner.run(child) == JobState.DONE
    assert ran == [subject]


# Putting back


def test_a_job_that_is_put_back_waits_uncounted_and_says_why(wire: Wire) -> None:
    later = now() + timedelta(hours=1)

    def consume(run: Run) -> None:
        with run.postpone(later, "server_away"):
            leave_effect()

    wire(On("tested", consume, queue="fast"))
    job = job_for()
    for _ in range(10):
        Job.objects.update(run_after=now())
        assert runner.run(claimed(job)) == JobState.RETRY
    assert effects() == 10
    job = fresh(job)
    assert (job.state, job.errors, job.lost_leases) == (JobState.RETRY, 0, 0)
    assert (job.run_after, job.error_code) == (later, "server_away")
    assert (job.lease_token, job.lease_until, job.finished_at) == (None, None, None)
    assert claims.claim(["fast"]) is None


def test_a_worker_that_lost_its_lease_puts_nothing_back(wired: None) -> None:
    run = run_of(claimed(job_for()))
    expire(run.job)
    heir = claimed(run.job)
    with (
        pytest.raises(claims.LeaseLostError),
        run.postpone(now() + timedelta(hours=1), "server_away"),
    ):
        leave_effect()
    assert effects() == 0
    assert fresh(heir).state == JobState.RUNNING
    assert fresh(heir).lease_token == heir.lease_token


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
