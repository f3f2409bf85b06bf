from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from exams.models import Exam, Question, QuestionRequest
from exams.states import ExamState
from tests.api.programs import Program, problem, wrong_fields
from tests.exams.services.asking import AREA, leaf_exam
from tests.factories.lectures import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(educator: User, settings: Any) -> Question:
    exam = leaf_exam(educator, settings)
    return Question.objects.select_related("exam").get(exam=exam, position=1)


def test_another_question_is_asked_for_told_and_brought_back(
    teacher: Program, question: Question
) -> None:
    here = f"exams/{question.exam_id}/questions/{question.id}/"
    assert problem(teacher.post(f"{here}another/", {})) == (428, "if_match_required")
    asked = teacher.post(f"{here}another/", {"hint": "square"}, if_match='"1-proposed"')
    assert asked.status_code == 202
    told = asked.json()
    expected = {
        "exam_id": str(question.exam_id),
        "question_id": str(question.id),
        "aim": "another",
        "state": "open",
        "number": 1,
        "kinds": [],
        "first_page": None,
        "last_page": None,
        "hint": "square",
        "made": 0,
        "reasons": [],
        "error": None,
        "replaced": False,
        "counting": "",
        "done": 0,
        "total": 0,
        "tries": 0,
        "ended_at": None,
    }
    assert {name: told[name] for name in expected} == expected
    again = teacher.post(f"{here}kind/", {"kind": "matching"}, if_match="*")
    assert problem(again) == (409, "under_way")

    run_jobs()
    there = f"exams/{question.exam_id}/requests/{told['id']}/"
    told = teacher.get(there).json()
    assert (told["state"], told["made"], told["replaced"]) == ("done", 1, True)
    now = teacher.get(here)
    assert (now.json()["stem"], now.headers["ETag"]) == (AREA, '"2-proposed"')
    assert problem(teacher.post(f"{there}cancel/")) == (409, "too_late")
    late = teacher.post(f"{there}bring-back/", if_match='"1-proposed"')
    assert problem(late) == (409, "changed_meanwhile")
    back = teacher.post(f"{there}bring-back/", if_match=now.headers["ETag"])
    assert back.json()["stem"] == "Which pigment catches light?"
    assert back.headers["ETag"] == '"3-proposed"'


def test_more_questions_are_asked_for_once_and_listed(
    teacher: Program, question: Question
) -> None:
    address = f"exams/{question.exam_id}/requests/"
    wish = {"number": 2, "first_page": 1, "last_page": 2, "kinds": ["single_choice"]}
    first, second = (
        teacher.post(address, wish, idempotency_key="one") for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert QuestionRequest.objects.count() == 1
    assert problem(teacher.post(address, wish)) == (409, "under_way")
    (listed,) = teacher.get(address).json()["results"]
    assert listed == first.json()
    cancelled = teacher.post(f"{address}{listed['id']}/cancel/").json()
    assert (cancelled["state"], cancelled["ended_at"] is None) == ("cancelled", False)


def test_what_cannot_be_asked_for_is_refused_in_the_words_of_the_page(
    teacher: Program, question: Question
) -> None:
    address = f"exams/{question.exam_id}/requests/"
    backwards = teacher.post(address, {"number": 1, "first_page": 2, "last_page": 1})
    assert wrong_fields(backwards) == [("last_page", "bad_pages")]
    beyond = teacher.post(address, {"number": 1, "first_page": 1, "last_page": 3})
    assert wrong_fields(beyond) == [("last_page", "max_value")]
    here = f"exams/{question.exam_id}/questions/{question.id}/"
    same = teacher.post(f"{here}kind/", {"kind": question.kind}, if_match="*")
    assert wrong_fields(same) == [("kind", "invalid_choice")]
    Exam.objects.update(state=ExamState.PUBLISHED)
    for late in (
        teacher.post(address, {"number": 1, "first_page": 1, "last_page": 1}),
        teacher.post(f"{here}another/", {}, if_match="*"),
    ):
        assert problem(late) == (409, "no_draft")
