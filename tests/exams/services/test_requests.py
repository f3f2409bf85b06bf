"""Asking for questions of a draft: what comes, what stays, and who may be in the way."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.db import IntegrityError

from accounts.models import User
from examgen.jobs.claims import LeaseLostError
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams import invariants
from exams.content import Kind
from exams.models import Exam, Lecture, Page, Question, QuestionRequest
from exams.services import authoring, drafting, lectures, requests
from exams.services.authoring import EditConflictError
from exams.services.requests import RefusedRequestError
from exams.states import (
    IllegalMoveError,
    LectureState,
    QuestionState,
    RequestState,
)
from tests.exams.services.asking import (
    AREA,
    DOOR,
    FIRST,
    add,
    another,
    answered,
    before_the_end,
    edit,
    held,
    leaf_exam,
    publish,
    rows,
)
from tests.factories import exams
from tests.factories.lectures import run_jobs


@pytest.fixture
def exam(educator: User, settings) -> Exam:
    return leaf_exam(educator, settings)


@pytest.fixture
def question(exam: Exam) -> Question:
    return exam.questions.get(position=1)


# More questions


def test_more_questions_come_after_the_others_which_stay_as_they_are(exam) -> None:
    before = rows(exam)
    request = answered(add(exam, 3, (1, 1), kinds=[Kind.SINGLE_CHOICE]))

    assert rows(exam)[:2] == before
    (made,) = exam.questions.filter(position__gt=2)
    assert (made.stem, made.position, made.state) == (AREA, 3, QuestionState.PROPOSED)
    assert made.provenance == {
        "engine": "scripted",
        "version": "1",
        "maker": "script",
    }
    # What it asks for is a term of the lecture.
    assert made.tags == ["square millimetre"]
    # The sentence on the pigment is asked about already.
    assert (request.state, request.made, request.is_short) == ("done", 1, True)
    assert {"code": "already_asked", "params": {"count": 1}} in request.reasons
    assert list(Event.objects.order_by("created_at").values_list("name", "data")) == [
        (
            "questions.requested",
            {"exam": str(exam.id), "aim": "add", "questions": 3},
        ),
        (
            "questions.answered",
            {"exam": str(exam.id), "state": "done", "made": 1, "code": ""},
        ),
    ]


def test_a_second_click_finds_the_first_request(exam, question) -> None:
    first = add(exam)
    with pytest.raises(RefusedRequestError, match="under_way"):
        add(exam)
    another(question)
    with pytest.raises(RefusedRequestError, match="under_way"):
        another(question)
    with pytest.raises(RefusedRequestError, match="under_way"):
        requests.change_kind(
            question=question, actor=exam.owner, revision=1, kind=Kind.TRUE_FALSE
        )
    answered(first)
    add(exam)
    assert exam.requests.count() == 3


# Another question in a place


def test_another_question_takes_the_place_and_the_old_one_can_come_back(
    exam, question
) -> None:
    before = rows(exam)
    authoring.decide(
        question=question,
        decision=QuestionState.REJECTED,
        actor=exam.owner,
        revision=1,
    )
    request = answered(another(question))

    question.refresh_from_db()
    assert (question.stem, question.position, question.revision) == (AREA, 1, 2)
    assert (question.state, question.kind) == ("proposed", "single_choice")
    assert rows(exam)[1] == before[1]
    assert (request.state, request.made) == ("done", 1)
    assert request.replaced["stem"] == before[0]["stem"]

    requests.bring_back(request=request, actor=exam.owner, revision=2)
    assert rows(exam)[0] == {**before[0], "state": "rejected", "revision": 3}
    with pytest.raises(EditConflictError):
        requests.bring_back(request=request, actor=exam.owner, revision=2)
    requests.bring_back(request=request, actor=exam.owner, revision=3)
    question.refresh_from_db()
    assert (question.stem, question.state, question.revision) == (AREA, "proposed", 4)


def test_what_comes_back_cites_the_pages_as_they_are_read_by_then(
    exam, question
) -> None:
    request = answered(another(question))
    page = Page.objects.get(lecture=exam.lecture, number=1)
    Page.objects.filter(pk=page.pk).update(text=f"Now: {page.text}")
    exam.questions.filter(position=1).update(evidence=[])
    requests.bring_back(request=request, actor=exam.owner, revision=2)
    question.refresh_from_db()
    assert question.evidence[0]["start"] == len("Now: ")


@pytest.mark.parametrize(
    ("hint", "finds"), [("first reactions", FIRST), ("how leaves swell?", DOOR)]
)
def test_a_hint_leads_to_sentences_that_use_its_words(
    exam, question, hint: str, finds: str
) -> None:
    exam.questions.filter(position=2).update(evidence=[], stem="?", body={})
    exam.questions.filter(position=2).delete()
    answered(another(question, hint=hint))
    question.refresh_from_db()
    assert question.stem == finds


def test_where_nothing_is_found_the_question_stays_and_the_reason_is_kept(
    exam, question
) -> None:
    before = rows(exam)
    request = answered(another(question, hint="volcano"))
    assert rows(exam) == before
    assert (request.state, request.made) == ("empty", 0)
    assert request.reasons[0] == {"code": "hint_unmet", "params": {"hint": "volcano"}}


def test_another_kind_asks_about_the_same_sentence(exam, question) -> None:
    request = requests.change_kind(
        question=question, actor=exam.owner, revision=1, kind=Kind.TRUE_FALSE
    )
    answered(request)
    question.refresh_from_db()
    assert (question.kind, question.stem) == ("true_false", exams.PIGMENT)
    assert question.evidence[0]["quote"] == exams.PIGMENT

    # And what was replaced is not asked again in its place.
    request = answered(another(question, revision=2))
    question.refresh_from_db()
    assert (request.state, question.stem) == ("done", AREA)


# Others who act meanwhile


def test_nothing_is_asked_of_what_is_no_draft_or_was_changed(exam, question) -> None:
    edit(question)
    with pytest.raises(EditConflictError):
        another(question, revision=1)
    Lecture.objects.update(state=LectureState.STORED)
    with pytest.raises(RefusedRequestError, match="being_read"):
        add(exam)
    Lecture.objects.update(state=LectureState.READ)
    publish(question)
    for ask in (partial(add, exam), partial(another, question, revision=2)):
        with pytest.raises(IllegalMoveError):
            ask()
    assert not QuestionRequest.objects.exists()


def test_a_request_is_taken_back_once_and_then_changes_nothing(
    exam, question, monkeypatch
) -> None:
    before = rows(exam)
    request = another(question)
    cancel = partial(requests.cancel, request=request, actor=exam.owner)
    before_the_end(monkeypatch, cancel)
    with pytest.raises(LeaseLostError):
        drafting.draft(run=held(request), request_id=request.id)
    with pytest.raises(IllegalMoveError):
        requests.cancel(request=request, actor=exam.owner)
    assert answered(request).state == RequestState.CANCELLED
    assert rows(exam) == before


@pytest.mark.parametrize("delete", ["exam", "lecture"])
def test_a_request_leaves_with_its_exam(exam, question, delete: str) -> None:
    run = held(another(question))
    request_id = run.subject
    if delete == "exam":
        lectures.delete_exam(exam=exam, actor=exam.owner)
    else:
        lectures.delete_lecture(lecture=exam.lecture, actor=exam.owner)
    drafting.draft(run=run, request_id=request_id)
    assert not QuestionRequest.objects.exists()
    assert Job.objects.get(subject=request_id).state == JobState.CANCELLED
    run_jobs()
    assert [broken for check in invariants.INVARIANTS for broken in check()] == []


def test_a_lecture_is_not_read_again_under_a_request(exam, question) -> None:
    Lecture.objects.update(reader_version="0")
    request = another(question)
    again = partial(lectures.read_again, actor=exam.owner)
    with pytest.raises(IllegalMoveError):
        again(lecture=Lecture.objects.get())
    answered(request)
    again(lecture=Lecture.objects.get())


def test_progress_is_told_from_the_job(exam) -> None:
    request = add(exam)
    assert requests.answering([request]) == [requests.Answering(request)]
    held(request).progress("drafted", 3, 7)
    (told,) = requests.answering([request])
    assert (told.done, told.total, told.counting) == (3, 7, "drafted")


def test_the_database_itself_refuses_a_request_for_nothing(exam, question) -> None:
    with pytest.raises(IntegrityError):
        QuestionRequest.objects.create(
            id=uuid.uuid4(),
            exam=exam,
            question=question,
            aim="add",
            created_at=exam.created_at,
        )
