"""Who may see score, answers, key and board, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import Course, User
from accounts.services.courses import leave
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from scoring.models import Attempt
from scoring.services import closing
from scoring.services.visibility import Promise, What, can_see, promise, released
from tests.factories import attempts, people, versions

AN_HOUR = timedelta(hours=1)
EVERYTHING = set(What)
NOTHING: set[What] = set()
MACHINE = [Kind.TRUE_FALSE]


def seen(attempt: Attempt, person: User, at: datetime | None = None) -> set[What]:
    fresh = Attempt.objects.select_related("version__exam").get(pk=attempt.pk)
    return {what for what in What if can_see(fresh, what, person, at or now())}


@pytest.fixture
def publish(educator: User, course: Course):
    def make(**rules: object) -> ExamVersion:
        return versions.version(
            educator, course=course, **{"kinds": MACHINE, "minutes": 30, **rules}
        )

    return make


def close_doors(version: ExamVersion) -> None:
    ExamVersion.objects.filter(pk=version.pk).update(closed_at=now())


def test_at_submit_everything_is_seen_at_once(publish, student: User) -> None:
    version = publish(release=Release.AT_SUBMIT)
    assert seen(attempts.closed(version, student), student) == EVERYTHING


def test_on_a_date_nothing_is_seen_before_it(publish, student: User) -> None:
    at = now() + AN_HOUR
    version = publish(release=Release.ON_DATE, release_at=at, open_ended=True)
    attempt = attempts.closed(version, student)
    assert seen(attempt, student, at - timedelta(seconds=1)) == NOTHING
    assert seen(attempt, student, at) == EVERYTHING


def test_a_date_waits_for_an_end_that_was_moved_past_it(
    publish, student: User, classmate: User
) -> None:
    date = now() + AN_HOUR
    version = publish(release=Release.ON_DATE, release_at=date, closes_at=date)
    attempt = attempts.closed(version, student)
    slow = attempts.started(version, classmate)
    ExamVersion.objects.update(closes_at=date + AN_HOUR)
    assert seen(attempt, student, date) == NOTHING
    # Whoever has more time than others outlasts the doors.
    assert seen(attempt, student, date + AN_HOUR) == NOTHING
    attempts.run_out(slow)
    closing.close_expired()
    assert seen(attempt, student, date) == NOTHING
    assert seen(attempt, student, date + AN_HOUR) == EVERYTHING


def test_by_hand_nothing_is_seen_until_the_educator_says_so(
    publish, student: User
) -> None:
    version = publish(release=Release.MANUAL)
    attempt = attempts.closed(version, student)
    close_doors(version)
    assert seen(attempt, student) == NOTHING
    ExamVersion.objects.update(released_at=now())
    assert seen(attempt, student) == EVERYTHING


def test_after_the_close_means_after_everybodys(
    publish, student: User, classmate: User
) -> None:
    """Whoever has more time than others still sees no key of the others."""
    version = publish()
    attempt = attempts.closed(version, student)
    slow = attempts.started(version, classmate)
    assert seen(attempt, student) == NOTHING
    # The window has ended, and one attempt outlives it.
    later = version.closes_at
    assert seen(attempt, student, later) == NOTHING
    attempts.run_out(slow)
    assert seen(attempt, student, later) == NOTHING
    closing.close_expired()
    assert seen(attempt, student, later) == EVERYTHING
    assert seen(attempt, student) == NOTHING
    close_doors(version)
    assert seen(attempt, student) == EVERYTHING


def test_another_exam_still_open_keeps_nothing_back(publish, student: User) -> None:
    version, other = publish(), publish()
    attempt = attempts.closed(version, student)
    attempts.started(other, student)
    close_doors(version)
    assert seen(attempt, student) == EVERYTHING


@pytest.mark.parametrize("release", [Release.AT_SUBMIT, Release.MANUAL])
def test_of_an_attempt_that_is_open_or_taken_out_nothing_is_seen(
    publish, educator: User, student: User, release: Release
) -> None:
    version = publish(release=release)
    ExamVersion.objects.update(released_at=now())
    attempt = attempts.started(version, student)
    assert seen(attempt, student) == NOTHING
    closing.void(attempt=attempt, reason="Fire alarm", actor=educator)
    assert seen(attempt, student) == NOTHING


def test_the_score_waits_for_the_last_essay(publish, student: User) -> None:
    version = publish(release=Release.AT_SUBMIT, kinds=[Kind.TRUE_FALSE, Kind.ESSAY])
    attempt = attempts.closed(version, student)
    assert seen(attempt, student) == EVERYTHING - {What.SCORE}
    row = attempt.grades.get()
    attempt.grades.create(
        revision=2,
        key_sha256=row.key_sha256,
        points=2,
        max_points=2,
        marks=row.marks,
        complete=True,
        created_at=now(),
    )
    assert seen(attempt, student) == EVERYTHING


def test_the_key_waits_while_it_could_be_used(publish, student: User) -> None:
    version = publish(release=Release.AT_SUBMIT, attempts=2)
    first = attempts.closed(version, student)
    # Another attempt is possible, then running, then over.
    assert seen(first, student) == EVERYTHING - {What.KEY}
    second = attempts.started(version, student)
    assert seen(first, student) == EVERYTHING - {What.KEY}
    attempts.run_out(second)
    closing.close_expired()
    assert seen(first, student) == EVERYTHING


def test_leaving_the_course_brings_no_key_to_light(
    publish, course: Course, student: User
) -> None:
    """Whoever left may come back, and use it in the attempt that is left."""
    version = publish(release=Release.AT_SUBMIT, attempts=2)
    attempt = attempts.closed(version, student)
    leave(enrolment=course.enrolments.get(user=student), actor=student)
    assert seen(attempt, student) == EVERYTHING - {What.KEY}
    close_doors(version)
    assert seen(attempt, student) == EVERYTHING


def test_the_key_is_seen_when_no_other_attempt_is_possible_any_more(
    publish, student: User
) -> None:
    version = publish(release=Release.AT_SUBMIT, attempts=2)
    attempt = attempts.closed(version, student)
    assert seen(attempt, student, version.closes_at) == EVERYTHING


def test_the_exams_owner_sees_everything_and_nobody_else_anything(
    publish, educator: User, colleague: User, student: User, classmate: User
) -> None:
    version = publish(release=Release.AT_SUBMIT)
    for attempt in (
        attempts.closed(version, student),
        attempts.started(version, classmate),
    ):
        assert seen(attempt, educator) == EVERYTHING
        others = [colleague, people.admin(f"{attempt.id}@example.org")]
        others.append(classmate if attempt.user == student else student)
        for person in others:
            assert seen(attempt, person) == NOTHING


def test_a_student_is_told_when_results_come(publish) -> None:
    at = now() + AN_HOUR
    dated = publish(release=Release.ON_DATE, release_at=at, open_ended=True)
    assert promise(dated) == Promise(Release.ON_DATE, at)
    dated.closes_at = at + AN_HOUR
    assert promise(dated) == Promise(Release.ON_DATE, at + AN_HOUR)
    dated.closed_at = now()
    assert promise(dated) == Promise(Release.ON_DATE, at)
    version = publish()
    assert promise(version) == Promise(Release.AFTER_CLOSE, version.closes_at)
    version.closed_at = now()
    assert promise(version) == Promise(Release.AFTER_CLOSE, None)
    for release in (Release.AT_SUBMIT, Release.MANUAL):
        assert promise(publish(release=release)) == Promise(release, None)


def test_what_is_released_by_hand_is_released_under_every_policy(publish) -> None:
    for release in Release:
        version = publish(release=release, release_at=now() + AN_HOUR)
        version.released_at = now()
        assert released(version, now())
