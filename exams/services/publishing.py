"""Publishing: a reviewed draft becomes a frozen version, and its doors move."""

from __future__ import annotations

import contextlib
import math
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.codes import new_code
from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.events import Fact, record
from exams import content
from exams.formats import examgen_json, paper
from exams.models import Exam, ExamVersion, Question
from exams.policy import FARTHEST, Policy, Release
from exams.services import documents, files, lifecycle
from exams.services.checklist import Check, Level, checklist, checks, kept
from exams.states import KEPT, ExamState, IllegalMoveError

__all__ = ["Check", "Level", "checklist"]

_SEED_BITS = 128
_BATCH = 100


class NotReadyError(Exception):
    """The checklist has problems; `problems` are its lines."""

    def __init__(self, problems: Sequence[Check]) -> None:
        super().__init__([check.code for check in problems])
        self.problems = problems


class ChangedMeanwhileError(Exception):
    """The draft was edited between the check and the publication."""


class RefusedError(Exception):
    """What was asked for cannot be; `code` has a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def publish_exam(
    *, exam: Exam, actor: User, policy: Policy, course: Course | None = None
) -> ExamVersion:
    """Freeze the kept questions under these rules and open the doors.

    Raises NotReadyError with what the checklist holds against it, IllegalMoveError
    when it is no draft (any more), ChangedMeanwhileError when somebody edited it in
    this moment, StoreError when the store is away; in each case nothing is published.
    """
    at = now()
    rules = _from_now_on(policy, at)
    questions = list(exam.questions.all())
    found = checks(exam, questions, rules, course, at)
    if problems := [check for check in found if check.level == Level.PROBLEM]:
        raise NotReadyError(problems)
    version = _freeze(exam, questions, rules, at)
    version.course, version.published_by = course, actor
    # Before the transaction that names it: a document without a version harms nobody,
    # a version without its document would.
    files.keep_derived(version.document, _document(exam, questions, version))
    try:
        with transaction.atomic():
            _hold_as_seen(exam, questions)
            version.code = _unused_code()
            version.save(force_insert=True)
            lifecycle.move_exam(
                exam,
                ExamState.PUBLISHED,
                event="exam.published",
                about=version,
                actor=actor.id,
                facts=_facts(version),
            )
    except (IllegalMoveError, ChangedMeanwhileError):
        # Only then is it certain that no row names the document.
        with contextlib.suppress(files.StoreError):
            files.discard(version.document)
        raise
    return version


def suggested_policy(*, exam: Exam, at: datetime) -> Policy:
    """Sensible rules: open now, for a week, two minutes for each question."""
    questions = exam.questions.filter(state__in=KEPT).count()
    return Policy(
        opens_at=at,
        closes_at=suggested_end(exam.owner, at),
        minutes=max(10, 5 * math.ceil(2 * questions / 5)),
        pass_percent=Decimal(50),
    )


def suggested_end(owner: User, at: datetime) -> datetime:
    """The end of the day in a week, where the educator lives."""
    there = at.astimezone(ZoneInfo(owner.time_zone)) + timedelta(days=7)
    return there.replace(hour=23, minute=59, second=0, microsecond=0)


def join_link(version: ExamVersion) -> str:
    """The address by which students come, as it is drawn and sent."""
    return f"{settings.SITE_URL}/join/{version.code}/"


def close_exam(*, version: ExamVersion, actor: uuid.UUID | None) -> None:
    """Let nobody start any more; `actor` is None when the clock closes.

    Raises IllegalMoveError when it is closed already, or when the clock comes too
    early because the end was moved.
    """
    at = now()
    doors = ExamVersion.objects.filter(closed_at=None)
    if actor is None:
        doors = doors.filter(closes_at__lte=at)
    with transaction.atomic():
        _change(doors, version, closed_at=at)
        lifecycle.move_exam(
            version.exam,
            ExamState.CLOSED,
            event="exam.closed",
            about=version,
            actor=actor,
            facts=_facts(version),
        )


def reopen_exam(
    *, version: ExamVersion, actor: User, closes_at: datetime | None
) -> None:
    """Open the doors again until a new end.

    Results that were released are hidden again until the release is due anew. Raises
    RefusedError for an end that cannot be, IllegalMoveError when it is not closed.
    """
    _refuse_end(version, closes_at, now())
    with transaction.atomic():
        closed = ExamVersion.objects.filter(closed_at__isnull=False)
        _change(closed, version, closed_at=None, closes_at=closes_at, released_at=None)
        lifecycle.move_exam(
            version.exam,
            ExamState.PUBLISHED,
            event="exam.reopened",
            about=version,
            actor=actor.id,
            facts={**_facts(version), "closes_at": _text(closes_at)},
        )


def move_closing(
    *, version: ExamVersion, closes_at: datetime | None, actor: User
) -> None:
    """Give the doors another end; attempts that run keep the deadline they have.

    Raises RefusedError for an end that cannot be, IllegalMoveError when the exam is
    closed.
    """
    _refuse_end(version, closes_at, now())
    with transaction.atomic():
        doors = ExamVersion.objects.filter(closed_at=None)
        _change(doors, version, closes_at=closes_at)
        record(
            "exam.rescheduled",
            version,
            actor=actor.id,
            **_facts(version),
            closes_at=_text(closes_at),
        )


def release_results(*, version: ExamVersion, actor: User) -> None:
    """Show students what they reached, now. Doing it twice does nothing more.

    Raises RefusedError("still_open") while an exam with an end is open: who comes
    later would hear the answers from those who were there.
    """
    at = now()
    # Closed, or without an end.
    done = Q(closed_at__isnull=False) | Q(closes_at=None)
    hidden = ExamVersion.objects.filter(done, released_at=None)
    with transaction.atomic():
        if hidden.filter(pk=version.pk).update(released_at=at):
            version.released_at = at
            record("exam.released", version, actor=actor.id, **_facts(version))
            return
    version.refresh_from_db(fields=["released_at"])
    if version.released_at is None:
        raise RefusedError("still_open")


def close_ended() -> int:
    """Close what has come to its end by the clock; returns how many those were."""
    ended = ExamVersion.objects.filter(closed_at=None, closes_at__lte=now())
    closed = 0
    for version in ended.select_related("exam")[:_BATCH]:
        with contextlib.suppress(IllegalMoveError):  # somebody was quicker
            close_exam(version=version, actor=None)
            closed += 1
    return closed


# Publishing


def _from_now_on(policy: Policy, at: datetime) -> Policy:
    """The rules in UTC; doors that should have opened before open now."""
    times = {
        name: moment.astimezone(UTC)
        for name in ("closes_at", "release_at")
        if (moment := getattr(policy, name)) is not None
    }
    opens_at = max(policy.opens_at.astimezone(UTC), at)
    return replace(policy, opens_at=opens_at, **times)


def _freeze(
    exam: Exam, questions: Sequence[Question], rules: Policy, at: datetime
) -> ExamVersion:
    """The next version of the exam, not saved, without code and course."""
    policy = rules.to_json()
    frozen = paper.freeze(
        title=exam.title,
        language=exam.language,
        questions=[question.as_content() for question in kept(questions)],
        policy=policy,
        seed=secrets.randbits(_SEED_BITS),
    )
    number = 1 + (exam.versions.aggregate(last=Max("number"))["last"] or 0)
    return ExamVersion(
        exam=exam,
        number=number,
        title=exam.title,
        paper=frozen.paper,
        key=frozen.key,
        policy=policy,
        sha256=frozen.sha256,
        # Named by its content: of two who publish at once, each has a document.
        document=f"{exam.prefix}/v{number}-{frozen.sha256[:12]}.json",
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        published_at=at,
    )


def _document(exam: Exam, questions: Sequence[Question], version: ExamVersion) -> bytes:
    return examgen_json.to_bytes(
        replace(
            documents.as_content(exam),
            questions=tuple(question.as_content() for question in kept(questions)),
            version=content.Version(version.number, version.sha256),
        )
    )


def _hold_as_seen(exam: Exam, seen: Sequence[Question]) -> None:
    """Hold the draft until the commit, and make sure that it is what was checked."""
    rows = Exam.objects.select_for_update(no_key=True)
    held = rows.filter(pk=exam.pk).first()
    if held is None or held.state != ExamState.DRAFT:
        raise IllegalMoveError(f"{exam.pk}: no draft any more")
    fresh = exam.questions.values_list("id", "revision", "state")
    if held.title != exam.title or list(fresh) != [
        (question.id, question.revision, question.state) for question in seen
    ]:
        raise ChangedMeanwhileError


def _unused_code() -> str:
    """Courses and exams are joined at the same address, so no two share a code."""
    while True:
        code = new_code()
        taken = [
            ExamVersion.objects.filter(code=code),
            Course.objects.filter(code=code),
        ]
        if not any(rows.exists() for rows in taken):
            return code


# Doors


def _change(
    rows: QuerySet[ExamVersion], version: ExamVersion, **fields: datetime | None
) -> None:
    """Set the fields if the version is among the rows, in one conditional UPDATE."""
    if not rows.filter(pk=version.pk).update(**fields):
        raise IllegalMoveError(f"{version.pk}: its doors are not as thought")
    for name, value in fields.items():
        setattr(version, name, value)


def needs_end(version: ExamVersion, at: datetime) -> bool:
    """Whether results would be out for good, or never, if the exam had no end."""
    rules = version.rules
    match rules.release:
        case Release.AFTER_CLOSE:
            return True
        case Release.ON_DATE:
            return rules.release_at is not None and rules.release_at <= at
        case Release.AT_SUBMIT | Release.MANUAL:
            return False


def _refuse_end(version: ExamVersion, closes_at: datetime | None, at: datetime) -> None:
    if closes_at is None:
        if needs_end(version, at):
            raise RefusedError("end_needed")
    elif closes_at <= at:
        raise RefusedError("end_over")
    elif closes_at <= version.opens_at:
        raise RefusedError("end_before_start")
    elif closes_at > at + FARTHEST:
        raise RefusedError("end_too_far")


def _facts(version: ExamVersion) -> dict[str, Fact]:
    return {"exam": str(version.exam_id), "number": version.number}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
