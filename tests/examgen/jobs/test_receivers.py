from __future__ import annotations

import uuid

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save

from examgen.jobs import bell
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.wiring import On
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import happen, job_for, nothing


def first(run: object) -> None:
    """One of two that listen."""


def second(run: object) -> None:
    """The other."""


def test_every_consumer_gets_one_job_for_the_event(db: None, wire: Wire) -> None:
    wire(
        On("tested", first, queue="fast"),
        On("tested", second, queue="heavy"),
        On("other", nothing, queue="fast"),
    )
    event = happen()
    jobs = {job.key: job for job in Job.objects.all()}
    assert set(jobs) == {f"tests.first:{event.id}", f"tests.second:{event.id}"}
    job = jobs[f"tests.second:{event.id}"]
    assert (job.consumer, job.queue) == ("tests.second", "heavy")
    assert (job.event, job.subject) == (event, event.subject_id)
    assert (job.state, job.tries, job.lease_token) == (JobState.QUEUED, 0, None)
    assert job.run_after == job.created_at == event.created_at


def test_an_event_that_nobody_listens_to_brings_no_job(wired: None) -> None:
    happen("unheard")
    assert Job.objects.count() == 0


def test_every_event_brings_its_own_job(wired: None) -> None:
    subject = uuid.uuid4()
    events = [happen(subject=subject) for _ in range(3)]
    assert set(Job.objects.values_list("key", flat=True)) == {
        f"tests.nothing:{event.id}" for event in events
    }


def test_a_signal_sent_twice_brings_no_second_job(wired: None) -> None:
    event = happen()
    with pytest.raises(IntegrityError), transaction.atomic():
        post_save.send(Event, instance=event, created=True, raw=False)
    assert Job.objects.count() == 1


def test_two_jobs_never_share_a_key(wired: None) -> None:
    job = job_for()
    job.id = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        job.save(force_insert=True)


def test_a_restored_event_brings_no_job_and_a_restored_job_does_not_ring(
    wired: None, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    with transaction.atomic():
        event = happen()
        backup = serializers.serialize("json", [event, event.jobs.get()])
        transaction.set_rollback(True)
    with django_capture_on_commit_callbacks(execute=True):
        restored_event, restored_job = serializers.deserialize("json", backup)
        restored_event.save()
        assert Event.objects.get().id == event.id
        assert Job.objects.count() == 0
        restored_job.save()
    assert Job.objects.get().key == f"tests.nothing:{event.id}"
    assert belfry.rings() == []


def test_a_job_rings_once_it_is_committed(
    wired: None, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = job_for()
        assert belfry.rings() == []
    assert belfry.rings() == [bell.Ring(job.id, "tests.nothing", "fast")]


def test_a_job_that_is_rolled_back_does_not_ring(
    shared_database: None, wired: None, belfry_bell: None
) -> None:
    with transaction.atomic():
        happen()
        transaction.set_rollback(True)
    assert belfry.rings() == []


def test_a_job_that_changes_does_not_ring_again(
    wired: None, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    job = job_for()
    with django_capture_on_commit_callbacks(execute=True):
        job.save(update_fields=["stage"])
    assert belfry.rings() == []
