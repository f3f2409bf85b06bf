"""What must always hold for events and jobs. Each function names the broken rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import FINAL, WAITING, JobState


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise: which invariant, which row, and what is wrong with it."""

    invariant: str
    row: str
    problem: str


def every_event_has_its_jobs() -> Iterator[Violation]:
    # Events first: one that is written in between would else miss the jobs it has.
    events = list(Event.objects.exclude(wired=[]).values_list("id", "wired"))
    keys = set(Job.objects.values_list("key", flat=True))
    for event_id, wired in events:
        for name in wired:
            if f"{name}:{event_id}" not in keys:
                yield Violation("jobs", f"event {event_id}", f"no job for {name}")


def every_job_is_in_a_known_place() -> Iterator[Violation]:
    """Queued, running with a lease, or ended with a reason: nothing in between."""
    running = Q(state=JobState.RUNNING)
    half_leased = Job.objects.filter(
        running & (Q(lease_token=None) | Q(lease_until=None))
        | ~running & ~Q(lease_token=None)
    )
    for job in half_leased:
        yield Violation("jobs", f"job {job.id}", f"{job.state} with half a lease")
    for job in Job.objects.filter(state__in=FINAL, finished_at=None):
        yield Violation("jobs", f"job {job.id}", f"{job.state} without an end")
    for job in Job.objects.filter(state=JobState.DEAD, error_code=""):
        yield Violation("jobs", f"job {job.id}", "dead without a reason")


def no_job_is_forgotten() -> Iterator[Violation]:
    """Nobody waits longer than two leases past its time while workers are alive."""
    patience = timedelta(seconds=2 * settings.JOB_LEASE_SECONDS + 30)
    late = now() - patience
    for job in Job.objects.filter(state__in=WAITING, run_after__lt=late):
        yield Violation("jobs", f"job {job.id}", f"waiting since {job.run_after}")
    for job in Job.objects.filter(state=JobState.RUNNING, lease_until__lt=late):
        yield Violation("jobs", f"job {job.id}", f"lease ran out at {job.lease_until}")


INVARIANTS = (
    every_event_has_its_jobs,
    every_job_is_in_a_known_place,
    no_job_is_forgotten,
)
