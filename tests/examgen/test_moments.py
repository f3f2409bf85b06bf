"""Points in time as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import timezone, translation

from examgen.moments import written

AT = datetime(2026, 11, 26, 9, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("moment", "26 November, 10:05"),
        ("weekday", "Thursday, 26 November, 10:05"),
        ("year", "26 November 2026, 10:05"),
        ("whole", "Thursday, 26 November 2026, 10:05"),
        ("day", "26 November 2026"),
        ("time", "10:05"),
        ("second", "10:05:07"),
    ],
)
def test_a_moment_is_said_in_the_hours_of_who_reads_it(style: str, said: str) -> None:
    with timezone.override("Europe/Berlin"):
        assert written(AT, style) == said


def test_names_are_those_of_the_language() -> None:
    with translation.override("de"):
        assert written(AT, "weekday") == "Donnerstag, 26 November, 09:05"


def test_templates_say_nothing_where_there_is_no_moment() -> None:
    template = engines["django"].from_string("{{ at|moment }} | {{ none|moment }}")
    assert template.render({"at": AT, "none": None}) == "26 November, 09:05 | "
