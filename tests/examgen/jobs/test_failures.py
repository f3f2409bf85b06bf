from __future__ import annotations

import pytest
from django.db import OperationalError, ProgrammingError

from examgen.jobs.failures import Failures

AWAY = OperationalError("connection refused\nIs the server running?")
Said = list[tuple[str, str, bool]]


@pytest.fixture
def said(shared_database: None, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO", "examgen.jobs.failures")

    def lines() -> Said:
        """Level, sentence, and whether a traceback stands below."""
        return [
            (record.levelname, record.msg["event"], "exception" in record.msg)
            for record in caplog.records
        ]

    return lines


def test_an_outage_is_told_once_in_one_line(said) -> None:
    failures = Failures()
    for _ in range(3):
        failures.tell(AWAY, "round_failed")
    failures.over()
    failures.over()
    assert said() == [
        ("WARNING", "database_away", False),
        ("INFO", "database_back", False),
    ]


def test_the_next_outage_is_told_again(said) -> None:
    failures = Failures()
    for _ in range(2):
        failures.tell(AWAY, "round_failed")
        failures.over()
    assert [line[1] for line in said()] == ["database_away", "database_back"] * 2


@pytest.mark.parametrize(
    "error", [ProgrammingError("no such table: jobs_job"), ZeroDivisionError()]
)
def test_what_is_no_outage_has_its_own_name_and_its_place(
    said, error: Exception
) -> None:
    failures = Failures()
    failures.tell(error, "round_failed")
    failures.over()
    assert said() == [("ERROR", "round_failed", True)]
