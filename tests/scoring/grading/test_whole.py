"""What a whole paper is worth."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest

from exams.content import Kind, TrueFalse
from exams.policy import Several
from scoring.grading import Graded, grade, plain
from tests.samples.papers import frozen, policy
from tests.samples.questions import BODIES, question

JUDGED = [
    replace(
        question("true_false", id=name, body=TrueFalse(correct=True)), points=points
    )
    for name, points in [("a", Decimal(2)), ("b", Decimal("0.50")), ("c", Decimal(1))]
]
PAPER = frozen(JUDGED)


def judged(**answers: bool) -> Graded:
    return grade(paper=PAPER.paper, key=PAPER.key, answers=answers, policy=policy())


def test_points_are_added_up_question_by_question() -> None:
    graded = judged(a=True, b=False)
    assert (graded.points, graded.max_points, graded.complete) == (
        2,
        Decimal("3.5"),
        True,
    )
    rest = {"by": "rule", "comment": ""}
    assert graded.marks == {
        "a": {"points": "2", "max": "2", **rest},
        "b": {"points": "0", "max": "0.5", **rest},
        "c": {"points": "0", "max": "1", **rest},
    }


def test_each_right_answer_counts_by_itself() -> None:
    worth = {"a": Decimal(2), "b": Decimal("0.5"), "c": Decimal(1)}
    for size in range(4):
        for names in combinations(worth, size):
            graded = judged(**dict.fromkeys(names, True))
            assert graded.points == sum((worth[name] for name in names), Decimal(0))


def test_an_essay_leaves_the_grade_open_until_a_person_was_there() -> None:
    made = frozen([*JUDGED, question("essay", id="d", body=BODIES["essay"])])
    given = {"a": True, "d": "Light first."}
    graded = grade(paper=made.paper, key=made.key, answers=given, policy=policy())
    assert (graded.points, graded.complete) == (2, False)
    assert graded.marks["d"]["points"] is None
    blank = grade(paper=made.paper, key=made.key, answers={"a": True}, policy=policy())
    assert (blank.points, blank.complete) == (2, True)


def test_a_number_that_could_not_be_read_is_told() -> None:
    made = frozen([question("numeric", id="n", body=BODIES["numeric"])])
    graded = grade(
        paper=made.paper, key=made.key, answers={"n": "many"}, policy=policy()
    )
    assert graded.marks["n"]["problem"] == "not_a_number"


def test_the_policy_of_the_paper_is_applied() -> None:
    made = frozen([question("multiple_choice", id="m", body=BODIES["multiple_choice"])])
    wrong = [o["id"] for o in made.paper["questions"][0]["options"]]
    chosen = [name for name in wrong if name not in made.key["m"]["right"]]
    rules = policy(several=Several.PENALTY, negative_marking=True)
    graded = grade(paper=made.paper, key=made.key, answers={"m": chosen}, policy=rules)
    assert graded.points == -1


def test_every_kind_stands_on_one_paper() -> None:
    made = frozen([question(kind, id=kind, body=BODIES[kind]) for kind in Kind])
    graded = grade(paper=made.paper, key=made.key, answers={}, policy=policy())
    assert (graded.points, graded.max_points, graded.complete) == (0, 8, True)
    assert set(graded.marks) == set(Kind)


@pytest.mark.parametrize(
    ("number", "text"),
    [("2.0000", "2"), ("0.3333", "0.3333"), ("-0.0000", "0"), ("100.0000", "100")],
)
def test_numbers_are_written_plainly(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
