"""From one event to rows and jobs for everybody whom it concerns, and nobody else."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from examgen.jobs import claims, runner
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import ExamVersion
from exams.states import ExamState, LectureState
from notifications.messages import Notice
from notifications.models import Delivery
from notifications.services import subscriptions
from notifications.services.announce import DELIVER, delivery_id
from notifications.states import Channel, DeliveryState, Reason
from tests.factories import attempts, courses, exams, many, people, versions
from tests.notifications.running import mails, run_jobs

pytestmark = pytest.mark.django_db


def published(version: ExamVersion) -> Event:
    return record("exam.published", version)


def announcing(event: Event) -> int:
    """Run the one job that tells students, and count its queries."""
    job = claims.claim_one(event.jobs.get(consumer="notifications.tell_students").id)
    assert job is not None
    with CaptureQueriesContext(connection) as queries:
        assert runner.run(job) == JobState.DONE
    # The clock is asked now and then, whatever else is asked.
    return len([one for one in queries if "clock_timestamp" not in one["sql"]])


def told(message: str) -> set[str]:
    """The addresses with a row of this message, by whatever channel."""
    rows = Delivery.objects.filter(message=message)
    return {one.recipient.email for one in rows.select_related("recipient")}


# Many


def test_two_thousand_recipients_are_two_thousand_rows_and_jobs(
    educator: User,
) -> None:
    course = courses.course(educator)
    many.students(course, 2000)
    announcing(published(versions.version(educator, course=course)))
    by_mail = Delivery.objects.filter(channel=Channel.EMAIL)
    assert by_mail.count() == 2000
    assert set(by_mail.values_list("state", "reason", "tries")) == {("waiting", "", 0)}
    assert Delivery.objects.filter(channel=Channel.SITE, state="sent").count() == 2000
    jobs = Job.objects.filter(consumer=DELIVER)
    assert jobs.count() == 2000
    assert set(jobs.values_list("subject", flat=True)) == set(
        by_mail.values_list("id", flat=True)
    )


def test_each_batch_of_recipients_takes_the_same_queries(educator: User) -> None:
    counts = []
    for number in (500, 1000, 1500, 2000):
        course = courses.course(educator)
        many.students(course, number)
        counts.append(announcing(published(versions.version(educator, course=course))))
    one, two, three, four = counts
    assert two - one == three - two == four - three
    # Wishes, rows that are there, and inserts, cut where the database wants them cut.
    assert two - one < 50


# Once


def test_a_fan_out_that_is_repeated_adds_nothing(educator: User, student: User) -> None:
    course = courses.course(educator)
    courses.enrol(course, student)
    event = published(versions.version(educator, course=course))
    announcing(event)
    before = set(Delivery.objects.values_list("id", "created_at"))
    Job.objects.filter(event=event).exclude(consumer=DELIVER).update(
        state=JobState.QUEUED, finished_at=None
    )
    announcing(event)
    assert set(Delivery.objects.values_list("id", "created_at")) == before
    assert Job.objects.filter(consumer=DELIVER).count() == 1


def test_a_worker_that_lost_its_job_writes_no_row(
    educator: User, student: User
) -> None:
    course = courses.course(educator)
    courses.enrol(course, student)
    event = published(versions.version(educator, course=course))
    job = claims.claim_one(event.jobs.get(consumer="notifications.tell_students").id)
    assert job is not None
    Job.objects.filter(id=job.id).update(lease_token=uuid.uuid4())
    assert runner.run(job) == JobState.RUNNING
    assert not Delivery.objects.exists()
    assert not Job.objects.filter(consumer=DELIVER).exists()


def test_a_rows_id_says_what_is_unique_of_it() -> None:
    notice = Notice(
        message="receipt",
        occasion=uuid.UUID(int=1),
        subject=uuid.UUID(int=2),
        recipient=uuid.UUID(int=3),
    )
    mail = delivery_id(notice, Channel.EMAIL)
    assert str(mail) == str(delivery_id(notice, Channel.EMAIL))
    assert len({mail, delivery_id(notice, Channel.SITE)}) == 2


# Whom


def test_students_of_the_course_are_told_of_an_exam_and_nobody_else(
    educator: User, student: User
) -> None:
    course, foreign = courses.course(educator), courses.course(educator)
    left = people.student("left@example.org")
    courses.enrol(course, student)
    courses.enrol(course, left, left_at=now())
    courses.teach(course, people.educator("co@example.org"))
    courses.enrol(foreign, people.student("foreign@example.org"))
    published(versions.version(educator, course=course))
    run_jobs()
    assert told("exam_opened") == {student.email}


def test_an_exam_without_a_course_is_told_to_nobody(
    educator: User, student: User
) -> None:
    published(versions.version(educator))
    run_jobs()
    assert not Delivery.objects.exists()


def test_the_owner_alone_is_told_of_a_draft(
    educator: User, colleague: User, student: User
) -> None:
    record("exam.ready", exams.exam(educator))
    record("exam.ready", exams.exam(colleague))
    run_jobs()
    rows = Delivery.objects.filter(message="exam_ready", channel=Channel.EMAIL)
    owners = {one.subject_id: one.recipient for one in rows}
    for exam in (*educator.exams.all(), *colleague.exams.all()):
        assert owners.pop(exam.id) == exam.owner
    assert owners == {}


def test_a_lecture_that_fails_with_its_exams_is_told_once(educator: User) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED, error_code="encrypted")
    exam = exams.exam(
        educator, of=lecture, state=ExamState.FAILED, error_code="lecture_failed"
    )
    record("lecture.failed", lecture, code="encrypted")
    record("exam.failed", exam, code="lecture_failed")
    run_jobs()
    assert [one.message for one in Delivery.objects.filter(channel="email")] == [
        "lecture_failed"
    ]


def test_who_stops_something_is_not_told_that_it_stopped(educator: User) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED, error_code="cancelled")
    record("lecture.failed", lecture, code="cancelled")
    exam = exams.exam(educator, state=ExamState.FAILED, error_code="cancelled")
    record("exam.failed", exam, code="cancelled")
    run_jobs()
    assert not Delivery.objects.exists()


def test_an_invited_address_gets_a_mail_and_no_line(educator: User) -> None:
    invitation = courses.invite(courses.course(educator))
    run_jobs()
    (delivery,) = Delivery.objects.all()
    assert (delivery.invitation, delivery.recipient) == (invitation, None)
    assert (delivery.channel, delivery.state) == ("email", "sent")


@pytest.mark.parametrize(
    ("consumer", "expected"),
    [
        ("scoring.rebuild_board", True),
        ("exams.generate_exam", False),
        ("notifications.deliver", False),
    ],
)
def test_of_dead_work_the_owner_hears_where_nothing_else_tells(
    educator: User, consumer: str, expected: bool
) -> None:
    version = versions.version(educator)
    record("job.dead", version, consumer=consumer, job="7", code="OSError")
    run_jobs()
    assert (told("job_dead") == {educator.email}) == expected


def test_dead_work_on_an_attempt_is_told_to_the_exams_owner(
    educator: User, student: User
) -> None:
    attempt = attempts.attempt(versions.version(educator), student)
    record("job.dead", attempt, consumer="scoring.grade", job="7", code="OSError")
    run_jobs()
    assert told("job_dead") == {educator.email}


def test_what_is_gone_before_its_job_runs_is_told_to_nobody(educator: User) -> None:
    exam = exams.exam(educator)
    record("exam.ready", exam)
    exam.delete()
    run_jobs()
    assert not Delivery.objects.exists()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


# Wishes


@pytest.mark.parametrize("channel", Channel)
def test_what_is_switched_off_is_noted_and_goes_nowhere(
    educator: User, channel: Channel
) -> None:
    choices = {("exam_ready", channel): False}
    subscriptions.choose(person=educator, choices=choices)
    record("exam.ready", exams.exam(educator))
    run_jobs()
    rows = {one.channel: (one.state, one.reason) for one in Delivery.objects.all()}
    other = next(one for one in Channel if one != channel)
    assert rows == {channel: ("skipped", Reason.UNWANTED), other: ("sent", "")}


def test_nobody_can_switch_off_what_is_not_optional(student: User) -> None:
    subscriptions.choose(person=student, choices={("welcome", Channel.EMAIL): False})
    student.subscriptions.create(message="welcome", channel="email", wanted=False)
    record("user.signed_up", student)
    run_jobs()
    states = {one.state for one in Delivery.objects.filter(message="welcome")}
    assert states == {"sent"}


# Told later, after all


def test_what_was_hidden_waits_again_when_it_is_announced_anew(
    educator: User, student: User
) -> None:
    course = courses.course(educator)
    courses.enrol(course, student)
    event = published(versions.version(educator, course=course))
    run_jobs()
    (mail,) = mails("exam_opened")
    for reason, expected in ((Reason.LEFT, "skipped"), (Reason.HIDDEN, "waiting")):
        Delivery.objects.filter(id=mail.id).update(
            state=DeliveryState.SKIPPED, sent_at=None, reason=reason
        )
        Job.objects.filter(event=event).exclude(consumer=DELIVER).update(
            state=JobState.QUEUED, finished_at=None
        )
        announcing(event)
        (mail,) = mails("exam_opened")
        assert mail.state == expected
    assert Job.objects.filter(consumer=DELIVER, state="queued").count() == 1
