"""Several right options: the table of the three policies, and what always holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.content import MultipleChoice, Option
from exams.policy import Several
from scoring.grading import mark
from tests.samples.papers import named, one, policy

HALF, THIRD, SIXTH = Decimal("0.5"), Decimal(1) / 3, Decimal(1) / 6
TWO_THIRDS = Decimal(2) / 3

# key, chosen, exact, proportional, penalty, penalty with negative marking
TABLE = [
    ("AB/CD", "", 0, 0, 0, 0),
    ("AB/CD", "A", 0, HALF, HALF, HALF),
    ("AB/CD", "AB", 1, 1, 1, 1),
    ("AB/CD", "AC", 0, HALF, 0, 0),
    ("AB/CD", "ABC", 0, 0, HALF, HALF),
    ("AB/CD", "ABCD", 0, 0, 0, 0),
    ("AB/CD", "C", 0, 0, 0, -HALF),
    ("AB/CD", "CD", 0, 0, 0, -1),
    ("ABC/DE", "A", 0, THIRD, THIRD, THIRD),
    ("ABC/DE", "AB", 0, TWO_THIRDS, TWO_THIRDS, TWO_THIRDS),
    ("ABC/DE", "ABD", 0, TWO_THIRDS, SIXTH, SIXTH),
    ("ABC/DE", "ABCD", 0, 0, HALF, HALF),
    # Nothing can be chosen wrongly where all is right.
    ("AB/", "A", 0, HALF, HALF, HALF),
]
POLICIES = [
    {"several": Several.EXACT},
    {"several": Several.PROPORTIONAL},
    {"several": Several.PENALTY},
    {"several": Several.PENALTY, "negative_marking": True},
]


def fraction(key: str, chosen: str, rules: dict[str, Any]) -> Decimal:
    """Grade letters: the key names the right ones before the stroke."""
    right, wrong = key.split("/")
    options = tuple(
        Option(letter, f"option {letter}", correct=letter in right)
        for letter in right + wrong
    )
    sheet, frozen_key = one(MultipleChoice(options))
    ids = named(sheet["options"])
    value = [ids[f"option {letter}"] for letter in chosen]
    found = mark(
        kind="multiple_choice", key=frozen_key, value=value, policy=policy(**rules)
    ).fraction
    assert found is not None
    return found


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_table_of_the_policies(row) -> None:
    key, chosen, *expected = row
    assert [fraction(key, chosen, rules) for rules in POLICIES] == expected


def test_negative_marking_belongs_to_the_penalty_alone() -> None:
    for several in (Several.EXACT, Several.PROPORTIONAL):
        rules = {"several": several, "negative_marking": True}
        assert fraction("AB/CD", "CD", rules) == 0


# Properties

some = st.integers(1, 5)
rules = st.sampled_from(POLICIES)


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, list[str]]:
    right, wrong = draw(some), draw(st.integers(0, 5))
    letters = "ABCDEFGHIJ"[: right + wrong]
    chosen = draw(st.lists(st.sampled_from(letters), unique=True))
    return f"{letters[:right]}/{letters[right:]}", chosen


@given(questions(), rules)
def test_a_fraction_stays_within_its_bounds(question, rules) -> None:
    key, chosen = question
    found = fraction(key, "".join(chosen), rules)
    lowest = -1 if rules.get("negative_marking") else 0
    assert lowest <= found <= 1
    assert (found == 1) == (set(chosen) == set(key.split("/")[0]))


@given(questions(), rules, st.randoms(use_true_random=False))
def test_the_order_of_the_choices_does_not_matter(question, rules, random) -> None:
    key, chosen = question
    other = random.sample(chosen, len(chosen))
    assert fraction(key, "".join(chosen), rules) == fraction(key, "".join(other), rules)


@given(questions(), rules)
def test_a_right_choice_in_place_of_a_wrong_one_never_costs(question, rules) -> None:
    key, chosen = question
    right, wrong = key.split("/")
    bad = [letter for letter in chosen if letter in wrong]
    good = [letter for letter in right if letter not in chosen]
    if bad and good:
        better = [letter for letter in chosen if letter != bad[0]] + [good[0]]
        before, after = (fraction(key, "".join(x), rules) for x in (chosen, better))
        assert before <= after


@given(questions())
def test_under_a_penalty_each_right_choice_gains_and_each_wrong_one_costs(
    question,
) -> None:
    key, chosen = question
    right, wrong = key.split("/")
    rules = POLICIES[3]
    before = fraction(key, "".join(chosen), rules)
    for letter in set(right + wrong) - set(chosen):
        after = fraction(key, "".join([*chosen, letter]), rules)
        assert after > before if letter in right else after < before
