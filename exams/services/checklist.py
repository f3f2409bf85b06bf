"""Is an exam fit to be published like this? One small function for each thing to know.

They say codes with parameters; the sentences stand in `exams.wording_publishing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams import content
from exams.models import Exam, ExamVersion, Question
from exams.policy import (
    FARTHEST,
    MOST_ATTEMPTS,
    MOST_MINUTES,
    Policy,
    Release,
    Several,
)
from exams.states import KEPT, QuestionState


class Level(StrEnum):
    """`problem` bars publishing; `note` is what a person should have thought of."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list. `about` names the part of the policy, or the course."""

    level: Level
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""


def checklist(
    *, exam: Exam, policy: Policy, course: Course | None, at: datetime | None = None
) -> list[Check]:
    """Everything worth knowing before the exam is published so, at this time."""
    questions = list(exam.questions.all())
    return checks(exam, questions, policy, course, at or now())


def checks(
    exam: Exam,
    questions: Sequence[Question],
    policy: Policy,
    course: Course | None,
    at: datetime,
) -> list[Check]:
    """The list for questions that were read before."""
    return [
        *_decided(questions),
        *_keys(questions),
        *_points(questions),
        *_by_hand(questions),
        *_window(policy, at),
        *_zone(exam.owner),
        *_limit(policy),
        *_attempts(policy),
        *_release(policy, at),
        *_pass_mark(policy),
        *_grading(policy),
        *_course(course, exam.owner),
    ]


def summary(version: ExamVersion) -> list[Check]:
    """What holds for a published exam: the rules, and who may take it."""
    rules = version.rules
    return [
        *_limit(rules),
        *_attempts(rules),
        _ok(f"release_{rules.release.value}", due=rules.release_at),
        *_pass_mark(rules),
        *_by_sheets(version),
        *_course(version.course, version.exam.owner),
    ]


def kept(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.state in KEPT]


def _ok(code: str, about: str = "", **params: Any) -> Check:
    return Check(Level.OK, code, params, about)


def _note(code: str, about: str = "", **params: Any) -> Check:
    return Check(Level.NOTE, code, params, about)


def _problem(code: str, about: str = "", **params: Any) -> Check:
    return Check(Level.PROBLEM, code, params, about)


# The questions


def _decided(questions: Sequence[Question]) -> Iterator[Check]:
    undecided = sum(item.state == QuestionState.PROPOSED for item in questions)
    if undecided:
        yield _problem("undecided", count=undecided)
    elif not kept(questions):
        yield _problem("nothing_kept")
    else:
        yield _ok("decided", count=len(kept(questions)), total=len(questions))


def _keys(questions: Sequence[Question]) -> Iterator[Check]:
    broken = [
        number
        for number, question in enumerate(questions, start=1)
        if question.state in KEPT and not _is_gradable(question)
    ]
    if broken:
        yield _problem("keys_broken", count=len(broken), numbers=broken)
    elif kept(questions):
        yield _ok("keys_whole")


def _is_gradable(question: Question) -> bool:
    try:
        body = question.as_content().body
    except ValueError:  # a ContentError, or a word that no release knows
        return False
    return not any(content.body_problems(body))


def _points(questions: Sequence[Question]) -> Iterator[Check]:
    points = sum((item.points for item in kept(questions)), Decimal(0))
    worthless = [
        number
        for number, question in enumerate(questions, start=1)
        if question.state in KEPT and not question.points
    ]
    if not kept(questions):
        return
    if not points:
        yield _problem("no_points")
    elif worthless:
        yield _note("some_worthless", count=len(worthless), numbers=worthless)
    else:
        yield _ok("points", points=points)


def _by_hand(questions: Sequence[Question]) -> Iterator[Check]:
    essays = sum(item.kind == content.Kind.ESSAY for item in kept(questions))
    if essays:
        yield _note("essays", count=essays)


def _by_sheets(version: ExamVersion) -> Iterator[Check]:
    sheets = version.questions
    points = sum((Decimal(sheet["points"]) for sheet in sheets), Decimal(0))
    yield _ok("points", points=points)
    if essays := sum(sheet["kind"] == content.Kind.ESSAY for sheet in sheets):
        yield _note("essays", count=essays)


# The rules


def _window(policy: Policy, at: datetime) -> Iterator[Check]:
    opens, closes, minutes = policy.opens_at, policy.closes_at, policy.minutes
    if opens > at + FARTHEST:
        yield _problem("opens_too_far", "opens_at")
    if closes is None:
        yield _note("no_end", opens=opens)
    elif closes <= at:
        yield _problem("window_over", "closes_at")
    elif closes <= opens:
        yield _problem("ends_before_start", "closes_at")
    elif closes > at + FARTHEST:
        yield _problem("closes_too_far", "closes_at")
    elif minutes and (closes - opens).total_seconds() < 60 * minutes:
        window = int((closes - opens).total_seconds() // 60)
        yield _note("window_short", count=window, minutes=minutes)
    else:
        yield _ok("window", opens=opens, closes=closes)


def _zone(owner: User) -> Iterator[Check]:
    if owner.time_zone == "UTC":
        yield _note("zone_utc")  # what everybody has who never chose
    else:
        yield _ok("zone", zone=owner.time_zone)


def _limit(policy: Policy) -> Iterator[Check]:
    if policy.minutes is None:
        yield _ok("no_limit")
    elif not 1 <= policy.minutes <= MOST_MINUTES:
        yield _problem("minutes_out_of_range", "minutes", limit=MOST_MINUTES)
    else:
        yield _ok("limit", count=policy.minutes)


def _attempts(policy: Policy) -> Iterator[Check]:
    if not 1 <= policy.attempts <= MOST_ATTEMPTS:
        yield _problem("attempts_out_of_range", "attempts", limit=MOST_ATTEMPTS)
    elif policy.attempts == 1:
        yield _ok("one_attempt")
    else:
        counting = f"attempts_{policy.counting.value}"
        yield _ok(counting, count=policy.attempts)


def _release(policy: Policy, at: datetime) -> Iterator[Check]:
    match policy.release:
        case Release.AFTER_CLOSE if policy.closes_at is None:
            yield _problem("release_undecided", "release")
        case Release.AFTER_CLOSE:
            yield _ok("release_after_close")
        case Release.AT_SUBMIT if policy.attempts > 1:
            yield _note("release_before_retry", "release")
        case Release.AT_SUBMIT:
            yield _note("release_at_submit", "release")
        case Release.MANUAL:
            yield _ok("release_manual")
        case Release.ON_DATE:
            yield _release_date(policy, at)


def _release_date(policy: Policy, at: datetime) -> Check:
    due = policy.release_at
    if due is None:
        return _problem("release_date_missing", "release_at")
    if policy.closes_at is not None and due < policy.closes_at:
        return _problem("release_before_end", "release_at")
    if due <= max(at, policy.opens_at):
        return _problem("release_before_start", "release_at")
    if due > at + FARTHEST:
        return _problem("release_too_far", "release_at")
    return _ok("release_on_date", due=due)


def _pass_mark(policy: Policy) -> Iterator[Check]:
    mark = policy.pass_percent
    if mark is None:
        yield _ok("no_pass_mark")
    elif not (mark.is_finite() and 0 <= mark <= 100):  # noqa: PLR2004 - per cent
        yield _problem("pass_mark_out_of_range", "pass_percent")
    else:
        yield _ok("pass_mark", percent=mark)


def _grading(policy: Policy) -> Iterator[Check]:
    if policy.negative_marking and policy.several != Several.PENALTY:
        yield _note("negative_without_penalty", "negative_marking")


# The students


def _course(course: Course | None, owner: User) -> Iterator[Check]:
    if course is None:
        yield _note("anyone", "course")
        return
    if not Course.objects.for_user(owner).filter(pk=course.pk).exists():
        yield _problem("course_foreign", "course")
        return
    extended = Q(multiplier__gt=1) | Q(extra_minutes__gt=0)
    found = course.enrolments.students().aggregate(
        all=Count("pk"), extended=Count("pk", filter=extended)
    )
    if not found["all"]:
        yield _note("course_empty", "course", course=course.name)
        return
    yield _ok("course", course=course.name, count=found["all"])
    if found["extended"]:
        yield _ok("extra_time", count=found["extended"])
    else:
        yield _ok("no_extra_time")
