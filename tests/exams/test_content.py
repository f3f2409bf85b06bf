from __future__ import annotations

from decimal import Decimal

import pytest

from exams.content import (
    Finding,
    Kind,
    Matching,
    Numeric,
    Option,
    SingleChoice,
    body_problems,
)
from tests.samples.questions import BODIES, exam, question


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_body_that_knows_its_kind(kind):
    assert question(kind.value).kind is kind
    assert list(body_problems(BODIES[kind.value])) == []


def test_the_key_of_a_choice_and_its_distractors():
    body = SingleChoice(
        (
            Option("a", "Weir"),
            Option("b", "Meander", correct=True),
            Option("c", "Spring"),
        )
    )
    assert body.key.text == "Meander"
    assert [option.text for option in body.distractors] == ["Weir", "Spring"]


def test_coverage_counts_the_first_evidence_of_each_question_on_every_page():
    assert exam(question(), question("essay")).coverage == ((1, 2), (2, 0))


def test_a_shortfall_is_never_negative():
    assert exam(question()).shortfall.missing == 1


def test_all_problems_of_a_body_are_told():
    body = SingleChoice(
        (Option("a", "Weir", correct=True), Option("a", "Weir", correct=True))
    )
    assert list(body_problems(body)) == [
        Finding("option_ids_not_unique", {"text": "a"}),
        Finding("options_not_distinct", {"text": "Weir"}),
        Finding("several_correct_options", {"count": 2}),
    ]


def test_a_matching_must_be_a_bijection():
    body = Matching((("Weir", "wall"), ("Weir", "bank")))
    assert list(body_problems(body)) == [Finding("pairs_not_unique", {"text": "Weir"})]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_number_must_be_finite(value):
    assert list(body_problems(Numeric(Decimal(value)))) == [
        Finding("number_not_finite")
    ]
