from __future__ import annotations

import uuid
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from examgen.jobs.events import gathered, record, record_about
from examgen.jobs.models import Event, Job
from examgen.jobs.wiring import On, Queue
from tests.examgen.conftest import Wire
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import happen, nothing


def test_an_event_keeps_who_did_what_to_whom(educator: User, wired: None) -> None:
    actor = uuid.uuid4()
    event = record("tested", educator, actor=actor, pages=3, code="scanned")
    kept = Event.objects.get()
    assert kept == event
    assert (kept.name, kept.actor) == ("tested", actor)
    assert (kept.subject_type, kept.subject_id) == ("user", educator.id)
    assert kept.data == {"pages": 3, "code": "scanned"}
    assert kept.wired == ["tests.nothing"]


def test_an_event_may_be_about_a_subject_known_only_by_its_id(wired: None) -> None:
    subject = uuid.uuid4()
    record_about("heard", "thing", subject)
    kept = Event.objects.get()
    assert (kept.subject_type, kept.subject_id) == ("thing", subject)
    assert (kept.actor, kept.data, kept.wired) == (None, {}, [])


def test_an_event_is_not_saved_a_second_time(wired: None) -> None:
    event = happen()
    event.name = "changed"
    with pytest.raises(TypeError, match="insert-only"):
        event.save()
    with pytest.raises(TypeError, match="insert-only"):
        Event.objects.get().save(update_fields=["data"])
    assert Event.objects.get().name == "tested"
    assert Job.objects.count() == 1


def test_an_event_does_not_take_the_place_of_another(wired: None) -> None:
    first = happen()
    twin = Event(id=first.id, name="changed", subject_id=uuid.uuid4())
    twin.created_at = first.created_at
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert Event.objects.get().name == "tested"


def test_an_event_is_not_deleted(wired: None) -> None:
    event = happen()
    with pytest.raises(TypeError, match="insert-only"):
        event.delete()
    assert Event.objects.get() == event


def test_a_rollback_leaves_neither_event_nor_job(
    shared_database: None, wired: None
) -> None:
    with transaction.atomic():
        happen()
        assert (Event.objects.count(), Job.objects.count()) == (1, 1)
        transaction.set_rollback(True)
    assert (Event.objects.count(), Job.objects.count()) == (0, 0)


def test_in_autocommit_an_event_is_not_kept_without_all_of_its_jobs(
    shared_database: None, wire: Wire
) -> None:
    def breaks(run: object) -> None:
        """Its job cannot be inserted."""

    no_queue: Queue = None  # type: ignore[assignment]
    wire(On("tested", nothing, queue="fast"), On("tested", breaks, queue=no_queue))
    with pytest.raises(IntegrityError):
        happen()
    assert (Event.objects.count(), Job.objects.count()) == (0, 0)


# What the code might forget, the database keeps


@pytest.fixture
def guarded(wired: None) -> Event:
    """An event as on a real site: with the guard that is off between tests, too."""
    migration = import_module("examgen.jobs.migrations.0003_events_are_insert_only")
    guards = {
        "postgresql": "ALTER TABLE jobs_event ENABLE TRIGGER ALL",
        "sqlite": migration.MAKE["sqlite"][1],
    }
    with connection.cursor() as cursor:
        cursor.execute(guards[connection.vendor])
    return happen()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE jobs_event SET name = 'changed'",
        "UPDATE jobs_event SET data = '{}' WHERE name = 'tested'",
        "DELETE FROM jobs_event",
    ],
)
def test_no_statement_changes_or_deletes_an_event(guarded: Event, sql: str) -> None:
    Job.objects.all().delete()
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="Events are insert-only"),
        transaction.atomic(),
    ):
        cursor.execute(sql)
    kept = Event.objects.get()
    assert (kept, kept.name, kept.data) == (guarded, "tested", {})


# Many at once


def test_gathered_events_are_written_at_the_end_with_their_jobs(
    wired: None, belfry_bell: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with gathered():
            events = [happen() for _ in range(3)]
            with gathered():
                events.append(happen())
            assert Event.objects.count() == Job.objects.count() == 0
        kept = {job.event_id: job.key for job in Job.objects.all()}
    assert set(Event.objects.all()) == set(events)
    assert kept == {one.id: f"tests.nothing:{one.id}" for one in events}
    assert {ring.job for ring in belfry.rings()} == {
        job.id for job in Job.objects.all()
    }


@pytest.mark.parametrize("number", [1, 20])
def test_gathered_events_cost_two_statements(
    wired: None, number: int, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2), gathered():
        for _ in range(number):
            happen()
    assert Event.objects.count() == Job.objects.count() == number


def test_gathered_events_of_what_failed_are_not_written(wired: None) -> None:
    def fails() -> None:
        with transaction.atomic(), gathered():
            happen()
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert Event.objects.count() == 0
    # And the next is written again at once.
    happen()
    assert Event.objects.count() == Job.objects.count() == 1
