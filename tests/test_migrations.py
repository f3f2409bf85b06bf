"""Migrations match the models, and make what a site needs on either database."""

from __future__ import annotations

import sqlite3
from importlib import import_module

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command

from accounts.models import User
from exams.models import Lecture, Page
from exams.states import LectureState
from tests.factories import exams as lectures
from tests.processes.databases import Database, PostgreSQL, SQLite
from tests.processes.site import Site
from tests.servers import Postgres

INSERT = """
    INSERT INTO jobs_event (id, name, subject_type, subject_id, data, wired, created_at)
    VALUES (?, 'tested', 'thing', ?, '{}', '[]', '2026-01-01 00:00:00+00:00')
"""
REFUSED = {
    "sqlite": [
        "UPDATE jobs_event SET name = 'changed'",
        "DELETE FROM jobs_event",
    ],
    "postgresql": [
        "UPDATE jobs_event SET name = 'changed'",
        "DELETE FROM jobs_event",
        "TRUNCATE jobs_event CASCADE",
    ],
}


def migrate(site: Site, *arguments: str) -> None:
    done = site.manage("migrate", *arguments, "--verbosity", "0")
    assert done.returncode == 0, done.stderr


def test_no_model_has_changed_without_a_migration(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_events_are_insert_only_whatever_was_migrated_since(
    kind: str, request: pytest.FixtureRequest, tmp_path
) -> None:
    database: Database
    if kind == "sqlite":
        database = SQLite(tmp_path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        database = PostgreSQL(server, tmp_path.name)
    site = Site(tmp_path, database)
    migrate(site)
    # Back and forth: what the guards are made of is gone when they are.
    migrate(site, "jobs", "0002")
    migrate(site)
    assert site.manage("migrate", "--check").returncode == 0
    site.change(INSERT, "1" * 32, "2" * 32)
    for sql in REFUSED[kind]:
        with pytest.raises(
            (sqlite3.IntegrityError, psycopg.IntegrityError), match="insert-only"
        ):
            site.change(sql)
    assert [row["name"] for row in site.rows("SELECT * FROM jobs_event")] == ["tested"]
    site.close()


def test_pictures_of_lectures_that_were_read_before_are_counted(educator: User) -> None:
    """So that they can be read again, once text recognition comes to their site."""
    step = import_module("exams.migrations.0007_text_recognition")
    mixed, long, plain = (
        lectures.lecture(educator, state=LectureState.STORED) for _ in range(3)
    )
    for lecture, scans in ((mixed, 2), (long, step.MOST + 1), (plain, 0)):
        pages = [
            Page(
                lecture=lecture, number=number, scan=number <= scans, width=1, height=1
            )
            for number in range(1, scans + 2)
        ]
        Page.objects.bulk_create(pages)
    step.count_pictures(apps, None)
    counted = {one.pk: one.untried_pictures for one in Lecture.objects.all()}
    assert counted == {mixed.pk: 2, long.pk: step.MOST, plain.pk: 0}
