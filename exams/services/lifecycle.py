"""The only code that changes the state of a lecture, an exam, a question or a request.

Every move is one conditional UPDATE, so of two that race one wins and the other hears
of it, and every move is told as an event in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from examgen.jobs.clock import now
from examgen.jobs.events import Fact, Subject, record
from exams.models import Exam, Lecture, Question, QuestionRequest
from exams.states import (
    EXAM_MOVES,
    LECTURE_MOVES,
    QUESTION_MOVES,
    REQUEST_MOVES,
    ExamState,
    IllegalMoveError,
    LectureState,
    QuestionState,
    RequestState,
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


def replace_question(
    question: Question, *, actor: uuid.UUID | None, request: uuid.UUID, **fields: Any
) -> None:
    """Give a question's place to another one, which may bring its own state.

    The exam must be a draft, and the question be in the revision that the row says.
    """
    hold_draft(question)
    seen = Question.objects.filter(revision=question.revision)
    fields = {**fields, "revision": question.revision + 1}
    _move(seen, question, list(QuestionState), fields.pop("state"), fields)
    record("question.replaced", question, actor=actor, request=str(request))


def move_request(
    request: QuestionRequest,
    to: RequestState,
    *,
    actor: uuid.UUID | None = None,
    **fields: Any,
) -> None:
    """End a request with its answer; of two who end it the second hears of it."""
    sources = [state for state, targets in REQUEST_MOVES.items() if to in targets]
    fields = {**fields, "ended_at": now()}
    _move(QuestionRequest.objects.all(), request, sources, to, fields)
    record(
        "questions.answered",
        request,
        actor=actor,
        exam=str(request.exam_id),
        state=to.value,
        made=request.made,
        code=request.error_code,
    )


def hold_draft(question: Question) -> None:
    """Hold the question's exam until the commit; raises IllegalMoveError if no draft.

    A publication then waits for the change, or the change for the publication and
    hears of it. Whoever holds the question as well holds the exam first.
    """
    hold_draft_exam(question.exam_id)


def hold_draft_exam(exam_id: uuid.UUID) -> None:
    """The same for whoever changes which questions an exam has."""
    drafts = Exam.objects.select_for_update(no_key=True).filter(state=ExamState.DRAFT)
    if not drafts.filter(pk=exam_id).values_list("pk", flat=True):
        raise IllegalMoveError(f"{exam_id}: no draft")


def _move(
    rows: models.QuerySet[Any],
    row: Lecture | Exam | Question | QuestionRequest,
    sources: list[Any],
    to: models.TextChoices,
    fields: Mapping[str, Any],
) -> None:
    changes = {"state": to, **fields}
    if not rows.filter(pk=row.pk, state__in=sources).update(**changes):
        raise IllegalMoveError(f"{row.pk}: {row.state} -> {to}")
    for name, value in changes.items():
        setattr(row, name, value)
