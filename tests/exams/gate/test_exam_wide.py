from __future__ import annotations

from typing import Any

import pytest

from exams.content import Finding, Question, TrueFalse
from exams.gate import check_exam
from exams.gate.codes import EXAM_WIDE
from exams.gate.exam_wide import balanced
from tests.samples.documents import document
from tests.samples.questions import choice, evidence_of, question

TEXT = document("Alpha is one. Beta is two. Gamma is three.")


def asked(number: int, stem: str, quote: str = "", **changes: Any) -> Question:
    evidence = (evidence_of(quote, TEXT),) if quote else ()
    return question(id=f"q{number}", stem=stem, evidence=evidence, **changes)


def test_different_questions_have_no_findings():
    report = check_exam(
        [
            asked(1, "Which term refers to a low wall?", "Alpha is one."),
            asked(2, "In which year was the dam closed?", "Beta is two."),
        ]
    )
    assert report.questions == {}
    assert report.whole == ()


def test_the_same_question_twice_is_found_at_the_later_one():
    report = check_exam(
        [
            asked(1, "Which term refers to a wide bend of a slow river?"),
            asked(2, "Which terms refer to the wide bends of slow rivers?"),
        ]
    )
    assert report.questions == {"q2": (Finding("near_duplicate", {"other": "q1"}),)}


def test_two_questions_from_one_sentence_are_found():
    report = check_exam(
        [
            asked(1, "Which term refers to a low wall?", "Alpha is one."),
            asked(2, "In which year was the dam closed?", "Alpha is one."),
        ]
    )
    assert report.questions == {"q2": (Finding("same_sentence", {"other": "q1"}),)}


def test_a_stem_that_answers_another_question_is_found():
    report = check_exam(
        [
            asked(
                1,
                "Which bend is wide and cut into soft ground by a slow river?",
                body=choice("Meander", "Levee"),
            ),
            asked(
                2,
                "Why does a meander cut a bend into soft ground beside a slow river?",
                body=choice("Flow", "Wind"),
            ),
        ]
    )
    assert report.questions["q2"] == (Finding("answers_another", {"other": "q1"}),)


def choices(*positions: int) -> list[Question]:
    return [
        asked(
            number,
            f"Which term refers to thing number{number}?",
            body=choice(*(f"{n}{number}" for n in ("Wa", "Wo", "Wi", "We")), key=key),
        )
        for number, key in enumerate(positions, start=1)
    ]


def test_keys_spread_over_the_positions_are_fine():
    assert check_exam(choices(0, 1, 2, 3, 0, 1)).whole == ()


def test_keys_that_mostly_stand_first_are_found():
    found = Finding("key_position_skew", {"position": 1, "count": 4, "total": 6})
    assert check_exam(choices(0, 0, 0, 3, 0, 1)).whole == (found,)


def test_keys_that_are_mostly_longest_are_found():
    questions = [
        asked(
            n,
            f"Which term refers to thing number{n}?",
            body=choice(*_longest_at(n % 4), key=n % 4),
        )
        for n in range(6)
    ]
    found = Finding("key_often_longest", {"count": 6, "total": 6})
    assert check_exam(questions).whole == (found,)


def _longest_at(place: int) -> list[str]:
    return ["Levees" if n == place else "We" + "abcd"[n] for n in range(4)]


@pytest.mark.parametrize(
    ("true", "total", "fine"),
    [
        (0, 0, True),
        (1, 1, True),
        (2, 2, False),
        (1, 2, True),
        (2, 3, True),
        (3, 4, False),
        (3, 5, True),
        (4, 10, True),
        (3, 10, False),
        (7, 10, False),
    ],
)
def test_true_and_false_balance(true, total, fine):
    assert balanced(true=true, total=total) is fine
    questions = [
        asked(n, f"Statement number{n} holds.", body=TrueFalse(correct=n < true))
        for n in range(total)
    ]
    found = Finding("true_false_skew", {"true": true, "total": total})
    assert check_exam(questions).whole == (() if fine else (found,))


def test_codes_carry_the_listed_parameters():
    questions = [
        *choices(0, 0, 0, 0, 0, 0),
        asked(7, "Which term refers to thing number1?"),
    ]
    report = check_exam(questions)
    findings = [
        *report.whole,
        *(f for found in report.questions.values() for f in found),
    ]
    assert findings
    for finding in findings:
        assert tuple(finding.params) == EXAM_WIDE[finding.code]
