from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from examgen import VERSION
from examgen.office.rows import age, megabytes, row_link, span
from examgen.settings.environment import BASE_DIR


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        ({"seconds": -5}, "0 s"),
        ({"seconds": 119}, "119 s"),
        ({"seconds": 120}, "2 min"),
        ({"minutes": 119}, "119 min"),
        ({"hours": 2}, "2 h"),
        ({"hours": 47}, "47 h"),
        ({"days": 2}, "2 days"),
    ],
)
def test_a_span_is_said_as_exactly_as_it_matters(passed, words: str) -> None:
    assert span(timedelta(**passed)) == words


def test_an_age_ends_when_it_ended() -> None:
    at = datetime(2025, 11, 3, tzinfo=UTC)
    assert age(at, at + timedelta(minutes=3)) == "3 min"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2 * 10**12, "2.0 TB")],
)
def test_a_size_has_the_unit_that_suits_it(size: int, words: str) -> None:
    assert megabytes(size) == words


def test_an_id_of_something_without_a_list_stays_an_id() -> None:
    assert row_link("question", "x<y") == "x<y"
    assert row_link("lecture", "x", "<b>") == (
        '<a href="/admin/exams/lecture/x/change/">&lt;b&gt;</a>'
    )


def test_the_version_is_the_projects() -> None:
    assert f'\nversion = "{VERSION}"\n' in (BASE_DIR / "pyproject.toml").read_text()
