"""Asking again, stopping and removing lectures."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture, Page, Question
from exams.services import lectures
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState
from tests.factories import exams, stores
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs

LECTURE = pdfs.prose(1)


def events() -> list[str]:
    return list(Event.objects.values_list("name", flat=True))


# Asking for another exam


def test_another_exam_of_a_read_lecture_starts_at_once(educator: User) -> None:
    lecture = exams.lecture(educator)

    exam = lectures.request_exam(
        lecture=lecture, actor=educator, wish=Wish(questions=5), title="Second try"
    )

    exam.refresh_from_db()
    assert exam.state == ExamState.GENERATING
    assert exam.title == "Second try"
    event = Event.objects.get()
    assert (event.name, event.subject_id, event.actor) == (
        "exam.requested",
        exam.id,
        educator.id,
    )


def test_another_exam_of_a_lecture_being_read_waits_for_it(educator: User) -> None:
    lecture = exams.lecture(educator, state=LectureState.STORED)

    exam = lectures.request_exam(lecture=lecture, actor=educator, wish=Wish())

    exam.refresh_from_db()
    assert exam.state == ExamState.WAITING
    assert events() == []


def test_an_exam_asked_for_just_as_the_reading_ends_is_not_left_waiting(
    educator: User,
) -> None:
    seen_before = exams.lecture(educator, state=LectureState.STORED)
    Lecture.objects.update(state=LectureState.READ)

    exam = lectures.request_exam(lecture=seen_before, actor=educator, wish=Wish())

    exam.refresh_from_db()
    assert exam.state == ExamState.GENERATING
    assert events() == ["exam.requested"]


def test_an_exam_of_a_failed_lecture_lets_it_be_read_again(educator: User) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED, error_code="internal")

    exam = lectures.request_exam(lecture=lecture, actor=educator, wish=Wish())

    lecture.refresh_from_db()
    exam.refresh_from_db()
    assert lecture.state == LectureState.STORED
    assert exam.state == ExamState.WAITING
    assert events() == ["lecture.uploaded"]


# Trying again


def test_a_failed_lecture_is_read_again_and_its_exams_wait_again(
    educator: User,
) -> None:
    lecture = exams.lecture(
        educator,
        state=LectureState.FAILED,
        error_code="too_many_pages",
        error_params={"pages": 600, "limit": 500},
    )
    exam = exams.exam(
        educator, of=lecture, state=ExamState.FAILED, error_code="lecture_failed"
    )

    lectures.retry_lecture(lecture=lecture, actor=educator)

    lecture.refresh_from_db()
    exam.refresh_from_db()
    assert (lecture.state, lecture.error_code, lecture.error_params) == (
        LectureState.STORED,
        "",
        {},
    )
    assert (exam.state, exam.error_code) == (ExamState.WAITING, "")
    job = Job.objects.get()
    assert (job.consumer, job.subject) == ("exams.read_lecture", lecture.id)


@pytest.mark.parametrize("state", [LectureState.STORED, LectureState.UPLOADING])
def test_a_lecture_under_way_cannot_be_retried(
    state: LectureState, educator: User
) -> None:
    lecture = exams.lecture(educator, state=state)
    with pytest.raises(IllegalMoveError):
        lectures.retry_lecture(lecture=lecture, actor=educator)
    assert events() == []


def test_a_failed_exam_of_a_read_lecture_is_drafted_again(educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED, error_code="internal")

    lectures.retry_exam(exam=exam, actor=educator)

    exam.refresh_from_db()
    assert (exam.state, exam.error_code) == (ExamState.GENERATING, "")
    assert events() == ["exam.requested"]


def test_a_failed_exam_of_a_failed_lecture_starts_at_the_reading(
    educator: User,
) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED)
    exam = exams.exam(educator, of=lecture, state=ExamState.FAILED)

    lectures.retry_exam(exam=exam, actor=educator)

    exam.refresh_from_db()
    assert exam.state == ExamState.WAITING
    assert "lecture.uploaded" in events()


def test_a_second_retry_finds_it_already_under_way(educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED)
    lectures.retry_exam(exam=exam, actor=educator)
    with pytest.raises(IllegalMoveError):
        lectures.retry_exam(exam=exam, actor=educator)
    assert events() == ["exam.requested"]


# Stopping


def test_cancel_stops_the_reading_and_everything_that_waits_for_it(
    educator: User,
) -> None:
    lecture = uploaded(educator, content=LECTURE)

    lectures.cancel(lecture=lecture, actor=educator)

    lecture.refresh_from_db()
    exam = lecture.exams.get()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "cancelled")
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "cancelled")
    assert Job.objects.get().state == JobState.CANCELLED
    assert run_jobs() == 0
    assert sorted(events()) == ["exam.failed", "lecture.failed", "lecture.uploaded"]


def test_a_cancelled_lecture_can_be_tried_again(educator: User) -> None:
    lecture = uploaded(educator, content=LECTURE)
    lectures.cancel(lecture=lecture, actor=educator)

    lectures.retry_lecture(lecture=lecture, actor=educator)

    assert lecture.state == LectureState.STORED
    assert lecture.exams.get().state == ExamState.WAITING
    waiting = Job.objects.filter(state=JobState.QUEUED)
    assert [job.consumer for job in waiting] == ["exams.read_lecture"]


def test_cancel_takes_the_job_from_the_worker_that_runs_it(educator: User) -> None:
    lecture = uploaded(educator, content=LECTURE)
    job = claims.claim(["heavy"])
    assert job is not None
    assert job.lease_token is not None

    lectures.cancel(lecture=lecture, actor=educator)

    with pytest.raises(claims.LeaseLostError):
        claims.finish(job.id, job.lease_token)


def test_cancel_stops_the_drafting_and_keeps_what_was_read(educator: User) -> None:
    lecture = exams.lecture(educator)
    lectures.request_exam(lecture=lecture, actor=educator, wish=Wish())

    lectures.cancel(lecture=lecture, actor=educator)

    lecture.refresh_from_db()
    exam = lecture.exams.get()
    assert lecture.state == LectureState.READ
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "cancelled")
    assert Job.objects.get().state == JobState.CANCELLED


def test_cancel_reaches_the_drafting_when_the_reading_has_just_ended(
    educator: User,
) -> None:
    """The page still said "reading" when the button was pressed."""
    seen_before = exams.lecture(educator, state=LectureState.STORED)
    exam = exams.exam(educator, of=seen_before, state=ExamState.GENERATING)
    Lecture.objects.update(state=LectureState.READ)

    lectures.cancel(lecture=seen_before, actor=educator)

    exam.refresh_from_db()
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "cancelled")
    assert Lecture.objects.get().state == LectureState.READ


def test_cancel_leaves_a_finished_draft_alone(educator: User) -> None:
    exam = exams.exam(educator)
    lectures.cancel(lecture=exam.lecture, actor=educator)
    exam.refresh_from_db()
    assert exam.state == ExamState.DRAFT
    assert exam.lecture.state == LectureState.READ
    assert events() == []


# Removing


@pytest.mark.every_store
def test_a_deleted_lecture_goes_with_exams_pages_jobs_and_files(
    educator: User, colleague: User, store: Path
) -> None:
    exam = exams.exam(educator)
    lecture = exam.lecture
    lectures.request_exam(lecture=lecture, actor=educator, wish=Wish())
    other = exams.exam(colleague)
    kept = {key for key in stores.objects(store) if str(colleague.id) in key}

    lectures.delete_lecture(lecture=Lecture.objects.get(id=lecture.id), actor=educator)

    assert list(Lecture.objects.all()) == [other.lecture]
    assert list(Exam.objects.all()) == [other]
    assert Page.objects.count() == 2
    assert Question.objects.count() == 4
    job = Job.objects.get(consumer="exams.generate_exam")
    assert job.state == JobState.CANCELLED
    assert run_jobs() == 3
    assert stores.objects(store) == kept


@pytest.mark.every_store
def test_a_deleted_lecture_that_was_never_read_leaves_nothing(
    educator: User, store: Path
) -> None:
    lecture = uploaded(educator, content=LECTURE)
    lectures.delete_lecture(lecture=lecture, actor=educator)
    run_jobs()
    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()
    assert not (store / lecture.prefix).exists()


@pytest.mark.every_store
def test_a_deleted_exam_leaves_its_lecture(educator: User, store: Path) -> None:
    exam = exams.exam(educator)
    lectures.delete_exam(exam=Exam.objects.get(id=exam.id), actor=educator)

    assert not Exam.objects.exists()
    assert not Question.objects.exists()
    assert list(Lecture.objects.all()) == [exam.lecture]
    event = Event.objects.get()
    assert (event.name, event.data) == ("exam.deleted", {"prefix": exam.prefix})
    run_jobs()
    assert exam.document not in stores.objects(store)
    assert exam.lecture.file in stores.objects(store)


def test_events_hold_nothing_personal(educator: User) -> None:
    lecture = uploaded(educator, content=LECTURE, name="mira@example.org.pdf")
    lectures.cancel(lecture=lecture, actor=educator)
    lectures.delete_lecture(lecture=lecture, actor=educator)
    for event in Event.objects.all():
        assert "mira" not in str(event.data)
        assert isinstance(event.actor, uuid.UUID)
