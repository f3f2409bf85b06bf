"""Uploading, asking again, stopping and removing lectures."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import File

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture, Page, Question
from exams.reading import ReadingError
from exams.services import lectures
from exams.services.files import StoreError
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState
from tests.factories import bad_files, exams, stores
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs

LECTURE = pdfs.prose(1)


def upload(
    owner: User, content: bytes = LECTURE, *, name: str = "week1.pdf"
) -> lectures.Upload:
    return lectures.upload_lecture(
        owner=owner, file=File(BytesIO(content)), name=name, wish=Wish(questions=3)
    )


def events() -> list[str]:
    return list(Event.objects.values_list("name", flat=True))


# Uploading


@pytest.mark.every_store
def test_an_upload_is_kept_under_its_owner_with_one_waiting_exam_and_one_event(
    educator: User, store: Path
) -> None:
    result = upload(educator, name="week1_intro-to botany.pdf")

    lecture = Lecture.objects.get()
    assert result.lecture == lecture
    assert not result.known
    key = f"u/{educator.id}/lectures/{lecture.id}/lecture.pdf"
    assert lecture.file == key
    assert stores.objects(store) == {key}
    assert (store / key).read_bytes() == LECTURE
    assert lecture.sha256 == hashlib.sha256(LECTURE).hexdigest()
    assert lecture.size == len(LECTURE)
    assert lecture.state == LectureState.STORED
    assert lecture.title == "Week1 intro to botany"
    assert lecture.file_name == "week1_intro-to botany.pdf"

    exam = Exam.objects.get()
    assert result.exam == exam
    assert (exam.owner, exam.lecture, exam.state) == (
        educator,
        lecture,
        ExamState.WAITING,
    )
    assert exam.title == lecture.title
    assert Wish.from_json(exam.settings) == Wish(questions=3)

    event = Event.objects.get()
    assert event.name == "lecture.uploaded"
    assert (event.subject_id, event.actor) == (lecture.id, educator.id)
    assert event.data == {}
    job = Job.objects.get()
    assert (job.consumer, job.subject) == ("exams.read_lecture", lecture.id)
    assert (job.queue, job.state) == ("heavy", JobState.QUEUED)


@pytest.mark.every_store
def test_the_same_bytes_twice_give_the_known_lecture_and_no_second_row(
    educator: User, store: Path
) -> None:
    first = upload(educator)
    second = upload(educator, name="another name.pdf")

    assert second.known
    assert second.lecture == first.lecture
    assert second.exam == first.exam
    assert Lecture.objects.count() == 1
    assert Exam.objects.count() == 1
    assert events() == ["lecture.uploaded"]
    assert len(stores.objects(store)) == 1


@pytest.mark.every_store
def test_one_name_by_two_owners_gives_two_independent_lectures(
    educator: User, colleague: User, store: Path
) -> None:
    mine = upload(educator, name="week1.intro.pdf").lecture
    theirs = upload(colleague, name="week1.intro.pdf").lecture

    assert mine != theirs
    assert not Lecture.objects.for_user(educator).filter(id=theirs.id).exists()
    assert stores.objects(store) == {
        f"u/{educator.id}/lectures/{mine.id}/lecture.pdf",
        f"u/{colleague.id}/lectures/{theirs.id}/lecture.pdf",
    }


def test_other_bytes_of_the_same_name_are_another_lecture(educator: User) -> None:
    first = upload(educator).lecture
    second = upload(educator, pdfs.prose(2)).lecture

    assert first != second
    assert first.file != second.file


@pytest.mark.parametrize("bad", bad_files.AT_UPLOAD, ids=str)
@pytest.mark.every_store
def test_what_is_plainly_no_lecture_is_refused_and_nothing_is_kept(
    bad: bad_files.BadFile, educator: User, store: Path, settings
) -> None:
    settings.LECTURE_MAX_BYTES = bad_files.MEGABYTE
    with pytest.raises(ReadingError) as caught:
        upload(educator, bad_files.content(bad), name=bad.name)

    assert caught.value.code == bad.code
    assert not Lecture.objects.exists()
    assert not Exam.objects.exists()
    assert not Event.objects.exists()
    assert stores.objects(store) == set()


@pytest.mark.every_store
def test_a_store_that_is_away_leaves_no_row_and_the_next_try_succeeds(
    educator: User, store: Path
) -> None:
    with stores.hooked(store, stores.refuse), pytest.raises(StoreError):
        upload(educator)
    assert not Lecture.objects.exists()
    assert not Event.objects.exists()

    assert not upload(educator).known
    assert Lecture.objects.get().state == LectureState.STORED


@pytest.mark.every_store
def test_a_store_that_fails_half_way_keeps_no_half_object(
    educator: User, store: Path
) -> None:
    with pytest.raises(StoreError):
        lectures.upload_lecture(
            owner=educator, file=stores.ending(LECTURE), name="week1.pdf", wish=Wish()
        )

    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()


@pytest.mark.every_store
def test_the_same_upload_in_two_tabs_at_once_is_one_lecture(
    educator: User, store: Path
) -> None:
    """The second request comes while the first writes its file."""
    second: list[lectures.Upload] = []

    def other_tab(_name: str) -> None:
        if not second:
            second.append(upload(educator))

    with stores.hooked(store, other_tab):
        first = upload(educator)

    assert second[0].known
    assert second[0].lecture == first.lecture
    assert second[0].exam is None
    assert not first.known
    assert Lecture.objects.get().state == LectureState.STORED
    assert Exam.objects.count() == 1
    assert events() == ["lecture.uploaded"]


@pytest.mark.every_store
def test_a_lecture_deleted_while_it_is_uploaded_leaves_nothing(
    educator: User, store: Path
) -> None:
    """The erasing runs before the file is written."""

    def delete_in_another_tab(_name: str) -> None:
        lectures.delete_lecture(lecture=Lecture.objects.get(), actor=educator)
        assert run_jobs() == 1

    with (
        stores.hooked(store, delete_in_another_tab),
        pytest.raises(IllegalMoveError),
    ):
        upload(educator)

    assert not Lecture.objects.exists()
    assert not Exam.objects.exists()
    assert stores.objects(store) == set()


def _died_on_its_way(owner: User, store: Path, *, ago: timedelta) -> Lecture:
    """A row whose process was killed after the file was written."""
    died = exams.lecture(
        owner,
        state=LectureState.UPLOADING,
        sha256=hashlib.sha256(LECTURE).hexdigest(),
        created_at=now() - ago,
    )
    assert stores.objects(store) == {died.file}
    return died


@pytest.mark.every_store
def test_an_upload_that_died_makes_room_for_the_same_bytes(
    educator: User, store: Path
) -> None:
    died = _died_on_its_way(educator, store, ago=timedelta(hours=2))

    again = upload(educator)
    assert not again.known
    assert list(Lecture.objects.all()) == [again.lecture]
    assert again.lecture.id != died.id

    # What the dead upload had stored goes with its row.
    claims_run = run_jobs()
    assert claims_run > 0
    assert not any(key.startswith(died.prefix) for key in stores.objects(store))


@pytest.mark.every_store
def test_an_abandoned_upload_is_forgotten_with_its_file_a_fresh_one_is_left(
    educator: User, store: Path
) -> None:
    died = _died_on_its_way(educator, store, ago=timedelta(hours=2))
    fresh = exams.lecture(educator, state=LectureState.UPLOADING)
    stored = exams.lecture(
        educator, state=LectureState.STORED, created_at=now() - timedelta(days=9)
    )

    assert lectures.forget_abandoned() == 1

    assert set(Lecture.objects.all()) == {fresh, stored}
    assert stores.objects(store) == {fresh.file, stored.file}
    assert not Lecture.objects.filter(id=died.id).exists()
    assert lectures.forget_abandoned() == 0


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


def test_the_same_bytes_may_be_uploaded_again_after_deleting(educator: User) -> None:
    first = upload(educator).lecture
    first_id = first.id
    lectures.delete_lecture(lecture=first, actor=educator)
    again = upload(educator)
    assert not again.known
    assert again.lecture.id != first_id


def test_events_hold_nothing_personal(educator: User) -> None:
    lecture = uploaded(educator, content=LECTURE, name="mira@example.org.pdf")
    lectures.cancel(lecture=lecture, actor=educator)
    lectures.delete_lecture(lecture=lecture, actor=educator)
    for event in Event.objects.all():
        assert "mira" not in str(event.data)
        assert isinstance(event.actor, uuid.UUID)
