"""Writing a question beside its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.content import Kind
from exams.forms.writing import blank
from exams.models import Exam, Question
from exams.states import ExamState
from tests.factories import exams

TYPED = {
    "stem": "What opens the pores of a leaf?",
    "accepted": "guard cells\nguard cell",
    "quote": exams.GUARDS,
    "explanation": "",
    "points": "2",
    "difficulty": "hard",
    "bloom": "understand",
    "topic": "pores",
    "once": "one form",
}


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.exam(educator, kinds=(Kind.SINGLE_CHOICE,))


def address(exam: Exam, query: str = "kind=short_answer&page=2") -> str:
    return f"{reverse('write_question', args=[exam.id])}?{query}"


def send(browser: Client, exam: Exam, **changes: Any) -> Any:
    return browser.post(address(exam), {**TYPED, **changes})


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_fields_beside_the_page(
    browser: Client, exam: Exam, kind: Kind
) -> None:
    shown = browser.get(address(exam, f"kind={kind.value}&page=2"))
    page = shown.content.decode()
    assert exams.STAGES in page
    fields = {
        Kind.SINGLE_CHOICE: "option_d",
        Kind.MULTIPLE_CHOICE: "option_d",
        Kind.TRUE_FALSE: "correct",
        Kind.SHORT_ANSWER: "accepted",
        Kind.NUMERIC: "tolerance",
        Kind.MATCHING: "pairs",
        Kind.ORDERING: "items",
        Kind.ESSAY: "rubric",
    }
    assert f'name="{fields[kind]}"' in page
    assert blank(kind, 4).kind == kind


def test_a_question_is_written_once_however_often_its_form_is_sent(
    browser: Client, exam: Exam
) -> None:
    first, second = send(browser, exam), send(browser, exam)
    question = exam.questions.get(position=2)
    assert first["Location"] == second["Location"]
    assert first["Location"] == reverse("review_question", args=[exam.id, question.id])
    assert (question.stem, question.kind) == (TYPED["stem"], "short_answer")
    assert (question.difficulty, question.bloom) == ("hard", "understand")
    assert (question.topic, question.points) == ("pores", 2)
    assert question.evidence[0]["quote"] == exams.GUARDS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quote": exams.PORES}, "This does not stand word for word on page 2."),
        ({"quote": ""}, "This field is required."),
        ({"accepted": " "}, "This field is required."),
        ({"stem": "Who is shown on page 2?"}, "points to something the student does"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_typed(
    browser: Client, exam: Exam, changes: dict[str, str], words: str
) -> None:
    refused = send(browser, exam, **changes)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert 'value="one form"' in page
    assert exam.questions.count() == 1


@pytest.mark.parametrize("query", ["kind=riddle&page=1", "page=3", "page=x"])
def test_an_address_that_names_nothing_is_said(
    browser: Client, exam: Exam, query: str
) -> None:
    shown = browser.get(address(exam, query))
    assert shown.status_code == 422
    assert "invalid-feedback" in shown.content.decode()
    assert browser.post(address(exam, query), TYPED).status_code == 422
    assert Question.objects.count() == 1


def test_nothing_is_written_into_what_was_published(
    browser: Client, exam: Exam
) -> None:
    Exam.objects.update(state=ExamState.PUBLISHED)
    for response in (browser.get(address(exam)), send(browser, exam)):
        assert response["Location"] == reverse("exam", args=[exam.id])
    assert exam.questions.count() == 1
