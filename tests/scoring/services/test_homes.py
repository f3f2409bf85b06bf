from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import Worker
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from scoring.services import closing, homes
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import right_answers

D = Decimal
HOUR = timedelta(hours=1)
KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)


def exam(educator: User, course: Course | None, **rules) -> ExamVersion:
    return versions.version(educator, course=course, kinds=KINDS, **rules)


# The educator's


def test_live_exams_count_who_works_and_who_is_done(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = exam(educator, course)
    attempts.started(version, student)
    attempts.closed(version, classmate)
    (live,) = homes.live(educator, at=now())
    assert (live, live.working, live.handed_in) == (version, 1, 1)


def test_an_exam_is_planned_then_live_then_over(educator: User, course: Course) -> None:
    at = now()
    version = exam(educator, course, opens_at=at + HOUR, closes_at=at + 2 * HOUR)

    def lanes(moment) -> tuple[int, int, int]:
        return (
            len(homes.planned(educator, at=moment)),
            len(homes.live(educator, at=moment)),
            len(homes.ended(educator, at=moment)),
        )

    assert lanes(at) == (1, 0, 0)
    assert lanes(version.opens_at) == (0, 1, 0)
    assert lanes(version.closes_at + HOUR) == (0, 0, 1)


def test_an_exam_runs_until_nobody_works_whatever_its_doors_say(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    """Who is granted more time goes on when the doors shut."""
    courses.enrol(course, slow := people.student("lu@example.org"), multiplier="2")
    for early in (True, False):
        version = exam(educator, course, minutes=90)
        attempts.closed(version, classmate)
        attempt = attempts.started(version, slow)
        later = version.closes_at + timedelta(minutes=1)
        if early:
            publishing.close_exam(version=version, actor=educator.id)
        (live,) = homes.live(educator, at=later)
        assert (live, live.working, live.handed_in) == (version, 1, 1)
        assert version not in [row.version for row in homes.ended(educator, at=later)]
        attempts.submitted(attempt)
        assert not homes.live(educator, at=later)
        assert version in [row.version for row in homes.ended(educator, at=later)]


def test_what_is_over_shows_its_mean(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = exam(educator, course)
    attempts.closed(version, student)
    half = dict(list(right_answers(version).items())[:1])
    attempts.closed(version, classmate, half)
    Worker(QUEUES).drain()
    (over,) = homes.ended(educator, at=version.closes_at + HOUR)
    assert (over.version, over.people, over.mean) == (version, 2, D(75))


def test_answers_that_wait_for_a_person_are_counted_by_exam(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.ESSAY])
    for user in (student, classmate):
        attempts.closed(version, user)
    (found,) = homes.to_grade(educator)
    assert (found, found.waiting) == (version, 2)


def test_a_colleague_sees_nothing_of_it(
    educator: User, colleague: User, course: Course, student: User
) -> None:
    version = exam(educator, course)
    attempts.closed(version, student)
    later = version.closes_at + HOUR
    assert not homes.live(colleague, at=now())
    assert homes.ended(colleague, at=later) == []
    assert not homes.to_grade(colleague)


# The student's


def test_an_exam_goes_over_the_shelf(
    educator: User, course: Course, student: User
) -> None:
    at = now()
    version = exam(educator, course, opens_at=at - HOUR, release=Release.AT_SUBMIT)
    coming = exam(educator, course, opens_at=at + HOUR, closes_at=at + 2 * HOUR)
    shelf = homes.shelf(student, at=at)
    assert [(c.version, c.attempt) for c in shelf.open] == [(version, None)]
    assert [c.version for c in shelf.coming] == [coming]
    attempt = attempts.started(version, student)
    (card,) = homes.shelf(student, at=at).open
    assert (card.version, card.attempt, card.working) == (version, attempt, True)
    # One attempt is allowed, so handing in leaves nothing to start.
    attempts.saved(attempt, right_answers(version))
    done = attempts.submitted(attempt)
    shelf = homes.shelf(student, at=now())
    assert shelf.open == []
    assert [(c.attempt, c.percent) for c in shelf.done] == [(done, D(100))]


def test_a_result_that_is_not_released_has_no_number(
    educator: User, course: Course, student: User
) -> None:
    version = exam(educator, course)
    attempts.closed(version, student)
    (card,) = homes.shelf(student, at=now()).done
    assert card.percent is None


def test_a_result_that_waits_for_a_person_is_being_graded(
    educator: User, course: Course, student: User
) -> None:
    for release in (Release.MANUAL, Release.AT_SUBMIT):
        version = versions.version(
            educator, course=course, kinds=[Kind.ESSAY], release=release
        )
        attempts.closed(version, student)
    out, hidden = homes.shelf(student, at=now()).done
    assert (out.percent, out.being_graded) == (None, True)
    assert (hidden.percent, hidden.being_graded) == (None, False)


def test_an_exam_is_open_as_long_as_attempts_are_left(
    educator: User, course: Course, student: User
) -> None:
    version = exam(educator, course, attempts=2)
    for left in (True, False):
        closing.void(
            attempt=attempts.closed(version, student), reason="x", actor=educator
        )
        attempts.closed(version, student)
        shown = [card.version for card in homes.shelf(student, at=now()).open]
        assert shown == [version] * left


def test_results_wait_for_whoever_is_still_at_work_in_each_exam(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    """One question for all of them, and the same answer as for each."""
    first, second = exam(educator, course), exam(educator, course)
    attempts.started(second, classmate)
    for version in (first, second):
        attempts.closed(version, student)
        publishing.close_exam(version=version, actor=educator.id)
    found = {card.version: card.percent for card in homes.shelf(student, at=now()).done}
    assert found == {first: D(100), second: None}


@pytest.mark.parametrize("enrolled", [True, False])
def test_exams_for_everybody_are_not_pushed_on_anybody(
    educator: User, course: Course, student: User, enrolled: bool
) -> None:
    exam(educator, None)
    other = courses.course(educator)
    exam(educator, other)
    reader = student if enrolled else people.student("lu@example.org")
    assert homes.shelf(reader, at=now()).open == []
