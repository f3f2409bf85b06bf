from __future__ import annotations

import pytest

from exams.content import Finding
from exams.gate import check, check_written
from tests.samples.questions import PAGE, choice, question


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": choice("Volcano", "Levee", "Spring")}, "answer_unsupported"),
        ({"stem": "Which wide bend has a ( in its name?"}, "brackets_unbalanced"),
        ({"stem": "Which wide bend is <b>slow</b>?"}, "markup"),
    ],
)
def test_what_an_engine_may_not_do_is_a_doubt_of_a_person(changes, code: str):
    asked = question("single_choice", **changes)
    assert [found.code for found in check(asked, PAGE).hard] == [code]
    report = check_written(asked, PAGE)
    assert report.passed
    assert report.soft[0].code == code


def test_what_no_student_could_answer_blocks_whoever_wrote_it():
    asked = question("single_choice", stem="Which bend does page 3 show?")
    assert check_written(asked, PAGE).hard == (
        Finding("refers_to_elsewhere", {"text": "page 3"}),
    )
