"""Grading by people: answers that wait, and one mark after the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from scoring.models import Attempt, Grade
from scoring.states import AttemptState

BY_PERSON = "person"


class MarkConflictError(Exception):
    """Somebody else graded this attempt since the page was opened."""

    def __init__(self, grade: Grade) -> None:
        super().__init__(grade.revision)
        self.grade = grade


class MarkRefusedError(Exception):
    """`code` says why: `too_many_points`, `negative_points`, `not_graded`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer that only a person can grade."""

    attempt: Attempt
    grade: Grade
    sheet: dict[str, Any]
    place: int

    @property
    def question(self) -> str:
        return str(self.sheet["id"])

    @property
    def answer(self) -> str:
        """What the student wrote; empty when nothing."""
        _, value = (self.attempt.snapshot or {}).get(self.question, (0, None))
        return str(value or "")

    @property
    def rubric(self) -> str:
        return str(self.attempt.version.key[self.question]["body"].get("rubric", ""))


def attempts_to_grade(educator: User) -> QuerySet[Attempt]:
    """Closed attempts whose newest grade is incomplete."""
    newest = Grade.objects.filter(attempt=OuterRef("pk")).order_by("-revision")
    attempts: QuerySet[Attempt] = (
        Attempt.objects.held_by(educator)
        .filter(state=AttemptState.CLOSED)
        .annotate(complete=Subquery(newest.values("complete")[:1]))
        .filter(complete=False)
    )
    return attempts.select_related("version__exam").prefetch_related("grades")


def is_held_by(educator: User, attempt_id: uuid.UUID) -> bool:
    """Whether this attempt is one at an exam of this educator."""
    return Attempt.objects.held_by(educator).filter(pk=attempt_id).exists()


def queue(educator: User, *, exam: uuid.UUID | None = None) -> list[Waiting]:
    """All answers that wait, question by question: so each is judged by one measure."""
    attempts = attempts_to_grade(educator)
    if exam is not None:
        attempts = attempts.filter(version__exam_id=exam)
    found = [w for attempt in attempts.order_by("closed_at") for w in _waiting(attempt)]
    # Python's sort is stable: inside a question they stay in the order of handing in.
    return sorted(found, key=lambda w: (w.attempt.version_id, w.place))


def _waiting(attempt: Attempt) -> Iterator[Waiting]:
    grade = newest(list(attempt.grades.all()))
    if grade is None:
        return
    for place, sheet in enumerate(attempt.version.questions, start=1):
        mark = grade.marks.get(str(sheet["id"]))
        if mark is not None and mark["points"] is None:
            yield Waiting(attempt, grade, sheet, place)


def newest(grades: Sequence[Grade]) -> Grade | None:
    """The revision that counts."""
    return max(grades, key=lambda grade: grade.revision, default=None)


def mark_by_hand(
    *,
    attempt: Attempt,
    question: str,
    points: Decimal,
    comment: str,
    actor: User,
    revision: int,
) -> Grade:
    """Append the grade that this mark gives; `revision` is the one the grader saw.

    Raises MarkConflictError with the newer grade, so that nobody overwrites unseen,
    and MarkRefusedError for points that cannot be.
    """
    with transaction.atomic():
        # Attempt, then grade, then board: everywhere in this order.
        Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
        last = newest(list(Grade.objects.filter(attempt=attempt)))
        if last is None or question not in last.marks:
            raise MarkRefusedError("not_graded")
        if last.revision != revision:
            raise MarkConflictError(last)
        mark = last.marks[question]
        if points < 0:
            raise MarkRefusedError("negative_points")
        if points > Decimal(mark["max"]):
            raise MarkRefusedError("too_many_points")
        given = {"points": f"{points:f}", "by": BY_PERSON, "comment": comment.strip()}
        marks = last.marks | {question: mark | given}
        grade = _append(attempt, last, marks, actor)
        if grade.complete:
            record(
                "attempt.graded",
                attempt,
                actor=actor.id,
                version=str(attempt.version_id),
                revision=grade.revision,
            )
    return grade


def _append(attempt: Attempt, last: Grade, marks: dict[str, Any], actor: User) -> Grade:
    earned = [mark["points"] for mark in marks.values()]
    return Grade.objects.create(
        attempt=attempt,
        revision=last.revision + 1,
        key_sha256=last.key_sha256,
        points=sum((Decimal(p) for p in earned if p is not None), Decimal(0)),
        max_points=last.max_points,
        marks=marks,
        complete=None not in earned,
        graded_by=actor,
        created_at=now(),
    )
