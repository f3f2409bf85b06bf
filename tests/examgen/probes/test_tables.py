"""Tables of another release have their sentence and their cure."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from examgen.probes import probe_tables


def test_the_tables_of_this_release_are_right(db: None) -> None:
    assert probe_tables() == []


def test_a_migration_that_is_missing_is_an_error(db: None) -> None:
    applied = MigrationRecorder.Migration.objects.filter(app="jobs")
    last = applied.latest("name")
    last.delete()
    (message,) = probe_tables()
    assert message.id == "examgen.E042"
    assert message.msg == (
        f"The database is older than this release: it lacks migration jobs.{last.name}."
    )
    assert message.hint == "Run manage.py migrate, then start again."


def test_migrations_of_a_newer_release_do_no_harm(db: None) -> None:
    MigrationRecorder.Migration.objects.create(app="jobs", name="9999_to_come")
    assert probe_tables() == []


def test_tables_that_cannot_be_read_are_an_error(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME COLUMN app TO other")
    (message,) = probe_tables()
    assert message.id == "examgen.E043"
    assert message.hint == "Let the user of DATABASE_URL own them."
