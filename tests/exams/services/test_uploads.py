"""Uploading a lecture: what is kept, what is refused, what died on its way."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import File

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture
from exams.reading import ReadingError
from exams.services import lectures
from exams.services.files import StoreError
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState
from tests.factories import bad_files, exams, stores
from tests.factories.lectures import run_jobs
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


def test_the_same_bytes_may_be_uploaded_again_after_deleting(educator: User) -> None:
    first = upload(educator).lecture
    first_id = first.id
    lectures.delete_lecture(lecture=first, actor=educator)
    again = upload(educator)
    assert not again.known
    assert again.lecture.id != first_id
