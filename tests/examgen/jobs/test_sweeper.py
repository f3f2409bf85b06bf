from __future__ import annotations

import threading
from datetime import timedelta

from examgen.jobs import bell
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.runner import Run
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.sweeper import Sweeper
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import claimed, effects, fresh, job_for, leave_effect
from tests.examgen.waiting import DEADLINE_SECONDS, wait_for


def sweeper(stopping: StopFlag | None = None, *, room: bool = True) -> Sweeper:
    return Sweeper("fast", stopping or StopFlag(), room=lambda: room)


def overdue(job: Job) -> Job:
    """The job as one that should have been started ten seconds ago."""
    late = now() - timedelta(seconds=10)
    assert Job.objects.filter(id=job.id).update(run_after=late) == 1
    return job


def effect(run: Run) -> None:
    with run.finish():
        leave_effect()


def test_jobs_that_nobody_came_for_are_run(db: None, wire: Wire) -> None:
    wire(On("tested", effect, queue="fast"), On("heavy", effect, queue="heavy"))
    jobs = [overdue(job_for()) for _ in range(3)]
    others = overdue(job_for("heavy"))
    sweeper().sweep()
    assert {fresh(job).state for job in jobs} == {JobState.DONE}
    assert fresh(others).state == JobState.QUEUED
    assert effects() == 3


def test_a_job_that_has_just_come_is_left_to_those_who_were_rung(
    wired: None, belfry_bell: None
) -> None:
    job = job_for()
    sweeper().sweep()
    assert fresh(job).state == JobState.QUEUED
    assert belfry.rings() == [bell.Ring(job.id, "tests.nothing", "fast")]


def test_a_worker_without_room_is_not_helped(wired: None, belfry_bell: None) -> None:
    job = overdue(job_for())
    sweeper(room=False).sweep()
    assert fresh(job).state == JobState.QUEUED
    assert belfry.rings() == []


def test_lost_rings_are_rung_again_a_few_at_a_time(
    db: None, wire: Wire, belfry_bell: None
) -> None:
    wire(On("tested", effect, queue="fast"))
    for _ in range(20):
        job_for()
    sweeper().sweep()
    assert len(belfry.rings()) == 8


def test_a_job_whose_worker_died_is_run(wired: None) -> None:
    job = claimed(job_for())
    late = now() - timedelta(seconds=10)
    Job.objects.filter(id=job.id).update(lease_until=late)
    sweeper().sweep()
    assert (fresh(job).state, fresh(job).lost_leases) == (JobState.DONE, 1)


def test_a_sweeper_that_is_to_stop_rescues_no_more(wired: None) -> None:
    stopping = StopFlag()
    stopping.set()
    job = overdue(job_for())
    sweeper(stopping).sweep()
    assert fresh(job).state == JobState.QUEUED


def test_a_sweeper_is_busy_while_it_does_a_job(db: None, wire: Wire) -> None:
    seen: list[bool] = []
    sweeping = sweeper()
    wire(On("tested", lambda _: seen.append(sweeping.busy), queue="fast"))
    overdue(job_for())
    sweeping.sweep()
    assert (seen, sweeping.busy) == ([True], False)


def test_a_sweeper_goes_on_until_the_worker_stops(
    shared_database: None, wire: Wire, settings
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    wire(On("tested", effect, queue="fast"))
    stopping = StopFlag()
    thread = threading.Thread(target=sweeper(stopping).run)
    thread.start()
    for done in (1, 2):
        overdue(job_for())
        wait_for(lambda done=done: effects() == done, "a rescue")  # type: ignore[misc]
    stopping.set()
    thread.join(DEADLINE_SECONDS)
    assert not thread.is_alive()
