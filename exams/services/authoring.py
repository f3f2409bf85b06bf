"""Reviewing a draft: an educator decides and edits question by question."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from exams import content, gate
from exams.formats.examgen_json import body_to_dict
from exams.gate.codes import ABOUT_EVIDENCE
from exams.models import Exam, Lecture, Question
from exams.services import anchoring, cross_checks, lifecycle, question_rows
from exams.services.readings import load_document
from exams.states import FROZEN, IllegalMoveError, QuestionState


class NotFitError(Exception):
    """The gate holds hard rules against a question; `findings` says which."""

    def __init__(self, findings: Sequence[content.Finding]) -> None:
        super().__init__([found.code for found in findings])
        self.findings = findings


class EditConflictError(Exception):
    """Somebody else changed or removed the question since this person opened it."""


def decide(
    *, question: Question, decision: QuestionState, actor: User, revision: int
) -> None:
    """Accept, drop or reopen a question as the actor last saw it.

    Deciding the same thing twice changes nothing. Raises EditConflictError when the
    question was edited meanwhile, IllegalMoveError when the exam is no draft any more.
    """
    with transaction.atomic():
        lifecycle.hold_draft(question)
        check_revision(question, revision)
        if question.state != decision:
            beside = {question.state, decision}
            lifecycle.move_question(question, decision, actor=actor.id)
            if QuestionState.REJECTED in beside:
                cross_checks.recheck(question.exam, question)


def edit_question(
    *, question: Question, edited: content.Question, actor: User, revision: int
) -> None:
    """Store the actor's version of a question and accept it.

    The gate is asked again, so that its warnings speak of the new text. Raises
    NotFitError for what breaks a hard rule, EditConflictError and IllegalMoveError as
    `decide` does.
    """
    lecture = question.exam.lecture
    warnings = check_written(lecture, edited, before=question.as_content())
    with transaction.atomic():
        lifecycle.hold_draft(question)
        # The revision is the lock: of two who edit at once, the second hears of it.
        check_revision(question, revision)
        lifecycle.move_question(
            question,
            QuestionState.EDITED,
            actor=actor.id,
            revision=revision + 1,
            stem=edited.stem,
            body=body_to_dict(edited.body),
            points=edited.points,
            explanation=edited.explanation,
            difficulty=edited.difficulty,
            bloom=edited.bloom,
            topic=edited.topic,
            tags=list(edited.tags),
            warnings=warnings,
            provenance={**question.provenance, "edited": True},
        )
        cross_checks.recheck(question.exam, question)


def check_written(
    lecture: Lecture, written: content.Question, before: content.Question | None = None
) -> list[dict[str, object]]:
    """What the gate would mention of what a person wrote, as it is kept.

    Raises NotFitError for what breaks a hard rule. What it cites is no matter of an
    edit that leaves it alone: a newer reading may have lost the sentence, which a
    warning says.
    """
    cited = {item.page for item in written.evidence}
    report = gate.check_written(written, load_document(lecture, cited))
    hard, kept = report.hard, list[content.Finding]()
    if before is not None and before.evidence == written.evidence:
        hard = tuple(found for found in hard if found.code not in ABOUT_EVIDENCE)
        kept = [found for found in before.warnings if found.code == anchoring.LOST]
    if hard:
        raise NotFitError(hard)
    return question_rows.findings([*kept, *report.soft])


def rename_exam(*, exam: Exam, title: str) -> None:
    """Give an exam another title; one that was deleted meanwhile needs none.

    Raises IllegalMoveError for a published exam: its title is on every paper.
    """
    rows = Exam.objects.filter(id=exam.id)
    changed = rows.exclude(state__in=FROZEN).update(title=title)
    if not changed and rows.exists():
        raise IllegalMoveError(f"{exam.pk}: published")
    exam.title = title


def next_undecided(exam: Exam, after: uuid.UUID | None = None) -> Question | None:
    """The next question to decide, from the one after `after` round to the first."""
    undecided = exam.questions.filter(state=QuestionState.PROPOSED)
    if after is not None:
        here = exam.questions.filter(id=after).values("position")[:1]
        if later := undecided.filter(position__gt=here).first():
            return later
    return undecided.first()


def check_revision(question: Question, revision: int) -> None:
    """Hold the question as it is now; EditConflictError when that is no longer `revision`."""
    # Asked of the database and held: an edit may have come since the row was loaded.
    rows = Question.objects.select_for_update(no_key=True)
    try:
        question.refresh_from_db(fields=["state", "revision"], from_queryset=rows)
    except Question.DoesNotExist as error:
        raise EditConflictError from error
    if question.revision != revision:
        raise EditConflictError
