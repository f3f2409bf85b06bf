"""One delivery of each message, in each of its wordings, ready to be composed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Course, User
from accounts.services.people import decline_educator, grant_educator
from accounts.services.standing import remove_second_factors
from examgen.jobs.events import record, record_about
from exams.models import ExamVersion
from exams.policy import Release
from exams.states import ExamState, LectureState
from notifications.models import Delivery
from notifications.states import Channel
from scoring.models import Attempt
from scoring.states import ClosedBy
from tests.factories import attempts, courses, exams, lectures, people, versions

BERLIN = {"time_zone": "Europe/Berlin"}
# A Monday, so that mails can be compared word by word.
OPENS = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
ALWAYS: dict[str, Any] = {"opens_at": OPENS, "open_ended": True}
WINDOW: dict[str, Any] = {
    "opens_at": OPENS,
    # Far enough away that no run of the tests comes after it.
    "closes_at": OPENS.replace(year=2099),
    "minutes": 30,
    "attempts": 2,
}


def _course(owner: User) -> Course:
    return courses.course(owner, name="Biology 101")


def _version(
    owner: User, course: Course | None = None, rules: dict[str, Any] = ALWAYS
) -> ExamVersion:
    return versions.version(
        owner, course=course, title="Plant cells", kinds=exams.FOUR, **rules
    )


def mail_of(message: str) -> Delivery:
    """The newest mail of this message; its job waits."""
    mails = Delivery.objects.filter(message=message, channel=Channel.EMAIL)
    return mails.order_by("-created_at")[0]


def welcome() -> Delivery:
    person = people.student(name="Sam Root", **BERLIN)
    record("user.signed_up", person, actor=person.id)
    return _told("welcome")


def welcome_educator() -> Delivery:
    person = people.educator(name="Mira Leaf")
    record("user.signed_up", person, actor=person.id)
    return _told("welcome")


def welcome_asked() -> Delivery:
    person = people.student(educator_requested_at=timezone.now())
    record("user.signed_up", person, actor=person.id)
    return _told("welcome")


def educator_granted() -> Delivery:
    person = people.student(name="Sam Root", **BERLIN)
    grant_educator(user=person, actor=people.admin())
    return _told("educator_granted")


def educator_declined() -> Delivery:
    person = people.student(name="Sam Root", educator_requested_at=timezone.now())
    reason = "We know no Sam who teaches.\nAsk <your> head."
    decline_educator(user=person, actor=people.admin(), reason=reason)
    return _told("educator_declined")


def second_factor_removed() -> Delivery:
    person = people.student(name="Sam Root")
    people.second_factor(person)
    remove_second_factors(user=person, actor=people.admin())
    return _told("second_factor_removed")


def invitation() -> Delivery:
    courses.invite(_course(people.educator(name="Mira Leaf")), "new@example.org")
    return _told("invitation")


def exam_ready() -> Delivery:
    exam = exams.exam(people.educator(name="Mira Leaf"), title="Plant cells")
    record("exam.ready", exam)
    return _told("exam_ready")


def exam_ready_short() -> Delivery:
    shortfall = {"asked": 18, "made": 4, "reasons": []}
    exam = exams.exam(people.educator(), title="Plant cells", shortfall=shortfall)
    record("exam.ready", exam)
    return _told("exam_ready")


def exam_failed() -> Delivery:
    exam = exams.exam(
        people.educator(),
        title="Plant cells",
        state=ExamState.FAILED,
        error_code="no_questions",
    )
    record("exam.failed", exam, code="no_questions")
    return _told("exam_failed")


def lecture_failed() -> Delivery:
    lecture = exams.lecture(
        people.educator(),
        title="Plant cells",
        state=LectureState.FAILED,
        error_code="too_many_pages",
        error_params={"pages": 700, "limit": 500},
    )
    record("lecture.failed", lecture, code="too_many_pages")
    return _told("lecture_failed")


def job_dead() -> Delivery:
    version = _version(people.educator())
    record_about(
        "job.dead",
        "examversion",
        version.id,
        consumer="scoring.rebuild_board",
        job=str(version.id),
        code="OSError",
    )
    return _told("job_dead")


def exam_opened() -> Delivery:
    educator = people.educator()
    course = _course(educator)
    courses.enrol(course, people.student(name="Sam Root", **BERLIN))
    record("exam.published", _version(educator, course, WINDOW))
    return _told("exam_opened")


def exam_opened_stretched() -> Delivery:
    educator = people.educator()
    course = _course(educator)
    courses.enrol(course, people.student(), multiplier="1.5", extra_minutes=5)
    record("exam.published", _version(educator, course, WINDOW))
    return _told("exam_opened")


def exam_opened_unlimited() -> Delivery:
    educator = people.educator()
    course = _course(educator)
    courses.enrol(course, people.student())
    record("exam.published", _version(educator, course))
    return _told("exam_opened")


def _receipt(by: ClosedBy) -> Delivery:
    version = _version(people.educator())
    student = people.student(name="Sam Root", **BERLIN)
    record("attempt.closed", attempts.attempt(version, student, by))
    return _told("receipt")


def receipt() -> Delivery:
    return _receipt(ClosedBy.STUDENT)


def receipt_by_clock() -> Delivery:
    return _receipt(ClosedBy.CLOCK)


def receipt_by_staff() -> Delivery:
    return _receipt(ClosedBy.STAFF)


def result_released() -> Delivery:
    rules = {**ALWAYS, "release": Release.AT_SUBMIT}
    version = _version(people.educator(), rules=rules)
    attempt = attempts.attempt(version, people.student(name="Sam Root"))
    attempts.grade(attempt)
    record("attempt.graded", attempt, version=str(attempt.version_id))
    return _told("result_released")


def result_released_again() -> Delivery:
    first = result_released()
    lectures.run_jobs()
    attempt = Attempt.objects.get(user=first.recipient)
    attempts.grade(attempt, "4")
    record("attempt.graded", attempt, version=str(attempt.version_id))
    return _told("result_released")


def scoreboard_updated() -> Delivery:
    version = _version(people.educator(name="Mira Leaf"))
    attempt = attempts.attempt(version, people.student())
    attempts.board(version, attempt)
    attempts.grade(attempt)
    record("scoreboard.updated", version)
    return _told("scoreboard_updated")


def scoreboard_final() -> Delivery:
    version = _version(people.educator())
    version.closed_at = OPENS + timedelta(days=1)
    version.save(update_fields=["closed_at"])
    taken = [
        attempts.attempt(version, people.student(f"s{number}@example.org"))
        for number in range(3)
    ]
    attempts.board(version, *taken[:1], points="2.5")
    attempts.board(version, *taken[1:2], points="3")
    attempts.grade(taken[0], "2.5")
    attempts.grade(taken[1], "3")
    attempts.grade(taken[2], complete=False)
    record("exam.closed", version)
    return _told("scoreboard_updated")


CASES: dict[str, Callable[[], Delivery]] = {
    case.__name__: case
    for case in (
        welcome,
        welcome_educator,
        welcome_asked,
        educator_granted,
        educator_declined,
        second_factor_removed,
        invitation,
        exam_ready,
        exam_ready_short,
        exam_failed,
        lecture_failed,
        job_dead,
        exam_opened,
        exam_opened_stretched,
        exam_opened_unlimited,
        receipt,
        receipt_by_clock,
        receipt_by_staff,
        result_released,
        result_released_again,
        scoreboard_updated,
        scoreboard_final,
    )
}


def _told(message: str) -> Delivery:
    lectures.run_jobs()
    return mail_of(message)


__all__ = ["ALWAYS", "CASES", "mail_of"]
