"""The order that an attempt sees: the same on every reload, another for others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.content import Kind, Matching, Ordering
from scoring.presentation import Sheet, arrange
from tests.samples.papers import frozen, policy
from tests.samples.questions import BODIES, choice, question

LETTERS = [f"option {letter}" for letter in "ABCDEFGH"]
CHOICES = [question(id=f"q{n}", body=choice(*LETTERS)) for n in range(8)]
PAPER = frozen(CHOICES).paper
MATCH = Matching(tuple((f"left {n}", f"right {n}") for n in range(6)))
ORDER = Ordering(tuple(f"step {n}" for n in range(6)))


def sheets(seed: int, paper=PAPER, **rules) -> list[Sheet]:
    return arrange(paper, seed=seed, policy=policy(**rules))


def one(body, seed: int = 1, **rules) -> Sheet:
    paper = frozen([question(body.kind, body=body)]).paper
    (sheet,) = sheets(seed, paper, **rules)
    return sheet


def texts(choices) -> list[str]:
    return [choice.text for choice in choices]


@given(st.integers(0, 2**31 - 1))
def test_the_same_seed_gives_the_same_order_and_loses_nothing(seed: int) -> None:
    found = sheets(seed)
    assert found == sheets(seed)
    assert [sheet.number for sheet in found] == list(range(1, 9))
    assert {sheet.id for sheet in found} == {f"q{n}" for n in range(8)}
    for sheet in found:
        assert sorted(texts(sheet.options)) == LETTERS


def test_the_order_of_a_seed_never_changes() -> None:
    """Attempts are years old when they are looked at: these words are for ever."""
    order = "".join(sheet.id for sheet in sheets(1))
    assert order == "q2q6q3q7q4q5q1q0"


def test_two_students_see_different_orders() -> None:
    questions = Counter(tuple(sheet.id for sheet in sheets(n)) for n in range(200))
    assert max(questions.values()) == 1
    options = Counter(tuple(texts(sheets(n)[0].options)) for n in range(200))
    assert max(options.values()) <= 2


def test_every_option_comes_first_about_equally_often() -> None:
    firsts = Counter(one(CHOICES[0].body, seed).options[0].text for seed in range(800))
    assert set(firsts) == set(LETTERS)
    assert all(60 <= count <= 140 for count in firsts.values()), firsts


def test_without_shuffling_all_see_the_order_of_the_paper() -> None:
    rules = {"shuffle_questions": False, "shuffle_options": False}
    found = sheets(1, **rules)
    assert found == sheets(2, **rules)
    assert [sheet.id for sheet in found] == [f"q{n}" for n in range(8)]
    assert [option.id for option in found[0].options] == [
        option["id"] for option in PAPER["questions"][0]["options"]
    ]


def test_questions_and_options_are_shuffled_each_by_its_own_setting() -> None:
    fixed = sheets(1, shuffle_questions=False)
    assert [sheet.id for sheet in fixed] == [f"q{n}" for n in range(8)]
    assert texts(fixed[0].options) != texts(
        sheets(2, shuffle_questions=False)[0].options
    )
    mixed = sheets(1, shuffle_options=False)
    assert [sheet.id for sheet in mixed] == [sheet.id for sheet in sheets(1)]


def test_leaving_a_question_out_leaves_the_others_in_their_order() -> None:
    fewer = PAPER | {"questions": PAPER["questions"][1:]}
    names = [sheet.id for sheet in sheets(5) if sheet.id != "q0"]
    assert [sheet.id for sheet in sheets(5, fewer)] == names


@pytest.mark.parametrize("seed", range(5))
def test_the_sides_of_a_match_do_not_tell_of_each_other(seed: int) -> None:
    sheet = one(MATCH, seed)
    places = [
        (texts(sheet.left).index(f"left {n}"), texts(sheet.right).index(f"right {n}"))
        for n in range(6)
    ]
    assert any(left != right for left, right in places)


def test_things_to_order_are_shuffled_and_numbers_among_them_too() -> None:
    starts = Counter(tuple(texts(one(ORDER, n).items)) for n in range(100))
    assert max(starts.values()) <= 3
    years = Ordering(("1789", "1815", "1848", "1914", "1989"))
    orders = {tuple(texts(one(years, n).items)) for n in range(20)}
    # Sorting these would be the answer.
    assert len(orders) > 10


def test_true_and_false_have_no_options_to_shuffle() -> None:
    sheet = one(BODIES["true_false"])
    assert (sheet.kind, sheet.options) == (Kind.TRUE_FALSE, ())


NUMBERED = [
    ["10", "9", "100", "-3"],
    ["1,200", "90", "2,000.5", "100"],
    ["25 %", "5 %", "100 %", "12.5 %"],
    ["−4 °C", "20 °C", "0 °C", "3 °C"],
    ["1,5", "0,5", "10", "2"],
]
SORTED = [
    ["-3", "9", "10", "100"],
    ["90", "100", "1,200", "2,000.5"],
    ["5 %", "12.5 %", "25 %", "100 %"],
    ["−4 °C", "0 °C", "3 °C", "20 °C"],
    ["0,5", "1,5", "2", "10"],
]


@pytest.mark.parametrize(
    ("given", "expected"), list(zip(NUMBERED, SORTED, strict=True))
)
def test_options_that_are_numbers_stand_in_their_order(given, expected) -> None:
    for seed in range(3):
        assert texts(one(choice(*given), seed).options) == expected
    assert texts(one(choice(*given), shuffle_options=False).options) == expected


@pytest.mark.parametrize("texts_", [["3 m", "3 cm", "1 km"], ["1", "2", "many"]])
def test_numbers_of_several_units_are_no_row_of_numbers(texts_) -> None:
    assert len({tuple(texts(one(choice(*texts_), n).options)) for n in range(30)}) > 1


def test_the_right_side_of_a_match_is_sorted_where_it_is_numbers() -> None:
    body = Matching((("a", "30"), ("b", "4"), ("c", "100")))
    assert {tuple(texts(one(body, n).right)) for n in range(20)} == {("4", "30", "100")}
    assert len({tuple(texts(one(body, n).left)) for n in range(20)}) > 1


def test_a_sheet_holds_what_its_kind_needs_and_no_more() -> None:
    kinds = [question(kind, id=kind, body=body) for kind, body in BODIES.items()]
    paper = frozen([replace(q, points=Decimal("1.50")) for q in kinds]).paper
    filled = {
        sheet.kind.value: [
            name
            for name in ("options", "left", "right", "items", "unit")
            if getattr(sheet, name)
        ]
        for sheet in sheets(1, paper)
    }
    assert filled == {
        "single_choice": ["options"],
        "multiple_choice": ["options"],
        "true_false": [],
        "short_answer": [],
        "numeric": ["unit"],
        "matching": ["left", "right"],
        "ordering": ["items"],
        "essay": [],
    }
    assert {sheet.points for sheet in sheets(1, paper)} == {Decimal("1.50")}
