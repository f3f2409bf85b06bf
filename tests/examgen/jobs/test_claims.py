from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import FINAL, JobState
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs.rows import (
    claimed,
    expire,
    fresh,
    happen,
    job_for,
    nothing,
    token,
)
from tests.threads import together


def dead_events() -> list[Event]:
    return list(Event.objects.filter(name="job.dead"))


# Taking


def test_a_claim_holds_the_job_for_one_lease(wired: None, settings) -> None:
    settings.JOB_LEASE_SECONDS = 40
    before = now()
    job = claimed(job_for())
    assert job.state == JobState.RUNNING
    assert job.lease_token is not None
    assert job.lease_until is not None
    assert before + timedelta(seconds=40) <= job.lease_until
    assert job.lease_until <= now() + timedelta(seconds=40)
    assert job.tries == 0


def test_a_held_job_is_not_taken(wired: None) -> None:
    job = claimed(job_for())
    assert claims.claim_one(job.id) is None
    assert claims.claim(["fast"]) is None
    assert fresh(job).lease_token == job.lease_token


@pytest.mark.parametrize("state", FINAL)
def test_a_job_at_its_end_is_not_taken(wired: None, state: JobState) -> None:
    job = job_for()
    Job.objects.update(state=state)
    assert claims.claim_one(job.id) is None
    assert claims.claim(["fast"]) is None


def test_a_job_is_not_taken_before_its_time(wired: None) -> None:
    job = job_for()
    Job.objects.update(state=JobState.RETRY, run_after=now() + timedelta(minutes=1))
    assert claims.claim_one(job.id) is None
    assert claims.claim(["fast"]) is None
    Job.objects.update(run_after=now())
    assert claims.claim(["fast"]) == job


def test_the_job_that_waits_longest_is_taken_first(wired: None) -> None:
    jobs = [job_for() for _ in range(3)]
    Job.objects.filter(id=jobs[2].id).update(run_after=now() - timedelta(minutes=1))
    taken = [claims.claim(["fast"]) for _ in range(4)]
    assert taken == [jobs[2], jobs[0], jobs[1], None]


def test_a_worker_takes_jobs_of_its_queues_only(db: None, wire: Wire) -> None:
    wire(On("tested", nothing, queue="heavy"))
    job = job_for()
    assert claims.claim(["fast"]) is None
    assert claims.claim(["fast", "heavy"]) == job


def test_of_many_workers_exactly_one_takes_a_job(
    shared_database: None, wired: None
) -> None:
    for _ in range(5):
        job = job_for()
        taken = together([partial(claims.claim_one, job.id)] * 8)
        (winner,) = [claim for claim in taken if claim is not None]
        assert fresh(job).lease_token == winner.lease_token


def test_many_workers_share_many_jobs_without_taking_one_twice(
    shared_database: None, wired: None
) -> None:
    jobs = {job_for().id for _ in range(30)}

    def take_all() -> list[uuid.UUID]:
        taken = []
        while job := claims.claim(["fast"]):
            taken.append(job.id)
        return taken

    taken = Counter(job_id for mine in together([take_all] * 4) for job_id in mine)
    assert taken == Counter(jobs)


def test_of_many_workers_exactly_one_takes_over_a_lost_job(
    shared_database: None, wired: None
) -> None:
    job = claimed(job_for())
    expire(job)
    taken = together([partial(claims.claim_one, job.id)] * 8)
    assert len([claim for claim in taken if claim is not None]) == 1
    assert fresh(job).lost_leases == 1


# Losing the lease


def test_a_job_whose_lease_ran_out_is_taken_over_and_counted(wired: None) -> None:
    first = claimed(job_for())
    expire(first)
    second = claims.claim(["fast"])
    assert second == first
    assert second is not None
    assert second.lease_token != first.lease_token
    assert (second.lost_leases, second.errors, second.tries) == (1, 0, 1)


def test_after_ten_lost_leases_a_job_is_dead_and_says_so(wired: None) -> None:
    job = job_for()
    for lost in range(10):
        assert claimed(job).lost_leases == lost
        expire(job)
    assert claims.claim(["fast"]) is None
    job = fresh(job)
    assert (job.state, job.lost_leases, job.errors) == (JobState.DEAD, 10, 0)
    assert job.error_code == "worker_lost"
    assert job.error_detail
    assert job.finished_at is not None
    assert (job.lease_token, job.lease_until) == (None, None)
    (event,) = dead_events()
    assert (event.subject_type, event.subject_id) == ("thing", job.subject)
    assert event.data == {
        "consumer": "tests.nothing",
        "job": str(job.id),
        "code": "worker_lost",
    }


def test_of_many_workers_that_bury_a_job_one_tells_of_it(
    shared_database: None, wired: None
) -> None:
    job = claimed(job_for())
    Job.objects.update(lost_leases=9)
    expire(job)
    assert together([partial(claims.claim_one, job.id)] * 8) == [None] * 8
    assert fresh(job).state == JobState.DEAD
    assert len(dead_events()) == 1


def test_a_job_that_nobody_can_take_does_not_hide_the_next(wired: None) -> None:
    hopeless, healthy = job_for(), job_for()
    claimed(hopeless)
    Job.objects.filter(id=hopeless.id).update(lost_leases=9)
    expire(hopeless)
    assert claims.claim(["fast"]) == healthy


def test_a_lease_is_extended_by_its_holder_only(wired: None) -> None:
    job = claimed(job_for())
    expire(job)
    assert claims.extend(job.id, uuid.uuid4()) is False
    assert claims.extend(job.id, token(job)) is True
    until = fresh(job).lease_until
    assert until is not None
    assert until > now()


def test_a_worker_that_lost_its_lease_cannot_write_progress_or_the_end(
    wired: None,
) -> None:
    zombie = claimed(job_for())
    expire(zombie)
    heir = claimed(zombie)
    with pytest.raises(claims.LeaseLostError):
        claims.report(zombie.id, token(zombie), stage="late", done=1, total=2)
    with pytest.raises(claims.LeaseLostError):
        claims.finish(zombie.id, token(zombie))
    claims.release(zombie.id, token(zombie))
    claims.fail(zombie, token(zombie), code="late", detail="")
    job = fresh(heir)
    assert (job.state, job.lease_token) == (JobState.RUNNING, heir.lease_token)
    assert (job.stage, job.errors, job.error_code) == ("", 0, "")


# Errors


def test_an_error_is_counted_and_tried_again_later(wired: None, settings) -> None:
    settings.JOB_BACKOFF_SECONDS = 5
    job = claimed(job_for())
    claims.fail(job, token(job), code="OSError", detail="the store is away")
    job = fresh(job)
    assert (job.state, job.errors, job.lost_leases) == (JobState.RETRY, 1, 0)
    assert (job.error_code, job.error_detail) == ("OSError", "the store is away")
    assert (job.lease_token, job.lease_until) == (None, None)
    assert job.finished_at is None
    assert dead_events() == []


@pytest.mark.parametrize(
    ("base", "errors", "ceiling"),
    [(5, 0, 5), (5, 1, 10), (5, 2, 20), (5, 3, 40), (5, 4, 80), (500, 4, 600)],
)
def test_the_wait_between_tries_is_spread_below_a_doubling_ceiling(
    wired: None, settings, base: float, errors: int, ceiling: float
) -> None:
    settings.JOB_BACKOFF_SECONDS = base
    job = claimed(job_for())
    job.errors = errors
    waits = []
    for _ in range(60):
        Job.objects.update(state=JobState.RUNNING, lease_token=job.lease_token)
        before = now()
        claims.fail(job, token(job), code="OSError", detail="")
        run_after = fresh(job).run_after
        assert before <= run_after <= now() + timedelta(seconds=ceiling)
        waits.append((run_after - before).total_seconds())
    # Full jitter: sixty waits lie at both ends of the range, or chance is broken.
    assert min(waits) < 0.3 * ceiling
    assert max(waits) > 0.7 * ceiling


def test_after_six_errors_a_job_is_dead_with_its_reason_and_says_so(
    wired: None,
) -> None:
    job = job_for()
    for errors in range(6):
        assert fresh(job).errors == errors
        assert dead_events() == []
        Job.objects.update(run_after=now())
        held = claimed(job)
        claims.fail(held, token(held), code="OSError", detail=f"error {errors}")
    job = fresh(job)
    assert (job.state, job.errors, job.lost_leases) == (JobState.DEAD, 6, 0)
    assert (job.error_code, job.error_detail) == ("OSError", "error 5")
    assert job.finished_at is not None
    assert (job.lease_token, job.lease_until) == (None, None)
    (event,) = dead_events()
    assert (event.subject_type, event.subject_id) == ("thing", job.subject)
    assert event.data["code"] == "OSError"


def test_the_last_error_of_a_worker_that_lost_its_lease_buries_nothing(
    wired: None,
) -> None:
    zombie = claimed(job_for())
    zombie.errors = 5
    expire(zombie)
    claimed(zombie)
    claims.fail(zombie, token(zombie), code="OSError", detail="")
    assert fresh(zombie).state == JobState.RUNNING
    assert dead_events() == []


def test_errors_and_lost_leases_are_counted_apart(wired: None) -> None:
    job = job_for()
    for _ in range(5):
        held = claimed(job)
        claims.fail(held, token(held), code="OSError", detail="")
        Job.objects.update(run_after=now())
        claimed(job)
        expire(job)
        held = claimed(job)
        claims.release(job.id, token(held))
    job = fresh(job)
    assert (job.state, job.errors, job.lost_leases) == (JobState.QUEUED, 5, 5)


def test_a_dead_job_about_a_dead_job_is_not_told_again(db: None, wire: Wire) -> None:
    wire(On("tested", nothing, queue="fast"), On("job.dead", nothing, queue="fast"))
    for _ in range(2):
        job = claims.claim(["fast"]) or claimed(job_for())
        job.errors = 5
        claims.fail(job, token(job), code="OSError", detail="")
    states = Job.objects.values_list("event__name", "state")
    assert set(states) == {("tested", "dead"), ("job.dead", "dead")}
    assert len(dead_events()) == 1
    assert claims.claim(["fast"]) is None


# What people do


def test_a_released_job_is_taken_again_at_once_and_nothing_is_counted(
    wired: None,
) -> None:
    job = claimed(job_for())
    claims.release(job.id, token(job))
    assert fresh(job).state == JobState.QUEUED
    again = claims.claim(["fast"])
    assert again == job
    assert again is not None
    assert again.tries == 0


@pytest.mark.parametrize("state", [JobState.DEAD, JobState.CANCELLED, JobState.RETRY])
def test_trying_again_gives_a_clean_slate(wired: None, state: JobState) -> None:
    job = job_for()
    later = now() + timedelta(hours=1)
    Job.objects.update(
        state=state, errors=6, lost_leases=3, run_after=later, finished_at=now()
    )
    assert claims.retry(job) is True
    job = fresh(job)
    assert (job.state, job.tries, job.finished_at) == (JobState.QUEUED, 0, None)
    assert claims.claim(["fast"]) == job


@pytest.mark.parametrize("state", [JobState.DONE, JobState.QUEUED])
def test_there_is_nothing_to_try_again_in_a_job_that_is_well(
    wired: None, state: JobState
) -> None:
    job = job_for()
    Job.objects.update(state=state)
    assert claims.retry(job) is False
    assert fresh(job).state == state


def test_a_running_job_is_not_torn_from_its_worker_by_trying_again(
    wired: None,
) -> None:
    job = claimed(job_for())
    assert claims.retry(job) is False
    assert fresh(job).lease_token == job.lease_token


def test_cancelling_takes_back_open_jobs_only(wired: None) -> None:
    queued, running, done = job_for(), claimed(job_for()), claimed(job_for())
    claims.finish(done.id, token(done))
    assert claims.cancel(Job.objects.all()) == 2
    assert fresh(done).state == JobState.DONE
    for job in (fresh(queued), fresh(running)):
        assert job.state == JobState.CANCELLED
        assert job.finished_at is not None
        assert (job.lease_token, job.lease_until) == (None, None)
    assert claims.claim(["fast"]) is None


def test_an_event_names_its_consumers_for_ever(db: None, wire: Wire) -> None:
    wire(On("tested", nothing, queue="fast"))
    event = happen()
    wire()
    assert Event.objects.get(id=event.id).wired == ["tests.nothing"]


def test_an_error_is_kept_however_long_its_name_is(wired: None) -> None:
    job = claimed(job_for())
    claims.fail(job, token(job), code="E" * 200, detail="")
    assert fresh(job).error_code == "E" * 60


# Side by side with transactions that are under way


@pytest.mark.postgresql
def test_a_claim_does_not_wait_for_a_job_that_somebody_holds_locked(
    shared_database: None, wired: None
) -> None:
    """Such as a worker that hangs in its last transaction, its lease long over."""
    held = claimed(job_for())
    expire(held)
    free = job_for()
    with transaction.atomic():
        claims.finish(held.id, token(held))
        elsewhere = partial(claims.claim, ["fast"])
        assert together([elsewhere, elsewhere]) in ([free, None], [None, free])
    assert fresh(held).state == JobState.DONE


def test_a_claim_goes_on_past_jobs_that_it_buries(wired: None, settings) -> None:
    settings.JOB_MAX_LOST_LEASES = 1
    for _ in range(3):
        expire(claimed(job_for()))
    last = job_for()
    assert claims.claim(["fast"]) == last
    assert Job.objects.filter(state=JobState.DEAD).count() == 3
