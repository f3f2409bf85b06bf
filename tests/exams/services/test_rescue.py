"""What a job that died was working on says so, and waits for nobody."""

from __future__ import annotations

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.events import record_about
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture
from exams.services import lectures
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState
from tests.factories import exams
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs


def bury(consumer: str, settings) -> None:
    """Let the job of this consumer fail for good, as a worker does."""
    settings.JOB_MAX_ERRORS = 1
    job = claims.claim(["heavy"])
    assert job is not None
    assert job.consumer == consumer
    assert job.lease_token is not None
    claims.fail(job, job.lease_token, code="MemoryError", detail="")


def test_a_reading_that_died_fails_its_lecture_and_the_exams_that_wait(
    educator: User, settings
) -> None:
    lecture = uploaded(educator, content=pdfs.prose(1))
    bury("exams.read_lecture", settings)
    assert run_jobs() == 1

    lecture.refresh_from_db()
    exam = lecture.exams.get()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "internal")
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "lecture_failed")
    assert Job.objects.get(consumer="exams.give_up").state == JobState.DONE


def test_a_drafting_that_died_fails_its_exam_and_keeps_the_lecture(
    educator: User, settings
) -> None:
    lecture = exams.lecture(educator)
    exam = lectures.request_exam(lecture=lecture, actor=educator, wish=Wish())
    bury("exams.generate_exam", settings)
    assert run_jobs() == 1

    exam.refresh_from_db()
    lecture.refresh_from_db()
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "internal")
    assert lecture.state == LectureState.READ


def test_what_died_can_be_tried_again_by_its_owner(educator: User, settings) -> None:
    lecture = uploaded(educator, content=pdfs.prose(1))
    bury("exams.read_lecture", settings)
    run_jobs()

    lectures.retry_lecture(lecture=Lecture.objects.get(), actor=educator)
    run_jobs()

    lecture.refresh_from_db()
    assert lecture.state == LectureState.READ


def test_news_of_a_death_that_came_too_late_changes_nothing(educator: User) -> None:
    exam = exams.exam(educator)
    for subject in (exam.id, exam.lecture_id):
        record_about("job.dead", "exam", subject, consumer="exams.generate_exam")
    assert run_jobs() == 2
    assert Exam.objects.get().state == ExamState.DRAFT
    assert Lecture.objects.get().state == LectureState.READ
    assert not Event.objects.filter(name__endswith=".failed").exists()


def test_news_about_somebody_elses_job_is_no_concern_of_exams(educator: User) -> None:
    record_about("job.dead", "attempt", educator.id, consumer="scoring.grade")
    assert run_jobs() == 1
    assert Job.objects.get().state == JobState.DONE
