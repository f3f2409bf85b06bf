"""Grading by people: answers that wait, one mark after the other, and second thoughts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.models import User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Attempt, Grade
from scoring.services.grading import tell_graded
from scoring.services.visibility import latest_grade
from scoring.states import AttemptState

BY_PERSON = "person"


class MarkConflictError(Exception):
    """The attempt has a newer grade than the grader saw.

    `changed` says whether the answer in question has another mark in it, or only
    another answer of the attempt has.
    """

    def __init__(self, grade: Grade, *, changed: bool) -> None:
        super().__init__(grade.revision)
        self.grade = grade
        self.changed = changed


class MarkRefusedError(Exception):
    """`code` says why: `too_many_points`, `negative_points`, `not_graded`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Written:
    """One answer that a person grades, with the grade that its attempt has now."""

    grade: Grade
    sheet: dict[str, Any]
    place: int

    @property
    def attempt(self) -> Attempt:
        return self.grade.attempt

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

    @property
    def points(self) -> Decimal | None:
        """What it was given; None while it waits."""
        points = self.grade.marks[self.question]["points"]
        return None if points is None else Decimal(points)

    @property
    def comment(self) -> str:
        return str(self.grade.marks[self.question]["comment"])


# Looking


def written(educator: User, attempt_id: uuid.UUID, question: str) -> Written | None:
    """An answer that this educator may grade or has graded; reads no other's paper."""
    grades = Grade.objects.for_user(educator).filter(
        attempt=attempt_id, attempt__state=AttemptState.CLOSED
    )
    newest = grades.select_related("attempt__version").order_by("-revision").first()
    if newest is None:
        return None
    for place, sheet in enumerate(newest.attempt.version.questions, start=1):
        if sheet["id"] == question and sheet["kind"] == Kind.ESSAY:
            return Written(newest, sheet, place)
    return None


def is_held_by(educator: User, attempt_id: uuid.UUID) -> bool:
    """Whether this attempt is one at an exam of this educator."""
    return Attempt.objects.held_by(educator).filter(pk=attempt_id).exists()


def incomplete() -> QuerySet[Grade]:
    """The grades that count of closed attempts in which an answer waits."""
    later = Grade.objects.filter(
        attempt=OuterRef("attempt"), revision__gt=OuterRef("revision")
    )
    grades: QuerySet[Grade] = Grade.objects.filter(
        ~Exists(later), complete=False, attempt__state=AttemptState.CLOSED
    )
    return grades.order_by()


def first_of(educator: User, exam: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """Attempt and question of the answer of this exam that comes next."""
    waiting = incomplete().values("attempt__version")
    versions = ExamVersion.objects.for_user(educator).filter(exam=exam, pk__in=waiting)
    version = versions.defer("key").order_by("pk").first()
    return None if version is None else next_of(version)


def next_of(version: ExamVersion) -> tuple[uuid.UUID, str] | None:
    """Attempt and question of the answer that comes next.

    Question by question, so that each is judged by one measure, and inside a question
    in the order of handing in. The database looks into the marks, so one row comes.
    """
    names = _written_questions(version)
    if not names:
        return None
    first = Case(
        *(When(_waits(name), then=Value(place)) for place, name in enumerate(names)),
        output_field=IntegerField(),
    )
    found = incomplete().filter(attempt__version=version).annotate(first=first)
    row = (
        found.exclude(first=None)
        .order_by("first", "attempt__closed_at", "attempt")
        .values_list("attempt", "first")
        .first()
    )
    return None if row is None else (row[0], names[row[1]])


def left(version: ExamVersion) -> int:
    """How many answers wait in this exam."""
    counts = {
        f"question_{place}": Count("pk", filter=_waits(name))
        for place, name in enumerate(_written_questions(version))
    }
    if not counts:
        return 0
    found = incomplete().filter(attempt__version=version).aggregate(**counts)
    return sum(found.values())


def _written_questions(version: ExamVersion) -> list[str]:
    return [sheet["id"] for sheet in version.questions if sheet["kind"] == Kind.ESSAY]


def _waits(question: str) -> Q:
    return Q(**{f"marks__{question}__points": None})


# Marking


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
    and MarkRefusedError for points that cannot be. What the newest grade says already,
    as after a second click, is not said again.
    """
    with transaction.atomic():
        # Attempt, then grade, then board: everywhere in this order.
        held = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
        last = latest_grade(held)
        if (
            last is None
            or question not in last.marks
            or held.state != AttemptState.CLOSED
        ):
            raise MarkRefusedError("not_graded")
        mark = last.marks[question]
        given = {"points": f"{points:f}", "by": BY_PERSON, "comment": comment.strip()}
        if _is_said(given, mark):
            return last
        if last.revision != revision:
            raise _conflict(last, question, revision)
        if points < 0:
            raise MarkRefusedError("negative_points")
        if points > Decimal(mark["max"]):
            raise MarkRefusedError("too_many_points")
        marks = last.marks | {question: mark | given}
        grade = _append(attempt, last, marks, actor)
        if grade.complete:
            tell_graded(grade)
    return grade


def _is_said(given: dict[str, str], mark: dict[str, Any]) -> bool:
    if mark["points"] is None or Decimal(mark["points"]) != Decimal(given["points"]):
        return False
    return (mark["by"], mark["comment"]) == (given["by"], given["comment"])


def _conflict(last: Grade, question: str, revision: int) -> MarkConflictError:
    seen = Grade.objects.filter(attempt=last.attempt_id, revision=revision).first()
    changed = seen is None or seen.marks[question] != last.marks[question]
    return MarkConflictError(last, changed=changed)


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
