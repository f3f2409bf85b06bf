"""Results are told when the student may see them: never before, once for each grade."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Job
from examgen.jobs.states import WAITING
from exams.models import ExamVersion
from exams.policy import Release
from notifications.models import Delivery
from notifications.states import Reason
from scoring.models import Attempt
from scoring.states import AttemptState
from tests.factories import attempts, exams, people, versions
from tests.notifications.running import fan_out, mails, run_jobs, run_later
from tests.servers.smtp import Sink

pytestmark = pytest.mark.django_db


def version_with(educator: User, release: Release, **rules: Any) -> ExamVersion:
    return versions.version(
        educator, kinds=exams.FOUR, open_ended=True, release=release, **rules
    )


def graded(version: ExamVersion, user: User) -> Attempt:
    """A closed attempt with a whole grade, told as its services tell it."""
    attempt = attempts.attempt(version, user)
    attempts.grade(attempt)
    told_graded(attempt)
    return attempt


def told_graded(attempt: Attempt) -> None:
    record("attempt.graded", attempt, version=str(attempt.version_id))


def close(version: ExamVersion) -> None:
    version.closed_at = now()
    version.save(update_fields=["closed_at"])
    record("exam.closed", version)


def release(version: ExamVersion) -> None:
    version.released_at = now()
    version.save(update_fields=["released_at"])
    record("exam.released", version)


def told(sink: Sink) -> list[str]:
    return sorted(
        one.to for one in sink.received if one.subject.startswith("Result ready")
    )


def waiting_looks() -> list[datetime]:
    looks = Job.objects.filter(key__startswith="results:", state__in=WAITING)
    return list(looks.order_by("run_after").values_list("run_after", flat=True))


def test_with_release_at_submit_each_is_told_at_once(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    graded(version, student)
    run_jobs()
    assert told(sink) == [student.email]


def test_with_release_by_hand_all_are_told_when_the_educator_says(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.MANUAL)
    graded(version, student)
    graded(version, people.student("ann@example.org"))
    close(version)
    run_jobs()
    assert told(sink) == []
    release(version)
    run_jobs()
    assert told(sink) == ["ann@example.org", student.email]


def test_whoever_is_graded_after_the_release_is_told_then(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.MANUAL)
    graded(version, student)
    essay = attempts.attempt(version, people.student("ann@example.org"))
    attempts.grade(essay, complete=False)
    told_graded(essay)
    release(version)
    run_jobs()
    assert told(sink) == [student.email]
    attempts.grade(essay)
    told_graded(essay)
    run_jobs()
    assert told(sink) == ["ann@example.org", student.email]


def test_before_the_date_of_release_nobody_is_told_and_one_look_is_planned(
    educator: User, student: User, sink: Sink
) -> None:
    soon = now() + timedelta(hours=2)
    version = version_with(educator, Release.ON_DATE, release_at=soon)
    record("exam.published", version)
    graded(version, student)
    close(version)
    run_jobs()
    assert told(sink) == []
    # Asked for twice, at publication and at the close: it is one job.
    assert waiting_looks() == [soon]


def test_on_the_date_of_release_the_look_tells_all(
    educator: User, student: User, sink: Sink
) -> None:
    """The look of the publication, late enough to find everything."""
    past = now() - timedelta(seconds=1)
    version = version_with(educator, Release.ON_DATE, release_at=past)
    for user in (student, people.student("ann@example.org")):
        attempts.grade(attempts.attempt(version, user))
    record("exam.published", version)
    run_jobs()
    assert told(sink) == ["ann@example.org", student.email]
    assert waiting_looks() == []


def test_after_the_close_all_are_told_once_the_last_is_done(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AFTER_CLOSE, minutes=30)
    graded(version, student)
    slow = attempts.started(version, people.student("ann@example.org"))
    deadline = slow.deadline
    assert deadline is not None
    run_jobs()
    close(version)
    run_jobs()
    assert told(sink) == []
    (look,) = waiting_looks()
    assert look == deadline + timedelta(seconds=90)
    attempts.submitted(slow)
    run_jobs()
    assert told(sink) == ["ann@example.org"]
    run_later()
    assert told(sink) == ["ann@example.org", student.email]


def test_an_attempt_that_is_voided_last_holds_up_nobody(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AFTER_CLOSE)
    graded(version, student)
    other = attempts.started(version, people.student("ann@example.org"))
    close(version)
    run_jobs()
    (look,) = waiting_looks()
    assert look - now() < timedelta(minutes=10)
    Attempt.objects.filter(id=other.id).update(state=AttemptState.VOID)
    run_later()
    assert told(sink) == [student.email]


def test_a_grade_is_told_once_whatever_events_come(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    attempt = graded(version, student)
    run_jobs()
    close(version)
    release(version)
    told_graded(attempt)
    run_jobs()
    run_later()
    assert told(sink) == [student.email]
    assert len(mails("result_released")) == 1


def test_a_new_revision_of_a_grade_is_told_again(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    attempt = graded(version, student)
    run_jobs()
    attempts.grade(attempt, "4")
    told_graded(attempt)
    run_jobs()
    assert told(sink) == [student.email] * 2
    first, second = (mail for mail in sink.received if mail.to == student.email)
    assert "was graded again" not in first.part("plain")
    assert "was graded again" in second.part("plain")


def test_of_two_revisions_that_wait_only_the_newest_is_sent(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    attempt = graded(version, student)
    fan_out()
    attempts.grade(attempt, "4")
    told_graded(attempt)
    run_jobs()
    assert told(sink) == [student.email]
    assert sorted((one.state, one.reason) for one in mails("result_released")) == [
        ("sent", ""),
        ("skipped", Reason.OUTDATED),
    ]


def test_an_exam_reopened_before_the_mail_left_is_told_at_its_next_close(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AFTER_CLOSE)
    graded(version, student)
    close(version)
    fan_out()
    ExamVersion.objects.update(closed_at=None)
    run_jobs()
    assert told(sink) == []
    assert [(m.state, m.reason) for m in mails("result_released")] == [
        ("skipped", Reason.HIDDEN)
    ]
    close(version)
    run_jobs()
    assert told(sink) == [student.email]
    assert len(mails("result_released")) == 1


def test_a_voided_attempt_has_no_result_to_tell(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    attempt = graded(version, student)
    fan_out()
    Attempt.objects.filter(id=attempt.id).update(state=AttemptState.VOID)
    run_jobs()
    assert told(sink) == []
    assert [one.reason for one in mails("result_released")] == [Reason.OUTDATED]


def test_nobody_is_told_of_anothers_result(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    graded(version, student)
    run_jobs()
    rows = Delivery.objects.filter(message="result_released")
    assert {one.recipient for one in rows} == {student}


def test_no_mail_holds_a_score_a_key_or_an_explanation(
    educator: User, student: User, sink: Sink
) -> None:
    version = version_with(educator, Release.AT_SUBMIT)
    attempt = graded(version, student)
    record("attempt.closed", attempt)
    run_jobs()
    keys = [
        text
        for key in version.key.values()
        for text in (key["explanation"], *(e["quote"] for e in key["evidence"]))
    ]
    mails_of_student = [mail for mail in sink.received if mail.to == student.email]
    assert len(mails_of_student) == 2
    for mail in mails_of_student:
        said = mail.part("plain") + mail.part("html")
        for secret in (*keys, "Chlorophyll", "guard cells", "300.5"):
            assert secret not in said


def test_an_exam_that_is_gone_tells_nobody(educator: User) -> None:
    version = version_with(educator, Release.MANUAL)
    record("exam.released", version)
    version.delete()
    run_jobs()
    assert not Delivery.objects.exists()
