"""Who may see which rows; everybody else's do not exist."""

from __future__ import annotations

import pytest

from accounts.models import User
from exams.content import Kind
from exams.models import Exam, Lecture, Page, Question
from exams.states import QuestionState
from tests.factories import exams, people


@pytest.mark.parametrize(
    ("model", "rows"), [(Lecture, 1), (Page, 2), (Exam, 1), (Question, 4)]
)
def test_everybody_sees_their_own_rows_alone(
    educator: User, colleague: User, student: User, model, rows: int
) -> None:
    mine = exams.exam(educator)
    exams.exam(colleague)
    seen = model.objects.for_user(educator)
    assert seen.count() == rows
    assert model.objects.count() == 2 * rows
    owners = {
        row.owner_id
        if hasattr(row, "owner_id")
        else (row.exam if model is Question else row.lecture).owner_id
        for row in seen
    }
    assert owners == {mine.owner_id}
    assert not model.objects.for_user(student).exists()


def test_an_admin_is_no_exception(educator: User) -> None:
    exams.exam(educator)
    admin = people.admin()
    for model in (Lecture, Page, Exam, Question):
        assert not model.objects.for_user(admin).exists()


def test_the_counts_tell_kept_from_undecided_and_dropped(educator: User) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    states = (
        QuestionState.ACCEPTED,
        QuestionState.EDITED,
        QuestionState.REJECTED,
    )
    for position, state in enumerate(states, start=1):
        exam.questions.filter(position=position).update(state=state)
    counted = Exam.objects.with_counts().get()
    assert (counted.question_count, counted.undecided, counted.kept) == (8, 5, 2)


def test_an_exam_without_questions_is_counted_with_none(educator: User) -> None:
    exams.exam(educator, kinds=[])
    counted = Exam.objects.with_counts().get()
    assert (counted.question_count, counted.undecided, counted.kept) == (0, 0, 0)


def test_exams_with_their_counts_come_newest_first(educator: User) -> None:
    made = [exams.exam(educator, kinds=[Kind.ESSAY]) for _ in range(3)]
    assert list(Exam.objects.for_user(educator).with_counts()) == made[::-1]
