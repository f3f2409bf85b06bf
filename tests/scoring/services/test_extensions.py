"""More time, for one and for all."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from exams.models import ExamVersion
from scoring.models import Attempt, Extension
from scoring.services import closing, extensions
from scoring.services.closing import RefusedError
from tests.factories import attempts, versions
from tests.threads import together

TEN = timedelta(minutes=10)


def test_one_attempt_gets_more_time_with_its_reason(
    educator: User, student: User, classmate: User, version: ExamVersion
) -> None:
    attempt = attempts.started(version, student)
    other = attempts.started(version, classmate)
    extension = extensions.extend_one(
        attempt=attempt, span=TEN, reason=" Broken laptop ", actor=educator
    )
    stored = Attempt.objects.get(pk=attempt.pk)
    assert stored.deadline == attempt.deadline + TEN
    assert Attempt.objects.get(pk=other.pk).deadline == other.deadline
    row = Extension.objects.get()
    assert (row.version, row.attempt, row.seconds) == (version, attempt, 600)
    assert (row.reason, row.granted_by) == ("Broken laptop", educator)
    event = Event.objects.get(name="attempt.extended")
    assert (event.subject_id, event.actor) == (attempt.id, educator.id)
    assert event.data == {
        "version": str(version.id),
        "extension": str(extension.id),
        "seconds": 600,
    }


def test_all_who_are_taking_the_exam_get_more_time(
    educator: User, student: User, classmate: User, version: ExamVersion
) -> None:
    running = attempts.started(version, student)
    done = attempts.closed(version, classmate)
    extensions.extend_all(version=version, span=TEN, reason="Outage", actor=educator)
    assert Attempt.objects.get(pk=running.pk).deadline == running.deadline + TEN
    assert Attempt.objects.get(pk=done.pk).deadline == done.deadline
    assert Extension.objects.get().attempt is None
    event = Event.objects.get(name="exam.extended")
    assert (event.subject_type, event.subject_id) == ("examversion", version.id)
    assert (event.data["seconds"], event.data["attempts"]) == (600, 1)


def test_other_exams_are_left_alone(
    educator: User, student: User, version: ExamVersion
) -> None:
    other = versions.version(educator, minutes=30)
    attempt = attempts.started(other, student)
    mine = attempts.started(version, student)
    extensions.extend_all(version=version, span=TEN, reason="Outage", actor=educator)
    deadlines = dict(Attempt.objects.values_list("pk", "deadline"))
    assert deadlines == {attempt.pk: attempt.deadline, mine.pk: mine.deadline + TEN}


def test_time_that_reaches_nobody_is_refused(
    educator: User, student: User, version: ExamVersion
) -> None:
    give = partial(extensions.extend_all, span=TEN, reason="x", actor=educator)
    attempts.closed(version, student)
    endless = versions.version(educator, open_ended=True)
    attempts.started(endless, student)
    for nobody in (version, endless):
        with pytest.raises(RefusedError, match="nobody"):
            give(version=nobody)
    assert not Extension.objects.exists()


def test_an_attempt_whose_time_has_just_run_out_is_saved_by_more_of_it(
    educator: User, student: User, version: ExamVersion
) -> None:
    attempt = attempts.run_out(attempts.started(version, student))
    extensions.extend_one(attempt=attempt, span=TEN, reason="Outage", actor=educator)
    assert closing.close_expired() == 0


def test_what_is_over_or_without_end_gets_no_more_time(
    educator: User, student: User, version: ExamVersion
) -> None:
    give = partial(extensions.extend_one, span=TEN, reason="x", actor=educator)
    with pytest.raises(RefusedError, match="closed"):
        give(attempt=attempts.closed(version, student))
    endless = attempts.started(versions.version(educator, open_ended=True), student)
    with pytest.raises(RefusedError, match="no_deadline"):
        give(attempt=endless)
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    "span", [timedelta(0), timedelta(minutes=-5), timedelta(days=8)]
)
def test_a_span_that_is_none_is_refused(
    educator: User, student: User, version: ExamVersion, span: timedelta
) -> None:
    attempt = attempts.started(version, student)
    with pytest.raises(RefusedError, match="bad_span"):
        extensions.extend_one(attempt=attempt, span=span, reason="x", actor=educator)
    with pytest.raises(RefusedError, match="bad_span"):
        extensions.extend_all(version=version, span=span, reason="x", actor=educator)


def test_extensions_at_once_add_up(
    shared_database: None, educator: User, student: User, version: ExamVersion
) -> None:
    attempt = attempts.started(version, student)
    one = partial(
        extensions.extend_one, attempt=attempt, span=TEN, reason="x", actor=educator
    )
    everybody = partial(
        extensions.extend_all, version=version, span=TEN, reason="x", actor=educator
    )
    together([one, everybody, one, everybody])
    assert Attempt.objects.get().deadline == attempt.deadline + 4 * TEN
