"""Every check, refusal and rule has its words, and they can be said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from examgen.settings.environment import BASE_DIR
from exams import publishing_wording as wording
from exams.policy import Counting, Release, Several

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
# What any check may be told with.
EVERYTHING: dict[str, Any] = {
    "count": 2,
    "total": 5,
    "numbers": [1, 4],
    "points": Decimal("12.50"),
    "opens": AT,
    "closes": AT,
    "due": AT,
    "minutes": 60,
    "limit": 100,
    "percent": Decimal("50.00"),
    "zone": "Europe/Berlin",
    "course": "Biology 1",
}


def codes_of(path: str, *functions: str) -> Iterator[str]:
    """The codes that a module hands to these functions, whichever way."""
    tree = ast.parse((BASE_DIR / path).read_text("utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in functions:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant):
            yield str(first.value)


def checked_codes() -> set[str]:
    found = set(codes_of("exams/services/checklist.py", "_ok", "_note", "_problem"))
    found |= {f"attempts_{counting}" for counting in Counting}
    return found | {f"release_{release}" for release in Release}


def test_the_codes_of_the_checklist_are_those_that_have_words() -> None:
    assert checked_codes() == set(wording.CHECKS)


def test_what_is_refused_about_doors_has_words() -> None:
    found = set(codes_of("exams/services/publishing.py", "RefusedError"))
    assert found == set(wording.REFUSALS)


@pytest.mark.parametrize("code", sorted(wording.CHECKS))
@pytest.mark.parametrize("count", [1, 2])
def test_every_check_is_a_sentence(code: str, count: int) -> None:
    said = wording.check_words(code, EVERYTHING | {"count": count})
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert "%(" not in said
    assert "!" not in said


def test_parameters_are_said_as_people_write_them() -> None:
    with timezone.override("Europe/Berlin"):
        assert wording.check_words("window", {"opens": AT, "closes": AT}) == (
            "From 26 November 2026, 10:00 to 26 November 2026, 10:00 the exam is open."
        )
    points = {"points": Decimal("12.50")}
    assert wording.check_words("points", points) == "Points to reach: 12.5."
    numbers = {"count": 2, "numbers": [1, 4]}
    assert wording.check_words("some_worthless", numbers) == (
        "Questions 1, 4 are worth no points."
    )
    percent = {"percent": Decimal("50.00")}
    assert wording.check_words("pass_mark", percent) == (
        "Whoever has 50 % of the points passes."
    )
    assert wording.check_words("pass_mark", {"percent": Decimal(100)}) == (
        "Whoever has 100 % of the points passes."
    )


def test_one_and_many_are_said_differently() -> None:
    assert wording.check_words("undecided", {"count": 1}) == (
        "1 question is not decided yet."
    )
    assert wording.check_words("undecided", {"count": 3}) == (
        "3 questions are not decided yet."
    )


@pytest.mark.parametrize("code", sorted(wording.REFUSALS))
def test_every_refusal_is_a_sentence(code: str) -> None:
    assert wording.refusal(code).endswith(".")


def test_every_rule_to_choose_has_a_name() -> None:
    assert set(wording.COUNTING_NAMES) == set(Counting)
    assert set(wording.RELEASE_NAMES) == set(Release)
    assert set(wording.SEVERAL_NAMES) == set(Several)
