from __future__ import annotations

import pytest
from django.db import connection

from examgen.jobs.checks import check_bell, check_lease


def test_a_bell_that_exists_is_fine(settings) -> None:
    settings.EXAMGEN_BELL = "none"
    assert check_bell() == []


def test_a_bell_that_does_not_exist_is_named_with_its_cure(settings) -> None:
    settings.EXAMGEN_BELL = "trumpet"
    (error,) = check_bell()
    assert (error.id, error.msg) == ("examgen.E002", "EXAMGEN_BELL is 'trumpet'.")
    assert error.hint is not None
    assert "none" in error.hint


def test_celery_that_forks_its_workers_is_not_let_near_sqlite(settings) -> None:
    settings.EXAMGEN_BELL = "celery"
    found = [(error.id, error.msg, error.hint) for error in check_bell()]
    if connection.vendor == "postgresql":
        assert found == []
        return
    assert found == [
        (
            "examgen.E006",
            "EXAMGEN_BELL is 'celery', and the database is SQLite.",
            (
                "Set DATABASE_URL to a PostgreSQL server, as in "
                "postgresql://user:password@host:5432/name, or EXAMGEN_BELL to none."
            ),
        )
    ]


@pytest.mark.parametrize(("heartbeat", "found"), [(15, []), (30, []), (31, ["E003"])])
def test_a_lease_outlives_two_heartbeats(
    settings, heartbeat: float, found: list[str]
) -> None:
    settings.JOB_LEASE_SECONDS = 60
    settings.JOB_HEARTBEAT_SECONDS = heartbeat
    assert [error.id for error in check_lease()] == [
        f"examgen.{code}" for code in found
    ]
