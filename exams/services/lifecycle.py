"""The only code that changes the state of a lecture, an exam or a question.

Every move is one conditional UPDATE, so of two that race one wins and the other hears
of it, and every move is told as an event in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from examgen.jobs.events import Fact, record
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
    actor: uuid.UUID | None = None,
    facts: Mapping[str, Fact] | None = None,
    **fields: Any,
) -> None:
    """Move an exam and set the fields that belong to its new state."""
    sources = [state for state, targets in EXAM_MOVES.items() if to in targets]
    _move(Exam.objects.all(), exam, sources, to, fields)
    record(event, exam, actor=actor, **(facts or {}))


def move_question(
    question: Question, to: QuestionState, *, actor: uuid.UUID, **fields: Any
) -> None:
    """Decide a question. The exam must be a draft: what is published is frozen."""
    sources = [state for state, targets in QUESTION_MOVES.items() if to in targets]
    if to == QuestionState.EDITED:
        sources.append(to)  # an edited question may be edited again
    drafts = Question.objects.filter(exam__state=ExamState.DRAFT)
    _move(drafts, question, sources, to, fields)
    record("question.decided", question, actor=actor, decision=to.value)


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
