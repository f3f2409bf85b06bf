from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError

from examgen.jobs import beats, bell
from examgen.jobs.clock import now
from examgen.jobs.models import Job, Tick
from examgen.jobs.runner import Run
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from examgen.jobs.sweeper import Sweeper
from examgen.jobs.wiring import Every, On
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.faults import failing_database
from tests.examgen.jobs.rows import claimed, effects, fresh, job_for, leave_effect
from tests.examgen.waiting import DEADLINE_SECONDS

AGE = 10**10


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


def test_a_sweep_names_the_periodic_work_that_it_ran(db: None, wire: Wire) -> None:
    wire(periodic=[Every(AGE, list, name="one")])
    assert sweeper().sweep() == ["one"]
    assert sweeper().sweep() == []


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


def test_periodic_work_goes_on_between_rescues(db: None, wire: Wire) -> None:
    order: list[str] = []

    def rescue(run: Run) -> None:
        order.append("job")
        Tick.objects.update(last_slot=-1)

    wire(
        On("tested", rescue, queue="fast"),
        periodic=[Every(AGE, lambda: order.append("tick"), name="one")],
    )
    for _ in range(2):
        overdue(job_for())
    sweeper().sweep()
    assert order == ["tick", "job", "tick", "job", "tick"]


def test_a_sweeper_that_is_to_stop_rescues_no_more(wired: None) -> None:
    stopping = StopFlag()
    stopping.set()
    job = overdue(job_for())
    sweeper(stopping).sweep()
    assert fresh(job).state == JobState.QUEUED


def test_a_sweeper_says_that_its_worker_lives_until_it_ends(
    shared_database: None, wire: Wire, settings
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    stopping = StopFlag()
    seen: list[dict[str, int]] = []

    def work() -> None:
        seen.append(beats.alive())
        stopping.set()

    wire(periodic=[Every(AGE, work, name="one")])
    sweeper(stopping).run()
    assert seen == [{"fast": 1, "heavy": 0}]
    assert beats.alive() == {"fast": 0, "heavy": 0}


def test_sweeping_goes_on_until_the_worker_stops(
    shared_database: None, wire: Wire, settings
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    stopping = StopFlag()
    slots: list[int] = []

    def work() -> None:
        slots.append(len(slots))
        if len(slots) == 2:
            stopping.set()

    wire(periodic=[Every(1, work, name="every second")])
    sweep = threading.Thread(target=sweeper(stopping).run)
    sweep.start()
    sweep.join(DEADLINE_SECONDS)
    assert not sweep.is_alive()
    assert slots == [0, 1]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_does_not_end_the_sweeping(
    shared_database: None, wire: Wire, settings, error: type[Exception]
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    stopping = StopFlag()
    wire(periodic=[Every(AGE, stopping.set, name="one")])
    with failing_database(error, times=2) as failed:
        sweeper(stopping).run()
    assert failed == [error, error]
    assert stopping.is_set()
