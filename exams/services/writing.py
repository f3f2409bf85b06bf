"""Questions that an educator writes, beside those that were drafted."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from examgen.jobs.events import record
from exams import content
from exams.models import Exam, Question
from exams.reading import anchors
from exams.services import authoring, cross_checks, lifecycle, question_rows
from exams.states import QuestionState

# Of one form only one question comes, however often it is sent.
_NAMESPACE = uuid.UUID("0d1f7a52-9f0e-4d4e-8b0c-5a7b8a1f6f3d")
BY_HAND = "hand"


def quoted(exam: Exam, page: int, quote: str) -> content.Evidence | None:
    """Where this sentence stands on the page, line breaks aside; None: nowhere."""
    texts = exam.lecture.pages.filter(number=page).values_list("text", flat=True)
    text = texts.first() or ""
    place = anchors.find(text, quote, start=0, end=0)
    if place is None:
        return None
    start, end = place
    return content.Evidence(page, start, end, text[start:end])


def write_question(
    *, exam: Exam, actor: User, written: content.Question, once: str
) -> Question:
    """Add a question after all others, accepted by whoever wrote it.

    The same `once` again gives the question that is there. Raises NotFitError for what
    the gate refuses, IllegalMoveError when the exam is no draft.
    """
    warnings = authoring.check_written(exam.lecture, written)
    question_id = uuid.uuid5(_NAMESPACE, f"{exam.id}/{once}")
    try:
        with transaction.atomic():
            lifecycle.hold_draft_exam(exam.id)
            last = exam.questions.aggregate(last=Max("position"))["last"] or 0
            question = Question(
                id=question_id,
                exam=exam,
                position=last + 1,
                **question_rows.columns(
                    written, engine_name=BY_HAND, engine_version=""
                ),
            )
            question.warnings = warnings
            question.save(force_insert=True)
            record("question.written", question, actor=actor.id, exam=str(exam.id))
            lifecycle.move_question(question, QuestionState.ACCEPTED, actor=actor.id)
            cross_checks.recheck(exam, question)
    except IntegrityError:
        return Question.objects.get(pk=question_id)
    return question
