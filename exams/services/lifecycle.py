"""The only code that changes the state of a lecture, an exam or a question.

Every move is one conditional UPDATE, so of two that race one wins and the other hears
of it, and every move is told as an event in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from examgen.jobs.events import Fact, Subject, record
from exams.models import Exam, Lecture, Question
from exams.states import (
    EXAM_MOVES,
    LECTURE_MOVES,
    QUESTION_MOVES,
    ExamState,
    IllegalMoveError,
    LectureState,
    QuestionState,
)


def move_lecture(
    lecture: Lecture,
    to: LectureState,
    *,
    event: str,
    actor: uuid.UUID | None = None,
    facts: Mapping[str, Fact] | None = None,
    **fields: Any,
) -> None:
    """Move a lecture and set the fields that belong to its new state."""
    sources = [state for state, targets in LECTURE_MOVES.items() if to in targets]
    _move(Lecture.objects.all(), lecture, sources, to, fields)
    record(event, lecture, actor=actor, **(facts or {}))


def move_exam(
    exam: Exam,
    to: ExamState,
    *,
    event: str,
    about: Subject | None = None,
    actor: uuid.UUID | None = None,
    facts: Mapping[str, Fact] | None = None,
    **fields: Any,
) -> None:
    """Move an exam and set the fields that belong to its new state.

    The event is about the exam, or about the version of it that `about` names.
    """
    sources = [state for state, targets in EXAM_MOVES.items() if to in targets]
    _move(Exam.objects.all(), exam, sources, to, fields)
    record(event, about or exam, actor=actor, **(facts or {}))


def move_question(
    question: Question, to: QuestionState, *, actor: uuid.UUID, **fields: Any
) -> None:
    """Decide a question. The exam must be a draft: what is published is frozen."""
    hold_draft(question)
    sources = [state for state, targets in QUESTION_MOVES.items() if to in targets]
    if to == QuestionState.EDITED:
        sources.append(to)  # an edited question may be edited again
    _move(Question.objects.all(), question, sources, to, fields)
    record("question.decided", question, actor=actor, decision=to.value)


def hold_draft(question: Question) -> None:
    """Hold the question's exam until the commit; raises IllegalMoveError if no draft.

    A publication then waits for the change, or the change for the publication and
    hears of it. Whoever holds the question as well holds the exam first.
    """
    drafts = Exam.objects.select_for_update(no_key=True).filter(state=ExamState.DRAFT)
    if not drafts.filter(pk=question.exam_id).values_list("pk", flat=True):
        raise IllegalMoveError(f"{question.pk}: its exam is no draft")


def _move(
    rows: models.QuerySet[Any],
    row: Lecture | Exam | Question,
    sources: list[Any],
    to: models.TextChoices,
    fields: Mapping[str, Any],
) -> None:
    changes = {"state": to, **fields}
    if not rows.filter(pk=row.pk, state__in=sources).update(**changes):
        raise IllegalMoveError(f"{row.pk}: {row.state} -> {to}")
    for name, value in changes.items():
        setattr(row, name, value)
