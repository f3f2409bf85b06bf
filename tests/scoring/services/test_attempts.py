"""Starting, saving, handing in: nothing is lost, and nothing counts twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from exams.content import Kind
from exams.models import ExamVersion
from scoring.deadlines import GRACE
from scoring.models import Answer, AnswerLog, Attempt, Grade, LateAnswer
from scoring.protocol import Item
from scoring.saving import Outcome
from scoring.services import attempts as services
from scoring.services import extensions
from scoring.services.receipts import receipt_of
from scoring.states import AttemptState, ClosedBy
from tests.factories import attempts, versions
from tests.factories.versions import right_answers, sheet, unknown
from tests.threads import together

A_SECOND = timedelta(seconds=1)


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name))


def outcomes(reply: services.Reply) -> list[str]:
    return [item.outcome.value for item in reply.items]


@pytest.fixture
def attempt(student: User, version: ExamVersion) -> Attempt:
    return attempts.started(version, student)


@pytest.fixture
def text(version: ExamVersion) -> str:
    """The question that takes any short text."""
    return str(sheet(version, Kind.SHORT_ANSWER)["id"])


# Starting


def test_a_start_fixes_deadline_and_order_and_is_told(
    student: User, version: ExamVersion
) -> None:
    at = now()
    attempt = services.start(user=student, version=version, at=at)
    stored = Attempt.objects.get()
    assert stored == attempt
    assert (stored.state, stored.number, stored.user) == ("open", 1, student)
    assert (stored.started_at, stored.deadline) == (at, at + timedelta(minutes=30))
    (event,) = events("attempt.started")
    assert (event.subject_id, event.actor) == (attempt.id, student.id)
    assert event.data == {"version": str(version.id)}


def test_seeds_differ(student: User, classmate: User, version: ExamVersion) -> None:
    seeds = {attempts.started(version, person).seed for person in (student, classmate)}
    assert len(seeds) == 2


def test_a_second_start_leads_to_the_same_attempt(
    student: User, version: ExamVersion
) -> None:
    first = attempts.started(version, student)
    later = now() + timedelta(minutes=5)
    assert services.start(user=student, version=version, at=later) == first
    assert Attempt.objects.get().deadline == first.deadline
    assert len(events("attempt.started")) == 1


@pytest.mark.parametrize(
    ("at", "code"), [(timedelta(hours=-2), "not_yet"), (timedelta(hours=2), "closed")]
)
def test_a_start_outside_the_window_is_refused(
    student: User, version: ExamVersion, at: timedelta, code: str
) -> None:
    with pytest.raises(services.RefusedError) as caught:
        services.start(user=student, version=version, at=now() + at)
    assert caught.value.code == code
    assert not Attempt.objects.exists()


def test_a_start_beyond_the_last_attempt_is_refused(
    student: User, version: ExamVersion
) -> None:
    attempts.closed(version, student)
    with pytest.raises(services.RefusedError) as caught:
        attempts.started(version, student)
    assert caught.value.code == "no_attempts_left"


def test_the_database_itself_refuses_a_second_open_attempt(
    student: User, version: ExamVersion, attempt: Attempt
) -> None:
    with pytest.raises(IntegrityError):
        Attempt.objects.create(
            version=version, user=student, number=2, seed=1, started_at=now()
        )


def test_many_clicks_at_once_are_one_attempt(
    shared_database: None, student: User, version: ExamVersion
) -> None:
    at = now()
    start = partial(services.start, user=student, version=version, at=at)
    found = together([start] * 8)
    assert {attempt.id for attempt in found} == {Attempt.objects.get().id}
    assert len(events("attempt.started")) == 1


def test_many_starts_and_ends_at_once_are_never_one_attempt_too_many(
    shared_database: None, educator: User, student: User, course: Course
) -> None:
    """Each starts and hands in as often as it may: together they may do so thrice."""
    version = versions.version(educator, course=course, attempts=3)

    def take_all() -> int:
        taken = 0
        for _ in range(6):
            try:
                attempt = attempts.started(version, student)
            except services.RefusedError:
                return taken
            services.submit(attempt=attempt, received_at=now())
            taken += 1
        return taken

    together([take_all] * 4)
    assert list(
        Attempt.objects.order_by("number").values_list("number", flat=True)
    ) == [
        1,
        2,
        3,
    ]
    assert len(events("attempt.started")) == len(events("attempt.closed")) == 3
    assert Grade.objects.count() == 3


# Saving


def test_every_kind_of_answer_is_stored_and_logged(
    version: ExamVersion, attempt: Attempt
) -> None:
    given, at = right_answers(version), now()
    reply = attempts.saved(attempt, given, at)
    assert outcomes(reply) == ["saved"] * 8
    stored = {str(row.question): row.value for row in Answer.objects.all()}
    assert stored == given
    logged = AnswerLog.objects.all()
    assert {str(row.question): row.value for row in logged} == given
    assert {(row.version, row.tab, row.received_at) for row in logged} == {
        (1, "tab", at)
    }
    assert Attempt.objects.get().saved_at == at


def test_an_older_answer_never_replaces_a_newer_one(
    attempt: Attempt, text: str
) -> None:
    for version, words in [(1, "leaf"), (3, "guard cells"), (2, "root"), (3, "bark")]:
        services.save(
            attempt=attempt,
            items=[Item(text, version, words)],
            tab="",
            received_at=now(),
        )
    row = Answer.objects.get()
    assert (row.version, row.value) == (3, "guard cells")
    log = AnswerLog.objects.order_by("pk").values_list("version", "value")
    assert list(log) == [(1, "leaf"), (3, "guard cells")]


def test_two_tabs_that_save_at_once_lose_nothing(
    shared_database: None, attempt: Attempt, version: ExamVersion
) -> None:
    """Every acknowledged version is in the log, and the newest is the answer."""
    question = str(sheet(version, Kind.ESSAY)["id"])

    def tab(name: str) -> list[tuple[int, str]]:
        acknowledged = []
        for number in range(1, 13):
            item = Item(question, number, f"{name}{number}")
            reply = services.save(
                attempt=attempt, items=[item], tab=name, received_at=now()
            )
            if reply.items[0].outcome is Outcome.SAVED:
                acknowledged.append((number, f"{name}{number}"))
        return acknowledged

    found = [
        entry for mine in together([partial(tab, n) for n in "abc"]) for entry in mine
    ]
    assert sorted(found) == sorted(AnswerLog.objects.values_list("version", "value"))
    assert len({number for number, _ in found}) == len(found)
    row = Answer.objects.get()
    assert (row.version, row.value) == max(found)


def test_an_invalid_item_does_not_keep_the_others_from_being_stored(
    attempt: Attempt, text: str
) -> None:
    items = [
        Item(unknown(), 1, "x"),
        Item(text, 1, 7),
        Item(text, None, "x"),
        Item(text, 2, "guard cells"),
    ]
    reply = services.save(attempt=attempt, items=items, tab="", received_at=now())
    assert [(item.outcome.value, item.reason) for item in reply.items] == [
        ("invalid", "unknown_question"),
        ("invalid", "wrong_shape"),
        ("invalid", "bad_version"),
        ("saved", ""),
    ]
    assert Answer.objects.get().value == "guard cells"


def test_a_question_of_another_exam_is_unknown(
    educator: User, attempt: Attempt, course: Course
) -> None:
    other = versions.version(educator, course=course)
    reply = attempts.saved(attempt, right_answers(other))
    assert {item.reason for item in reply.items} == {"unknown_question"}
    assert not Answer.objects.exists()


def test_answers_are_taken_until_the_grace_ends(attempt: Attempt, text: str) -> None:
    end = attempt.deadline + GRACE
    assert outcomes(attempts.saved(attempt, {text: "a"}, attempt.deadline)) == ["saved"]
    last = services.save(
        attempt=attempt, items=[Item(text, 2, "b")], tab="", received_at=end
    )
    assert (outcomes(last), last.attempt.state) == (["saved"], "open")


def test_a_late_answer_closes_the_attempt_and_is_kept_apart(
    attempt: Attempt, text: str
) -> None:
    attempts.saved(attempt, {text: "guard cells"})
    at = attempt.deadline + GRACE + A_SECOND
    late = services.save(
        attempt=attempt, items=[Item(text, 2, "roots")], tab="", received_at=at
    )
    assert late.attempt.state == AttemptState.CLOSED
    assert late.attempt.closed_by == ClosedBy.CLOCK
    (reply,) = late.items
    assert (reply.outcome, reply.version, reply.value) == ("closed", 1, "guard cells")
    assert late.attempt.snapshot == {text: [1, "guard cells"]}
    kept = LateAnswer.objects.get()
    assert (str(kept.question), kept.version, kept.value) == (text, 2, "roots")
    assert kept.received_at == at
    assert AnswerLog.objects.count() == 1


def test_after_the_close_answers_are_kept_apart_once(
    version: ExamVersion, student: User, text: str
) -> None:
    attempt = attempts.closed(version, student, {text: "guard cells"})
    items = [
        Item(text, 1, "guard cells"),
        Item(text, 2, "roots"),
        Item(text, 3, 7),
        Item(unknown(), 1, "x"),
    ]
    for _ in range(2):
        reply = services.save(attempt=attempt, items=items, tab="", received_at=now())
        assert outcomes(reply) == ["closed", "closed", "invalid", "invalid"]
    # What the snapshot holds was not late: it only came again.
    kept = LateAnswer.objects.get()
    assert (kept.version, kept.value) == (2, "roots")
    assert Attempt.objects.get().snapshot == {text: [1, "guard cells"]}
    assert Grade.objects.count() == 1


def test_nobody_fills_the_disk_with_late_answers(
    version: ExamVersion, student: User, text: str
) -> None:
    attempt = attempts.closed(version, student, {text: "guard cells"})
    items = [Item(text, number, "roots") for number in range(2, 505)]
    reply = services.save(attempt=attempt, items=items, tab="", received_at=now())
    assert outcomes(reply) == ["closed"] * 500 + ["invalid"] * 3
    assert {item.reason for item in reply.items[500:]} == {"too_many"}
    assert LateAnswer.objects.count() == 500


@pytest.mark.parametrize("number", [1, 8])
def test_saving_takes_as_many_queries_for_many_answers_as_for_one(
    version: ExamVersion, attempt: Attempt, number: int, django_assert_num_queries
) -> None:
    given = dict(list(right_answers(version).items())[:number])
    # Savepoint and its end, the row held, answers, upsert, log, time of the last save.
    with django_assert_num_queries(7):
        attempts.saved(attempt, given)


# Handing in


def test_handing_in_closes_grades_and_gives_a_receipt(
    student: User, version: ExamVersion, attempt: Attempt
) -> None:
    given, at = right_answers(version), now()
    attempts.saved(attempt, given)
    closed = services.submit(attempt=attempt, received_at=at)
    stored = Attempt.objects.get()
    assert (stored.state, stored.closed_by) == (AttemptState.CLOSED, ClosedBy.STUDENT)
    assert stored.closed_at == at
    assert stored.snapshot == {name: [1, value] for name, value in given.items()}
    assert stored.receipt == receipt_of(stored.id, stored.snapshot) == closed.receipt
    (event,) = events("attempt.closed")
    assert (event.subject_id, event.actor) == (stored.id, student.id)
    assert event.data == {"version": str(version.id), "by": "student"}
    grade = Grade.objects.get()
    # An essay of eight questions waits for a person.
    assert (grade.revision, grade.points, grade.max_points) == (1, 7, 8)
    assert (grade.complete, grade.key_sha256) == (False, version.sha256)
    assert events("attempt.graded") == []


def test_an_attempt_without_essay_is_graded_at_once(
    educator: User, student: User, course: Course
) -> None:
    version = versions.version(
        educator, course=course, kinds=[Kind.TRUE_FALSE, Kind.NUMERIC]
    )
    attempt = attempts.closed(version, student)
    grade = Grade.objects.get()
    assert (grade.points, grade.complete) == (2, True)
    (event,) = events("attempt.graded")
    assert event.subject_id == attempt.id
    assert event.data == {"version": str(version.id), "revision": 1}


def test_the_last_answers_may_come_along(attempt: Attempt, text: str) -> None:
    closed = services.submit(
        attempt=attempt, items=[Item(text, 1, "guard cells")], received_at=now()
    )
    assert closed.snapshot == {text: [1, "guard cells"]}
    assert AnswerLog.objects.get().value == "guard cells"


def test_what_was_only_seen_or_cleared_is_no_answer(
    attempt: Attempt, text: str, version: ExamVersion
) -> None:
    seen = str(sheet(version, Kind.ESSAY)["id"])
    items = [Item(seen, 0, None, flagged=True), Item(text, 1, "x"), Item(text, 2, None)]
    closed = services.submit(attempt=attempt, items=items, received_at=now())
    assert closed.snapshot == {text: [2, None]}


def test_handing_in_twice_is_handing_in_once(
    version: ExamVersion, attempt: Attempt, text: str
) -> None:
    first = services.submit(
        attempt=attempt, items=[Item(text, 1, "guard cells")], received_at=now()
    )
    again = services.submit(
        attempt=attempt,
        items=[Item(text, 2, "roots")],
        manifest={text: 2},
        received_at=now(),
    )
    assert (again.receipt, again.snapshot) == (first.receipt, first.snapshot)
    assert len(events("attempt.closed")) == Grade.objects.count() == 1
    assert LateAnswer.objects.get().value == "roots"


def test_what_the_server_never_got_is_asked_for_before_closing(
    attempt: Attempt, text: str, version: ExamVersion
) -> None:
    other = str(sheet(version, Kind.ESSAY)["id"])
    with pytest.raises(services.MissingVersionsError) as caught:
        services.submit(
            attempt=attempt,
            items=[Item(text, 1, "guard cells")],
            manifest={text: 1, other: 4},
            received_at=now(),
        )
    assert caught.value.missing == {other: 4}
    assert Attempt.objects.get().state == AttemptState.OPEN
    # What came along is safe already.
    assert Answer.objects.get().value == "guard cells"
    closed = services.submit(
        attempt=attempt,
        items=[Item(other, 4, "Light first.")],
        manifest={text: 1, other: 4},
        received_at=now(),
    )
    assert closed.state == AttemptState.CLOSED
    assert closed.snapshot.keys() == {text, other}


def test_last_answers_that_are_none_are_told_before_closing(
    attempt: Attempt, text: str
) -> None:
    with pytest.raises(services.InvalidItemsError) as caught:
        services.submit(
            attempt=attempt, items=[Item(text, 1, "x" * 501)], received_at=now()
        )
    assert [item.reason for item in caught.value.items] == ["too_long"]
    assert Attempt.objects.get().state == AttemptState.OPEN


def test_when_the_time_is_over_nothing_keeps_an_attempt_open(
    attempt: Attempt, text: str
) -> None:
    """In the grace there is no time left to send what is missing."""
    closed = services.submit(
        attempt=attempt,
        items=[Item(text, 1, "guard cells"), Item(unknown(), 1, "x")],
        manifest={text: 2},
        received_at=attempt.deadline + A_SECOND,
    )
    assert (closed.state, closed.closed_by) == (AttemptState.CLOSED, ClosedBy.STUDENT)
    assert closed.snapshot == {text: [1, "guard cells"]}


def test_handing_in_after_the_grace_counts_what_was_saved(
    attempt: Attempt, text: str
) -> None:
    attempts.saved(attempt, {text: "guard cells"})
    closed = services.submit(
        attempt=attempt,
        items=[Item(text, 2, "roots")],
        received_at=attempt.deadline + GRACE + A_SECOND,
    )
    assert closed.closed_by == ClosedBy.CLOCK
    assert closed.snapshot == {text: [1, "guard cells"]}
    assert LateAnswer.objects.get().value == "roots"


def test_a_manifest_of_unknown_questions_is_refused_and_answers_are_kept(
    attempt: Attempt, text: str
) -> None:
    with pytest.raises(services.RefusedError) as caught:
        services.submit(
            attempt=attempt,
            items=[Item(text, 3, "guard cells")],
            manifest={text: 3, unknown(): 1},
            received_at=now(),
        )
    assert caught.value.code == "unknown_question"
    assert Attempt.objects.get().state == AttemptState.OPEN
    stored = Answer.objects.get()
    assert (stored.version, stored.value) == (3, "guard cells")


# Handed in by a page whose time was over


def test_a_page_that_missed_more_time_hands_nothing_in(
    educator: User, attempt: Attempt, text: str
) -> None:
    old = attempt.deadline
    span = timedelta(minutes=10)
    extensions.extend_one(attempt=attempt, span=span, reason="x", actor=educator)
    for at in (old, old + GRACE + A_SECOND, old + span - A_SECOND):
        told = services.submit(
            attempt=attempt,
            items=[Item(text, 1, "guard cells")],
            received_at=at,
            auto=True,
        )
        assert (told.state, told.deadline) == (AttemptState.OPEN, old + span)
    # What came along is stored all the same.
    assert Answer.objects.get().value == "guard cells"
    told = services.submit(attempt=attempt, received_at=old + span, auto=True)
    assert (told.state, told.closed_by) == (AttemptState.CLOSED, ClosedBy.CLOCK)
    assert told.closed_at == told.deadline
    assert events("attempt.closed")[0].actor is None


def test_a_person_may_hand_in_at_any_time(educator: User, attempt: Attempt) -> None:
    span = timedelta(minutes=10)
    extensions.extend_one(attempt=attempt, span=span, reason="x", actor=educator)
    told = services.submit(attempt=attempt, received_at=now())
    assert (told.state, told.closed_by) == (AttemptState.CLOSED, ClosedBy.STUDENT)


def test_a_page_ends_no_attempt_that_has_no_end(educator: User, student: User) -> None:
    version = versions.version(educator, open_ended=True)
    attempt = attempts.started(version, student)
    at = now() + timedelta(hours=2)
    told = services.submit(attempt=attempt, received_at=at, auto=True)
    assert told.state == AttemptState.OPEN
    # It ends with its exam, once that has an end.
    ExamVersion.objects.update(closes_at=at)
    told = services.submit(attempt=attempt, received_at=at - A_SECOND, auto=True)
    assert told.state == AttemptState.OPEN
    told = services.submit(attempt=attempt, received_at=at, auto=True)
    assert (told.state, told.closed_by) == (AttemptState.CLOSED, ClosedBy.STAFF)


def test_a_void_attempt_cannot_be_handed_in(
    educator: User, attempt: Attempt, text: str
) -> None:
    services.void(attempt=attempt, reason="Fire alarm", actor=educator)
    with pytest.raises(services.RefusedError) as caught:
        services.submit(attempt=attempt, received_at=now())
    assert caught.value.code == "void"
    assert not LateAnswer.objects.exists()
    with pytest.raises(services.RefusedError):
        services.submit(attempt=attempt, items=[Item(text, 1, "x")], received_at=now())
    assert LateAnswer.objects.get().value == "x"
    # The same, sent again, is no other answer.
    assert outcomes(attempts.saved(attempt, {text: "x"})) == ["closed"]
    assert LateAnswer.objects.get().value == "x"


def test_many_submits_at_once_are_one(
    shared_database: None, attempt: Attempt, text: str
) -> None:
    def hand_in(name: str) -> str:
        item = Item(text, 1, name)
        return services.submit(attempt=attempt, items=[item], received_at=now()).receipt

    receipts = together([partial(hand_in, name) for name in "abcdef"])
    assert set(receipts) == {Attempt.objects.get().receipt}
    assert len(events("attempt.closed")) == Grade.objects.count() == 1
    # One of the six answers was graded, the others are kept.
    ((_, graded),) = Attempt.objects.get().snapshot.values()
    late = set(LateAnswer.objects.values_list("value", flat=True))
    assert late == set("abcdef") - {graded}


@pytest.mark.parametrize("kinds", [[Kind.TRUE_FALSE], list(Kind)[:7] * 3])
def test_handing_in_takes_as_many_queries_for_many_questions_as_for_one(
    educator: User,
    student: User,
    course: Course,
    kinds: list[Kind],
    django_assert_num_queries,
) -> None:
    version = versions.version(educator, course=course, kinds=kinds)
    attempt = attempts.started(version, student)
    items = attempts.items(right_answers(version))
    # Savepoint and its end, the row held, answers, upsert, log, last save; snapshot,
    # move; grade; both events, and the jobs of both.
    with django_assert_num_queries(12):
        services.submit(attempt=attempt, items=items, received_at=now())
