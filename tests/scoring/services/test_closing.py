"""The end of an attempt: by the clock, by staff, once, and for good."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from examgen.jobs import ticks, wiring
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from exams.content import Kind
from exams.models import ExamVersion
from scoring.deadlines import GRACE
from scoring.models import Attempt, Grade, LateAnswer
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing, extensions
from scoring.states import AttemptState, ClosedBy, IllegalMoveError
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import right_answers, sheet
from tests.threads import together

A_SECOND = timedelta(seconds=1)
T = TypeVar("T")


@pytest.fixture
def attempt(student: User, version: ExamVersion) -> Attempt:
    return attempts.started(version, student)


@pytest.fixture
def text(version: ExamVersion) -> str:
    return str(sheet(version, Kind.SHORT_ANSWER)["id"])


def closes() -> list[Event]:
    return list(Event.objects.filter(name="attempt.closed"))


# By the clock


def test_an_expired_attempt_is_closed_from_its_saved_answers(
    version: ExamVersion, attempt: Attempt
) -> None:
    attempts.saved(attempt, right_answers(version))
    attempts.run_out(attempt)
    before = now()
    assert closing.close_expired() == 1
    stored = Attempt.objects.get()
    assert (stored.state, stored.closed_by) == (AttemptState.CLOSED, ClosedBy.CLOCK)
    assert before <= stored.closed_at <= now()
    (event,) = closes()
    assert event.actor is None
    assert event.data == {"version": str(version.id), "by": "clock"}


def test_the_clock_grades_as_handing_in_does(
    version: ExamVersion, student: User, classmate: User
) -> None:
    given = right_answers(version)
    by_hand = attempts.closed(version, student, given)
    left = attempts.started(version, classmate)
    attempts.saved(left, given)
    attempts.run_out(left)
    closing.close_expired()
    one, other = by_hand.grades.get(), left.grades.get()
    assert (one.points, one.marks) == (other.points, other.marks)
    assert by_hand.snapshot == Attempt.objects.get(pk=left.pk).snapshot


def test_nobody_is_closed_before_deadline_and_grace(attempt: Attempt) -> None:
    attempts.run_out(attempt, GRACE - 5 * A_SECOND)
    assert closing.close_expired() == 0
    attempts.run_out(attempt, GRACE + A_SECOND)
    assert closing.close_expired() == 1
    assert closing.close_expired() == 0


def test_an_attempt_without_deadline_ends_with_its_exam(
    educator: User, student: User
) -> None:
    version = versions.version(educator, open_ended=True)
    attempt = attempts.started(version, student)
    assert closing.close_expired() == 0
    ExamVersion.objects.update(closed_at=now() - timedelta(minutes=1))
    assert closing.close_expired() == 1
    attempt.refresh_from_db()
    assert attempt.closed_by == ClosedBy.STAFF


@pytest.fixture
def endless(educator: User, student: User) -> Attempt:
    """An attempt without a deadline, whose exam has been closed."""
    version = versions.version(educator, open_ended=True)
    attempts.started(version, student)
    ExamVersion.objects.update(closed_at=now() - timedelta(minutes=1))
    return Attempt.objects.select_related("version").get()


def test_an_exam_that_was_reopened_ends_no_attempt(endless: Attempt) -> None:
    """It was read while the exam was closed, and its row is held afterwards."""
    ExamVersion.objects.update(closed_at=None)
    assert closing.close_if_over(attempt=endless, at=now()).state == AttemptState.OPEN
    assert closes() == []


def test_an_exam_that_is_reopened_while_attempts_are_closed_ends_none(
    endless: Attempt, monkeypatch
) -> None:
    read = closing._snapshots

    def read_and_wait(rows):
        found = read(rows)
        ExamVersion.objects.update(closed_at=None)
        return found

    monkeypatch.setattr(closing, "_snapshots", read_and_wait)
    assert closing.close_expired() == 0
    assert Attempt.objects.get() == endless
    assert Attempt.objects.get().state == AttemptState.OPEN


def test_an_attempt_with_a_deadline_outlives_its_exam(attempt: Attempt) -> None:
    ExamVersion.objects.update(closed_at=now() - timedelta(minutes=1))
    assert closing.close_expired() == 0


def test_one_that_cannot_be_closed_does_not_stand_in_the_way(
    educator: User, student: User, version: ExamVersion, caplog
) -> None:
    whole = versions.version(educator, kinds=[Kind.TRUE_FALSE])
    courses.enrol(version.course, zoe := people.student("zoe@example.org"))
    broken = versions.without_key(whole)
    rows = [attempts.started(v, student) for v in (version, broken)]
    rows += [attempts.started(broken, people.student("lea@example.org"))]
    for row in rows:
        attempts.run_out(row)
    for _ in range(2):
        closing.close_expired()
        states = Attempt.objects.values_list("version", "state")
        assert sorted(states) == sorted(
            [(version.pk, "closed"), (broken.pk, "open"), (broken.pk, "open")]
        )
        # Nothing half is left of them.
        assert len(closes()) == Grade.objects.count() == 1
    # Each is told, and then less and less often.
    for _ in range(3):
        closing.close_expired()
    assert caplog.text.count("attempt_not_closed") == 4
    # One that comes meanwhile does not wait for them.
    late = attempts.run_out(attempts.started(version, zoe))
    assert closing.close_expired() == 1
    late.refresh_from_db()
    assert late.state == AttemptState.CLOSED


def test_more_than_a_batch_is_closed_in_one_go(
    educator: User, version: ExamVersion, monkeypatch
) -> None:
    monkeypatch.setattr(closing, "_BATCH", 2)
    for number in range(5):
        person = people.student(f"p{number}@example.org")
        courses.enrol(version.course, person)
        attempts.run_out(attempts.started(version, person))
    assert closing.close_expired() == 5


def test_workers_close_expired_attempts_every_two_seconds(attempt: Attempt) -> None:
    (every,) = [e for e in wiring.periodic() if e.name == "scoring.close_expired"]
    assert every.seconds == 2
    attempts.run_out(attempt)
    assert every.name in ticks.run_due()
    assert Attempt.objects.get().state == AttemptState.CLOSED


@pytest.mark.parametrize("number", [1, 7])
def test_closing_takes_as_many_queries_for_many_answers_as_for_one(
    educator: User, student: User, number: int, django_assert_num_queries
) -> None:
    version = versions.version(educator, kinds=list(Kind)[:number])
    attempt = attempts.started(version, student)
    attempts.saved(attempt, right_answers(version))
    attempts.run_out(attempt)
    # Who is expired, until nobody is, before and behind where it began; savepoint and
    # its end; the rows, their versions and answers; then moves, grades, events, jobs.
    with django_assert_num_queries(12):
        assert closing.close_expired() == 1


@pytest.mark.parametrize("classmates", [1, 9])
def test_one_more_attempt_costs_one_more_query(
    version: ExamVersion, classmates: int, django_assert_num_queries
) -> None:
    for number in range(classmates):
        person = people.student(f"p{number}@example.org")
        courses.enrol(version.course, person)
        attempts.run_out(attempts.started(version, person))
    waiting = Attempt.objects.expired(now() - GRACE).order_by("pk")
    with django_assert_num_queries(10 + classmates):
        assert closing._close_all(waiting) == classmates
    assert len(closes()) == Grade.objects.count() == classmates


def while_held(monkeypatch, work: Callable[[], T]) -> T:
    """What `work` returns, begun while the clock closes attempts, their rows held."""
    read = closing._snapshots

    def own_connection() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[T]] = []

        def read_and_wait(rows: list[Attempt]):
            monkeypatch.setattr(closing, "_snapshots", read)
            begun.append(pool.submit(own_connection))
            # Long enough to come to the rows, which nobody else gets meanwhile.
            assert wait(begun, timeout=0.3).done == set()
            return read(rows)

        monkeypatch.setattr(closing, "_snapshots", read_and_wait)
        assert closing.close_expired() == 1
        return begun[0].result(timeout=30)


def test_a_save_that_comes_while_the_clock_closes_is_told_so_and_kept(
    shared_database: None, attempt: Attempt, text: str, monkeypatch
) -> None:
    attempts.saved(attempt, {text: "guard cells"}, attempt.started_at)
    attempts.run_out(attempt)
    item = Item(text, 9, "stoma")
    in_time = attempt.deadline

    def save() -> services.Reply:
        return services.save(attempt=attempt, items=[item], tab="", received_at=in_time)

    reply = while_held(monkeypatch, save)
    assert [one.outcome.value for one in reply.items] == ["closed"]
    assert Attempt.objects.get().snapshot == {text: [1, "guard cells"]}
    assert LateAnswer.objects.get().value == "stoma"


def test_more_time_that_comes_while_the_clock_closes_is_refused(
    shared_database: None, educator: User, attempt: Attempt, monkeypatch
) -> None:
    attempts.run_out(attempt)

    def extend() -> str:
        with pytest.raises(closing.RefusedError) as refused:
            extensions.extend_one(
                attempt=attempt, span=timedelta(hours=1), reason="", actor=educator
            )
        return refused.value.code

    assert while_held(monkeypatch, extend) == "closed"
    assert Attempt.objects.get().state == AttemptState.CLOSED


def test_one_that_was_extended_since_it_was_listed_stays_open(attempt: Attempt) -> None:
    attempts.run_out(attempt)
    waiting = Attempt.objects.expired(now() - GRACE)
    Attempt.objects.update(deadline=now() + timedelta(hours=1))
    assert closing._close_each(waiting, [attempt.pk], {}) == 0
    assert Attempt.objects.get().state == AttemptState.OPEN
    assert closes() == []


def test_two_saves_in_one_moment_are_told_apart(attempt: Attempt, text: str) -> None:
    at = now()
    for version in (1, 2):
        item = Item(text, version, "stoma")
        services.save(attempt=attempt, items=[item], tab="", received_at=at)
    assert Attempt.objects.get().saved_at > at
    assert {row.saved_at for row in attempt.answers.all()} == {at}


def test_several_may_close_at_once(
    shared_database: None, educator: User, version: ExamVersion
) -> None:
    for number in range(12):
        person = people.student(f"p{number}@example.org")
        courses.enrol(version.course, person)
        attempts.run_out(attempts.started(version, person))
    assert sum(together([closing.close_expired] * 4)) == 12
    assert len(closes()) == Grade.objects.count() == 12


# By whoever comes first


def test_any_later_request_closes_an_expired_attempt(attempt: Attempt) -> None:
    attempts.run_out(attempt)
    closed = closing.close_if_over(attempt=attempt, at=now())
    assert (closed.state, closed.closed_by) == (AttemptState.CLOSED, ClosedBy.CLOCK)
    again = closing.close_if_over(attempt=closed, at=now())
    assert again.receipt == closed.receipt
    assert len(closes()) == 1


def test_an_attempt_in_time_is_left_open(attempt: Attempt) -> None:
    assert closing.close_if_over(attempt=attempt, at=now()) is attempt
    # Extended meanwhile: what this request read is old.
    stale = Attempt.objects.get()
    stale.deadline = now() - timedelta(hours=1)
    stale.version = attempt.version
    assert closing.close_if_over(attempt=stale, at=now()).state == AttemptState.OPEN
    assert closes() == []


def test_submit_and_clock_at_once_are_one_close(
    shared_database: None, version: ExamVersion, attempt: Attempt, text: str
) -> None:
    """The student hands in at the last moment, processed when the clock strikes."""
    attempts.saved(attempt, {text: "guard cells"})
    attempts.run_out(attempt, GRACE + A_SECOND)
    in_time = attempt.deadline

    def hand_in() -> str:
        item = Item(text, 2, "stoma")
        return services.submit(
            attempt=attempt, items=[item], received_at=in_time
        ).receipt

    def sweep() -> str:
        closing.close_expired()
        return ""

    receipts = together([hand_in, sweep, hand_in, sweep, sweep, hand_in])
    stored = Attempt.objects.get()
    assert stored.state == AttemptState.CLOSED
    assert set(receipts) == {stored.receipt, ""}
    assert len(closes()) == Grade.objects.count() == 1
    if stored.closed_by == ClosedBy.STUDENT:
        assert stored.snapshot == {text: [2, "stoma"]}
        assert not LateAnswer.objects.exists()
    else:
        assert stored.snapshot == {text: [1, "guard cells"]}
        assert LateAnswer.objects.get().value == "stoma"


def test_saves_and_close_at_once_lose_no_acknowledged_answer(
    shared_database: None, attempt: Attempt, text: str
) -> None:
    def save(version: int) -> tuple[int, str]:
        item = Item(text, version, f"words {version}")
        reply = services.save(attempt=attempt, items=[item], tab="", received_at=now())
        return version, reply.items[0].outcome.value

    def hand_in() -> tuple[int, str]:
        services.submit(attempt=attempt, received_at=now())
        return 0, "handed in"

    works = [partial(save, number) for number in range(1, 8)]
    everybody: list[Callable[[], tuple[int, str]]] = [*works[:4], hand_in, *works[4:]]
    found = together(everybody)
    acknowledged = [version for version, outcome in found if outcome == "saved"]
    snapshot = Attempt.objects.get().snapshot
    kept = snapshot[text][0] if snapshot else 0
    assert kept == max(acknowledged, default=0)
    late = {version for version, outcome in found if outcome == "closed"}
    assert set(LateAnswer.objects.values_list("version", flat=True)) == late


# By staff


def test_a_void_attempt_is_kept_with_its_reason(
    educator: User, version: ExamVersion, student: User
) -> None:
    attempt = attempts.closed(version, student)
    closing.void(attempt=attempt, reason="  Fire alarm  ", actor=educator)
    stored = Attempt.objects.get()
    assert (stored.state, stored.void_reason) == (AttemptState.VOID, "Fire alarm")
    assert stored.receipt
    assert stored.grades.count() == 1
    event = Event.objects.get(name="attempt.voided")
    assert (event.actor, event.data) == (educator.id, {"version": str(version.id)})
    with pytest.raises(IllegalMoveError):
        closing.void(attempt=stored, reason="again", actor=educator)


def test_an_open_attempt_taken_out_is_not_closed_by_the_clock(
    educator: User, attempt: Attempt
) -> None:
    closing.void(attempt=attempt, reason="x" * 600, actor=educator)
    attempts.run_out(attempt)
    assert closing.close_expired() == 0
    assert len(Attempt.objects.get().void_reason) == 500


# For good


@pytest.mark.parametrize(
    "change",
    [{"snapshot": {}}, {"snapshot": None}, {"receipt": "0" * 64}, {"receipt": ""}],
)
@pytest.mark.parametrize("state", ["closed", "void"])
def test_the_database_refuses_another_snapshot_and_another_receipt(
    version: ExamVersion,
    student: User,
    educator: User,
    change: dict[str, object],
    state: str,
) -> None:
    attempt = attempts.closed(version, student)
    if state == "void":
        closing.void(attempt=attempt, reason="Fire alarm", actor=educator)
    kept = Attempt.objects.values("snapshot", "receipt").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.update(**change)
    assert Attempt.objects.values("snapshot", "receipt").get() == kept


def test_the_rest_of_a_closed_attempt_may_change(
    version: ExamVersion, student: User
) -> None:
    attempt = attempts.closed(version, student)
    attempt.save()
    Attempt.objects.update(void_reason="seen")
    assert Attempt.objects.get().void_reason == "seen"
