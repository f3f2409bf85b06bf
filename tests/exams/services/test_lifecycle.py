"""The states: what may follow what, that nobody else assigns them, that all is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from examgen.settings.environment import BASE_DIR
from exams.models import Exam, Lecture, Question
from exams.services import lifecycle
from exams.states import ExamState, IllegalMoveError, LectureState, QuestionState
from tests.factories import exams

LECTURE_MOVES = {
    ("uploading", "stored"),
    ("uploading", "failed"),
    ("stored", "read"),
    ("stored", "failed"),
    ("read", "stored"),
    ("failed", "stored"),
}
EXAM_MOVES = {
    ("waiting", "generating"),
    ("waiting", "failed"),
    ("generating", "draft"),
    ("generating", "failed"),
    ("draft", "published"),
    ("published", "closed"),
    ("closed", "published"),
    ("failed", "waiting"),
    ("failed", "generating"),
}
# Every decision may be changed; an edited question may be edited again.
QUESTION_MOVES = {
    (before, after)
    for before, after in product(QuestionState.values, repeat=2)
    if before != after or after == "edited"
}


@pytest.fixture
def lecture(educator: User) -> Lecture:
    return exams.lecture(educator, state=LectureState.UPLOADING)


@pytest.mark.parametrize(("before", "after"), list(product(LectureState, repeat=2)))
def test_a_lecture_moves_as_its_table_says_and_not_otherwise(
    lecture: Lecture, before: LectureState, after: LectureState
) -> None:
    Lecture.objects.update(state=before)
    legal = (before, after) in LECTURE_MOVES
    if legal:
        lifecycle.move_lecture(lecture, after, event="lecture.moved")
    else:
        with pytest.raises(IllegalMoveError):
            lifecycle.move_lecture(lecture, after, event="lecture.moved")
    assert Lecture.objects.get().state == (after if legal else before)
    assert Event.objects.count() == legal


@pytest.mark.parametrize(("before", "after"), list(product(ExamState, repeat=2)))
def test_an_exam_moves_as_its_table_says_and_not_otherwise(
    educator: User, before: ExamState, after: ExamState
) -> None:
    exam = exams.exam(educator, state=ExamState.WAITING)
    Exam.objects.update(state=before)
    legal = (before, after) in EXAM_MOVES
    if legal:
        lifecycle.move_exam(exam, after, event="exam.moved")
    else:
        with pytest.raises(IllegalMoveError):
            lifecycle.move_exam(exam, after, event="exam.moved")
    assert Exam.objects.get().state == (after if legal else before)
    assert Event.objects.count() == legal


@pytest.mark.parametrize(("before", "after"), list(product(QuestionState, repeat=2)))
def test_a_question_of_a_draft_moves_as_its_table_says_and_not_otherwise(
    educator: User, before: QuestionState, after: QuestionState
) -> None:
    question = exams.exam(educator).questions.get(position=1)
    Question.objects.update(state=before)
    legal = (before, after) in QUESTION_MOVES
    if legal:
        lifecycle.move_question(question, after, actor=educator.id)
    else:
        with pytest.raises(IllegalMoveError):
            lifecycle.move_question(question, after, actor=educator.id)
    question.refresh_from_db()
    assert question.state == (after if legal else before)
    assert Event.objects.count() == legal


def test_a_move_sets_its_fields_on_row_and_instance_and_leaves_the_others(
    educator: User,
) -> None:
    lecture = exams.lecture(educator, state=LectureState.STORED)
    Lecture.objects.update(title="Renamed meanwhile")

    lifecycle.move_lecture(
        lecture,
        LectureState.FAILED,
        event="lecture.failed",
        actor=educator.id,
        facts={"code": "damaged"},
        error_code="damaged",
    )

    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "damaged")
    stored = Lecture.objects.get()
    assert (stored.state, stored.error_code) == (LectureState.FAILED, "damaged")
    assert stored.title == "Renamed meanwhile"
    event = Event.objects.get()
    assert (event.name, event.subject_type, event.subject_id) == (
        "lecture.failed",
        "lecture",
        lecture.id,
    )
    assert (event.actor, event.data) == (educator.id, {"code": "damaged"})


def test_of_two_that_race_one_wins_and_the_other_hears_of_it(educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.GENERATING)
    rival = Exam.objects.get()
    lifecycle.move_exam(exam, ExamState.DRAFT, event="exam.ready")
    with pytest.raises(IllegalMoveError):
        lifecycle.move_exam(rival, ExamState.FAILED, event="exam.failed")
    assert Exam.objects.get().state == ExamState.DRAFT
    assert [event.name for event in Event.objects.all()] == ["exam.ready"]


# Nobody else

_WRITERS = {"update", "create", "get_or_create", "update_or_create", "setattr"}
_MODELS = {"Lecture", "Exam", "Question"}


def _writes_of_state(source: str) -> Iterator[int]:
    """Lines that assign a `state`, whichever way Python and Django offer."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr == "state":
                yield node.lineno
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = any(keyword.arg == "state" for keyword in node.keywords)
            if named and name in _WRITERS | _MODELS:
                yield node.lineno
            if name in {"setattr", "bulk_update"} and any(
                isinstance(part, ast.Constant) and part.value == "state"
                for argument in node.args
                for part in ast.walk(argument)
            ):
                yield node.lineno


def test_a_write_of_a_state_is_recognised() -> None:
    for line in (
        "exam.state = 'draft'",
        "Exam.objects.filter(id=1).update(state='draft')",
        "Exam.objects.create(state='draft')",
        "Exam(state='draft')",
        "setattr(exam, 'state', 'draft')",
        "Exam.objects.bulk_update(rows, ['state'])",
    ):
        assert list(_writes_of_state(line)) == [1], line
    assert list(_writes_of_state("exams.filter(state='draft'); exam.state")) == []


def test_no_other_code_assigns_a_state() -> None:
    root = BASE_DIR
    packages = ("accounts", "api", "examgen", "exams", "notifications", "scoring")
    # Jobs have a life of their own, moved by `claims` alone.
    allowed = {
        Path("exams/services/lifecycle.py"),
        Path("notifications/services/lifecycle.py"),
        Path("examgen/jobs/claims.py"),
    }
    found = [
        f"{path.relative_to(root)}:{line}"
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
        if "migrations" not in path.parts and path.relative_to(root) not in allowed
        for line in _writes_of_state(path.read_text("utf-8"))
    ]
    assert found == []
