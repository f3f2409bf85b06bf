from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from examgen.jobs import claims, invariants
from examgen.jobs.clock import now
from examgen.jobs.invariants import Violation
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs.rows import claimed, happen, job_for, nothing, token

pytestmark = pytest.mark.usefixtures("wired")

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def broken() -> list[Violation]:
    return [found for check in invariants.INVARIANTS for found in check()]


def change(job: Job, **fields: Any) -> None:
    assert Job.objects.filter(id=job.id).update(**fields) == 1


def test_jobs_in_every_rightful_place_break_nothing() -> None:
    happen("unheard")
    job_for()
    claimed(job_for())
    retried, buried, done, cancelled = (claimed(job_for()) for _ in range(4))
    claims.fail(retried, token(retried), code="OSError", detail="")
    buried.errors = 5
    claims.fail(buried, token(buried), code="OSError", detail="")
    claims.finish(done.id, token(done))
    claims.cancel(Job.objects.filter(id=cancelled.id))
    states = sorted(Job.objects.values_list("state", flat=True))
    assert states == ["cancelled", "dead", "done", "queued", "retry", "running"]
    assert broken() == []


def test_an_event_without_one_of_its_jobs_is_named(wire: Wire) -> None:
    def second(run: object) -> None:
        """Listens as well."""

    wire(On("tested", nothing, queue="fast"), On("tested", second, queue="fast"))
    happen()
    event = happen()
    Job.objects.get(key=f"tests.second:{event.id}").delete()
    expected = Violation("jobs", f"event {event.id}", "no job for tests.second")
    assert broken() == [expected]


def test_a_consumer_that_came_later_owes_nothing_to_older_events(wire: Wire) -> None:
    event = happen("unheard")
    wire(On("unheard", nothing, queue="fast"))
    assert event.jobs.count() == 0
    assert broken() == []


def test_an_event_that_is_written_meanwhile_is_not_accused() -> None:
    """Nobody stops the site for the check: rows come between its two queries."""
    happen()
    reads: list[str] = []

    def write_after_the_first_read(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith("SELECT"):
            reads.append(sql)
            if len(reads) == 1:
                happen()
        return result

    with connection.execute_wrapper(write_after_the_first_read):
        assert list(invariants.every_event_has_its_jobs()) == []
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"lease_token": None}, "running with half a lease"),
        ({"lease_until": None}, "running with half a lease"),
        ({"state": JobState.QUEUED}, "queued with half a lease"),
        ({"state": JobState.DONE, "finished_at": _LONG_AGO}, "done with half a lease"),
    ],
)
def test_half_a_lease_is_named(fields: dict[str, Any], problem: str) -> None:
    job = claimed(job_for())
    change(job, **fields)
    assert broken() == [Violation("jobs", f"job {job.id}", problem)]


@pytest.mark.parametrize("state", [JobState.DONE, JobState.CANCELLED])
def test_an_end_without_a_time_is_named(state: JobState) -> None:
    job = job_for()
    change(job, state=state)
    problem = f"{state.value} without an end"
    assert broken() == [Violation("jobs", f"job {job.id}", problem)]


def test_a_death_without_a_reason_is_named() -> None:
    job = job_for()
    change(job, state=JobState.DEAD, finished_at=now())
    assert broken() == [Violation("jobs", f"job {job.id}", "dead without a reason")]


def seconds_ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


@pytest.mark.parametrize(("late", "found"), [(40, 0), (60, 1)])
def test_a_job_that_nobody_takes_is_named_when_two_leases_are_over(
    settings, late: float, found: int
) -> None:
    settings.JOB_LEASE_SECONDS = 10  # patience is 2 x 10 + 30 seconds
    job = job_for()
    change(job, run_after=seconds_ago(late))
    assert [violation.row for violation in broken()] == [f"job {job.id}"] * found


@pytest.mark.parametrize(("late", "found"), [(40, 0), (60, 1)])
def test_a_lost_job_that_nobody_takes_over_is_named_when_two_leases_are_over(
    settings, late: float, found: int
) -> None:
    settings.JOB_LEASE_SECONDS = 10
    job = claimed(job_for())
    change(job, lease_until=seconds_ago(late))
    assert [violation.row for violation in broken()] == [f"job {job.id}"] * found
