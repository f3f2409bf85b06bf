from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Course, User
from examgen.jobs.models import Event, Job
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import Worker
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Counting
from scoring import ranking
from scoring.models import Grade, ScoreboardEntry, ScoreCount
from scoring.services import closing, scoreboard
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import right_answers, sheet

D = Decimal
KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    """Two questions of a point each; three attempts, of which the best counts."""
    return versions.version(educator, course=course, kinds=KINDS, attempts=3)


def hand_in(version: ExamVersion, user: User, right: int) -> None:
    """Take the exam with so many right answers."""
    answers = dict(list(right_answers(version).items())[:right])
    attempts.closed(version, user, answers)


def board_of(version: ExamVersion) -> list[tuple[str, Decimal, int]]:
    """What the workers make of all events so far."""
    Worker(QUEUES).drain()
    return [(str(e.user), e.points, e.attempts) for e in scoreboard.board(version)]


def test_a_board_holds_the_best_of_each_student(
    version: ExamVersion, student: User, classmate: User
) -> None:
    hand_in(version, student, 1)
    hand_in(version, classmate, 1)
    hand_in(version, classmate, 2)
    hand_in(version, classmate, 0)
    assert board_of(version) == [(str(classmate), D(2), 3), (str(student), D(1), 1)]
    assert scoreboard.counts(version) == [(D(1), 1), (D(2), 1)]
    assert scoreboard.people(version) == 2


def test_places_are_shared_by_those_who_are_equal(
    version: ExamVersion, course: Course, student: User, classmate: User
) -> None:
    third = people.student("lu@example.org")
    courses.enrol(course, third)
    for user, right in ((student, 2), (classmate, 2), (third, 1)):
        hand_in(version, user, right)
    Worker(QUEUES).drain()
    places = {str(e.user): e.place for e in scoreboard.board(version)}
    assert places == {str(student): 1, str(classmate): 1, str(third): 3}
    place = scoreboard.standing(version, third)
    assert place is not None
    assert (place.rank, place.percent) == (
        ranking.Rank(place=3, shared=False, of=3),
        D(50),
    )


def test_an_essay_keeps_an_attempt_off_the_board_until_it_is_graded(
    educator: User, course: Course, student: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.ESSAY])
    attempts.closed(version, student)
    assert board_of(version) == []
    essay = str(sheet(version, Kind.ESSAY)["id"])
    from_hand = Grade.objects.get()
    assert from_hand.complete is False
    assert from_hand.marks[essay]["points"] is None


def test_a_void_attempt_leaves_the_board(
    version: ExamVersion, educator: User, student: User
) -> None:
    hand_in(version, student, 2)
    assert len(board_of(version)) == 1
    closing.void(attempt=version.attempts.get(), reason="test", actor=educator)
    assert board_of(version) == []
    assert ScoreCount.objects.count() == 0


def test_grades_that_come_together_are_one_rebuild(
    version: ExamVersion, course: Course
) -> None:
    for number in range(5):
        user = people.student(f"s{number}@example.org")
        courses.enrol(course, user)
        hand_in(version, user, number % 3)
    Worker(QUEUES).drain()
    jobs = Job.objects.filter(consumer="scoring.update_scoreboard")
    assert set(jobs.values_list("subject", "state")) == {(version.id, "done")}
    assert jobs.count() == 5
    assert Event.objects.filter(name="scoreboard.updated").count() == 1


def test_a_rebuild_that_changes_nothing_tells_nothing(
    version: ExamVersion, student: User
) -> None:
    hand_in(version, student, 1)
    Worker(QUEUES).drain()
    with transaction.atomic():
        assert scoreboard.rebuild(version_id=version.id) is False
    assert Event.objects.filter(name="scoreboard.updated").count() == 1


@pytest.mark.parametrize("counting", list(Counting))
def test_the_board_equals_a_recomputation(
    educator: User, course: Course, counting: Counting
) -> None:
    version = versions.version(
        educator, course=course, kinds=KINDS, attempts=3, counting=counting
    )
    chance = random.Random(5)
    for number in range(12):
        user = people.student(f"s{number}@example.org")
        courses.enrol(course, user)
        for _ in range(chance.randint(1, 3)):
            hand_in(version, user, chance.randint(0, 2))
            if chance.random() < 0.5:
                Worker(QUEUES).drain()
    Worker(QUEUES).drain()
    stored = {
        (e.user_id, e.attempt_id, e.points, e.attempts)
        for e in ScoreboardEntry.objects.all()
    }
    wanted = scoreboard.recomputed(version)
    assert stored == {(s.user, s.attempt, s.points, s.attempts) for s in wanted}
    assert dict(scoreboard.counts(version)) == ranking.counts(wanted)


def test_a_board_is_read_in_as_many_queries_however_long_it_is(
    version: ExamVersion, course: Course, django_assert_num_queries
) -> None:
    def read() -> None:
        list(scoreboard.board(version)[:50])
        scoreboard.summary(version)

    users = [people.student(f"s{number}@example.org") for number in range(6)]
    for user in users:
        courses.enrol(course, user)
    hand_in(version, users[0], 1)
    Worker(QUEUES).drain()
    with django_assert_num_queries(2):
        read()
    for user in users[1:]:
        hand_in(version, user, 2)
    Worker(QUEUES).drain()
    with django_assert_num_queries(2):
        read()
