"""What people do to jobs: once, told, and never against a worker that was quicker."""

from __future__ import annotations

import uuid

import pytest

from examgen.jobs import by_hand, claims
from examgen.jobs.by_hand import CANCELLED
from examgen.jobs.events import record
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.wiring import On
from exams.invariants import INVARIANTS as OF_EXAMS
from exams.models import Exam, Lecture
from exams.states import ExamState, LectureState
from notifications.invariants import INVARIANTS as OF_MAILS
from notifications.models import Delivery
from tests.examgen.conftest import Wire
from tests.examgen.jobs.rows import claimed, fresh, job_for, nothing, token
from tests.factories import exams, people
from tests.factories.lectures import run_jobs
from tests.notifications.running import fan_out, mail
from tests.threads import together

ACTOR = uuid.uuid4()


def kill(job: Job) -> None:
    Job.objects.filter(id=job.id).update(state=JobState.DEAD, errors=6)


def test_a_retry_is_told_once_with_who_it_was(wired: None) -> None:
    job = job_for()
    kill(job)
    assert [by_hand.retry(job, actor=ACTOR) for _ in range(2)] == [True, False]
    event = Event.objects.get(name="job.retried")
    assert (event.subject_id, event.actor) == (job.id, ACTOR)
    assert fresh(job).state == JobState.QUEUED


def test_what_is_cancelled_is_told_and_what_has_ended_is_not(wired: None) -> None:
    queued, done = job_for(), claimed(job_for())
    claims.finish(done.id, token(done))
    assert by_hand.cancel(Job.objects.all(), actor=ACTOR) == 1
    assert by_hand.cancel(Job.objects.all(), actor=ACTOR) == 0
    event = Event.objects.get(name=CANCELLED)
    assert (event.subject_id, event.actor) == (queued.subject, ACTOR)
    assert event.data["job"] == str(queued.id)


def test_cancelling_those_who_are_told_of_cancelled_jobs_goes_on_for_ever_not(
    wire: Wire, db: None
) -> None:
    wire(
        On("tested", nothing, queue="fast"),
        On(CANCELLED, nothing, queue="fast"),
    )
    job_for()
    assert by_hand.cancel(Job.objects.all(), actor=ACTOR) == 1
    assert by_hand.cancel(Job.objects.all(), actor=ACTOR) == 1
    assert Event.objects.filter(name=CANCELLED).count() == 1
    assert not Job.objects.filter(state=JobState.QUEUED).exists()


def test_more_than_are_held_at_once_are_cancelled_all(wired: None) -> None:
    for _ in range(205):
        job_for()
    assert by_hand.cancel(Job.objects.all(), actor=ACTOR) == 205
    assert Event.objects.filter(name=CANCELLED).count() == 205


@pytest.mark.parametrize("act", ["cancel", "retry"])
def test_against_a_worker_that_ends_the_job_one_of_both_takes_hold(
    shared_database: None, wire: Wire, act: str
) -> None:
    wire(On("tested", nothing, queue="fast"))
    for _ in range(10):
        job = claimed(job_for())

        def finish(job: Job = job) -> bool:
            try:
                claims.finish(job.id, token(job))
            except claims.LeaseLostError:
                return False
            return True

        def by_person(job: Job = job) -> bool:
            if act == "retry":
                return by_hand.retry(job, actor=ACTOR)
            only = Job.objects.filter(id=job.id)
            return bool(by_hand.cancel(only, actor=ACTOR))

        finished, acted = together([finish, by_person])
        told = Event.objects.filter(data__job=str(job.id), name=CANCELLED).count()
        if act == "retry":
            assert (finished, acted) == (True, False)
        else:
            assert finished is not acted
            assert told == int(acted)
        expected = JobState.DONE if finished else JobState.CANCELLED
        assert fresh(job).state == expected


def test_of_two_people_who_retry_at_once_one_does(
    shared_database: None, wire: Wire
) -> None:
    wire(On("tested", nothing, queue="fast"))
    job = job_for()
    kill(job)
    done = together([lambda: by_hand.retry(job, actor=ACTOR) for _ in range(4)])
    assert sorted(done) == [False, False, False, True]
    assert Event.objects.filter(name="job.retried").count() == 1


# What waited for the job


def broken() -> list[str]:
    return [
        f"{violation.row}: {violation.problem}"
        for invariant in (*OF_EXAMS, *OF_MAILS)
        for violation in invariant()
        if "no job" in violation.problem
    ]


def test_a_lecture_whose_reading_was_cancelled_fails_and_may_be_tried_again(
    db: None,
) -> None:
    lecture = exams.lecture(people.educator(), state=LectureState.STORED)
    waiting = exams.exam(lecture.owner, of=lecture, state=ExamState.WAITING)
    record("lecture.uploaded", lecture)
    by_hand.cancel(Job.objects.filter(consumer="exams.read_lecture"), actor=ACTOR)
    run_jobs()
    lecture.refresh_from_db()
    waiting.refresh_from_db()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "stopped")
    assert waiting.state == ExamState.FAILED
    assert broken() == []
    assert Delivery.objects.filter(message="lecture_failed").exists()


def test_an_exam_whose_drafting_was_cancelled_fails(db: None) -> None:
    exam = exams.exam(people.educator(), state=ExamState.GENERATING)
    record("exam.requested", exam)
    drafting = Job.objects.filter(consumer="exams.generate_exam")
    by_hand.cancel(drafting, actor=ACTOR)
    run_jobs()
    exam = Exam.objects.get(pk=exam.pk)
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "stopped")
    assert Lecture.objects.get(pk=exam.lecture_id).state == LectureState.READ


def test_a_mail_whose_job_was_cancelled_has_failed_and_may_be_sent_again(
    db: None,
) -> None:
    record("exam.ready", exams.exam(people.educator()))
    fan_out()
    by_hand.cancel(Job.objects.filter(consumer="notifications.deliver"), actor=ACTOR)
    run_jobs()
    row = mail("exam_ready")
    assert (row.state, row.reason, row.detail) == ("failed", "stopped", "")
    assert broken() == []
