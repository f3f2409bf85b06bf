"""Warnings that name another question follow whatever becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import User
from exams import content
from exams.content import Kind
from exams.models import Exam, Question
from exams.services import authoring, cross_checks
from exams.states import QuestionState
from tests.factories import exams


@pytest.fixture
def exam(educator: User) -> Exam:
    """A choice and a short answer that have nothing to do with each other."""
    return exams.exam(educator, kinds=(Kind.SINGLE_CHOICE, Kind.SHORT_ANSWER))


def edit(question: Question, **changes: object) -> None:
    question.refresh_from_db()
    authoring.edit_question(
        question=question,
        edited=replace(question.as_content(), **changes),
        actor=question.exam.owner,
        revision=question.revision,
    )


def told(exam: Exam) -> list[list[tuple[str, str]]]:
    return [
        [(one["code"], one["params"].get("other", "")) for one in question.warnings]
        for question in Question.objects.filter(exam=exam)
    ]


def test_a_warning_about_another_question_comes_and_goes_with_an_edit(exam) -> None:
    one, two = exam.questions.all()
    kept = {"code": "context_dependent", "params": {"text": "it"}}
    Question.objects.filter(pk=one.pk).update(warnings=[kept])
    edit(two, stem="Which pigment catches the light?", body=exams.BODIES[two.kind])
    assert told(exam) == [
        [("context_dependent", "")],
        [("near_duplicate", str(one.id))],
    ]
    edit(two, stem="What opens the pores of a leaf?")
    assert told(exam) == [[("context_dependent", "")], []]


def test_one_that_gives_the_answer_of_another_is_blamed(exam) -> None:
    one, two = exam.questions.all()
    edit(one, stem="Which pigment beside guard cells opens the pores of a leaf?")
    assert told(exam) == [[("answers_another", str(two.id))], []]
    for decision, blamed in (
        (QuestionState.REJECTED, []),
        (QuestionState.PROPOSED, [("answers_another", str(two.id))]),
    ):
        authoring.decide(question=two, decision=decision, actor=exam.owner, revision=1)
        assert told(exam) == [blamed, []]


def test_what_the_whole_exam_shows_is_told_anew(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.TRUE_FALSE] * 6)
    cross_checks.recheck(exam)
    skew = {"code": "true_false_skew", "params": {"true": 6, "total": 6}}
    assert Exam.objects.get().findings == [skew]
    for question in exam.questions.all()[:3]:
        body = content.TrueFalse(correct=False)
        edit(question, stem=f"Leaf {question.position}?", body=body)
    assert Exam.objects.get().findings == []
