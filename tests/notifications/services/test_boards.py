"""Of a board that changes all the time its educators hear now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Event, Job
from examgen.jobs.states import WAITING
from exams.models import ExamVersion
from exams.policy import Release
from notifications.models import Delivery
from notifications.states import Channel
from scoring.models import Attempt
from scoring.states import AttemptState
from tests.factories import attempts, courses, people, versions
from tests.notifications.running import mails, pass_time, run_jobs, run_later
from tests.servers.smtp import Sink

pytestmark = pytest.mark.django_db

# Results stay with the educator, so that students are told nothing here.
SILENT: dict[str, Any] = {"title": "Plant cells", "release": Release.MANUAL}


@pytest.fixture
def version(educator: User, student: User) -> ExamVersion:
    """An exam with one person on its board, who is told of as often as one likes."""
    version = versions.version(educator, minutes=20, **SILENT)
    ranked(version, student)
    return version


def ranked(version: ExamVersion, student: User) -> None:
    """One whole grade, and the board that belongs to it."""
    attempt = attempts.attempt(version, student)
    attempts.grade(attempt)
    attempts.board(version, attempt)


def change(version: ExamVersion, times: int = 1) -> None:
    for _ in range(times):
        record("scoreboard.updated", version)


def close(version: ExamVersion, minutes_ago: float = 0) -> None:
    version.closed_at = now() - timedelta(minutes=minutes_ago)
    version.save(update_fields=["closed_at"])
    record("exam.closed", version)


def subjects(sink: Sink) -> list[str]:
    return [one.subject for one in sink.received]


def planned() -> list[datetime]:
    boards = Job.objects.filter(key__startswith="board:", state__in=WAITING)
    return list(boards.order_by("run_after").values_list("run_after", flat=True))


NEW, FINAL = "New scores: Plant cells", "Final scores: Plant cells"


def test_the_first_change_is_told_at_once(version: ExamVersion, sink: Sink) -> None:
    change(version)
    run_jobs()
    assert subjects(sink) == [NEW]
    assert planned() == []


def test_many_changes_at_once_are_one_mail(version: ExamVersion, sink: Sink) -> None:
    change(version, times=30)
    run_jobs()
    assert subjects(sink) == [NEW]
    # All thirty were on the board when it was told of.
    assert planned() == []


def test_what_changes_in_the_next_fifteen_minutes_is_told_together_after_them(
    version: ExamVersion, sink: Sink
) -> None:
    change(version)
    run_jobs()
    (told,) = mails("scoreboard_updated")
    change(version, times=30)
    run_jobs()
    assert subjects(sink) == [NEW]
    (later,) = planned()
    due = told.created_at + timedelta(minutes=15)
    assert timedelta(0) <= later - due < timedelta(seconds=1)
    pass_time(minutes=16)
    run_jobs()
    assert subjects(sink) == [NEW, NEW]
    assert planned() == []


def test_in_two_hours_of_changes_a_mail_comes_every_fifteen_minutes(
    version: ExamVersion, sink: Sink
) -> None:
    for _minute in range(120):
        change(version)
        run_jobs()
        pass_time(minutes=1)
    assert len(sink.received) == 8
    times = sorted(one.created_at for one in mails("scoreboard_updated"))
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= timedelta(minutes=15)


def test_at_the_close_there_is_one_more_with_everything_in_it(
    version: ExamVersion, sink: Sink
) -> None:
    change(version)
    run_jobs()
    change(version)
    close(version)
    change(version, times=3)
    run_jobs()
    assert subjects(sink) == [NEW]
    assert all(later - now() <= timedelta(seconds=61) for later in planned())
    pass_closing(version, minutes=2)
    run_jobs()
    assert subjects(sink) == [NEW, FINAL]
    pass_time(minutes=30)
    run_later()
    assert subjects(sink) == [NEW, FINAL]


def pass_closing(version: ExamVersion, minutes: int) -> None:
    pass_time(minutes=minutes)
    assert version.closed_at is not None
    version.closed_at -= timedelta(minutes=minutes)
    version.save(update_fields=["closed_at"])


def test_the_final_mail_waits_for_those_who_still_write(
    version: ExamVersion, sink: Sink
) -> None:
    slow = attempts.started(version, people.student("ann@example.org"))
    deadline = slow.deadline
    assert deadline is not None
    close(version, minutes_ago=5)
    run_jobs()
    assert subjects(sink) == []
    (later,) = planned()
    assert deadline + timedelta(seconds=59) <= later <= deadline + timedelta(seconds=62)
    Attempt.objects.filter(id=slow.id).update(state=AttemptState.VOID)
    run_later()
    assert subjects(sink) == [FINAL]


def test_grades_given_after_the_final_mail_are_told_as_news(
    version: ExamVersion, sink: Sink
) -> None:
    close(version, minutes_ago=5)
    run_jobs()
    assert subjects(sink) == [FINAL]
    change(version)
    run_jobs()
    assert subjects(sink) == [FINAL]
    pass_time(minutes=16)
    run_jobs()
    assert len(sink.received) == 2


def test_an_exam_that_is_closed_anew_has_another_final_mail(
    version: ExamVersion, sink: Sink
) -> None:
    close(version, minutes_ago=30)
    run_jobs()
    pass_time(minutes=20)
    close(version, minutes_ago=5)
    run_jobs()
    assert subjects(sink) == [FINAL, FINAL]


def test_an_exam_that_nobody_took_ends_without_a_mail(
    educator: User, sink: Sink
) -> None:
    close(versions.version(educator), minutes_ago=5)
    run_jobs()
    run_later()
    assert subjects(sink) == []


def test_the_owner_is_told_and_nobody_else(
    educator: User, colleague: User, student: User, sink: Sink
) -> None:
    """Whoever teaches the course with them has no page of the exam."""
    course = courses.course(educator)
    courses.enrol(course, student)
    courses.teach(course, colleague)
    version = versions.version(educator, course=course, **SILENT)
    ranked(version, student)
    change(version)
    run_jobs()
    assert [one.to for one in sink.received] == [educator.email]


def test_boards_of_two_exams_do_not_wait_for_each_other(
    version: ExamVersion, educator: User, student: User, sink: Sink
) -> None:
    other = versions.version(educator, **SILENT)
    ranked(other, student)
    change(version)
    change(other)
    run_jobs()
    assert len(sink.received) == 2


def test_each_telling_names_the_event_that_brought_it(
    version: ExamVersion, sink: Sink
) -> None:
    change(version)
    run_jobs()
    change(version)
    run_jobs()
    pass_time(minutes=16)
    run_jobs()
    rows = Delivery.objects.filter(channel=Channel.EMAIL).order_by("created_at")
    events = Event.objects.filter(name="scoreboard.updated").order_by("created_at")
    assert list(rows.values_list("event", flat=True)) == list(
        events.values_list("id", flat=True)
    )
