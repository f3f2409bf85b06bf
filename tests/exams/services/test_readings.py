"""Reading a lecture: its states, its reasons, and nothing left behind.

What is read of a real lecture stands in `test_sample_lecture.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import User
from examgen.jobs import claims, runner
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.worker import Worker
from exams.models import Exam, Lecture, Page
from exams.services import lectures
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState
from tests.factories import bad_files, stores
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs


def run_reading() -> None:
    """Run the waiting job of a lecture; what it asks for next stays waiting."""
    job = claims.claim(["heavy"])
    assert job is not None
    assert job.consumer == "exams.read_lecture"
    runner.run(job)


def erase_in_the_other_worker() -> int:
    return Worker(["fast"]).drain()


# Files that are no lecture


@pytest.fixture
def _small_limits(settings) -> None:
    settings.LECTURE_MAX_BYTES = bad_files.MEGABYTE
    settings.LECTURE_MAX_PAGES = 20


@pytest.mark.usefixtures("_small_limits")
@pytest.mark.parametrize("bad", bad_files.AT_READING, ids=str)
@pytest.mark.every_store
def test_a_file_that_cannot_be_read_fails_with_its_reason_and_nothing_is_stuck(
    bad: bad_files.BadFile, educator: User, store: Path
) -> None:
    lecture = uploaded(educator, content=bad_files.content(bad), name=bad.name)
    run_jobs()

    lecture.refresh_from_db()
    exam = lecture.exams.get()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, bad.code)
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "lecture_failed")
    # The job itself went well: trying again could not help.
    job = Job.objects.get()
    assert (job.state, job.errors) == (JobState.DONE, 0)
    assert not Page.objects.exists()
    assert stores.objects(store) == {lecture.file}
    failed = Event.objects.filter(name__endswith=".failed").values_list("name", "data")
    assert sorted(failed) == [
        ("exam.failed", {"code": "lecture_failed"}),
        ("lecture.failed", {"code": bad.code}),
    ]


@pytest.mark.usefixtures("_small_limits")
def test_the_reason_keeps_the_numbers_of_its_sentence(educator: User) -> None:
    lecture = uploaded(educator, content=pdfs.many_pages(21))
    run_jobs()
    lecture.refresh_from_db()
    assert lecture.error_params == {"pages": 21, "limit": 20}


def test_a_failed_reading_can_be_retried_and_succeeds_once_the_cause_is_gone(
    educator: User, settings
) -> None:
    settings.LECTURE_MAX_PAGES = 1
    lecture = uploaded(educator, content=pdfs.prose(2), wish=Wish(questions=2))
    run_jobs()
    lecture.refresh_from_db()
    assert lecture.error_code == "too_many_pages"

    settings.LECTURE_MAX_PAGES = 2
    lectures.retry_lecture(lecture=lecture, actor=educator)
    run_jobs()

    lecture.refresh_from_db()
    assert (lecture.state, lecture.error_code) == (LectureState.READ, "")
    assert lecture.page_count == 2
    assert lecture.exams.get().state == ExamState.DRAFT


def test_a_failed_lecture_can_be_retried_and_fails_again_with_the_same_reason(
    educator: User,
) -> None:
    lecture = uploaded(educator, content=pdfs.encrypted())
    run_jobs()
    lectures.retry_lecture(lecture=Lecture.objects.get(), actor=educator)
    assert run_jobs() == 1
    lecture.refresh_from_db()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "encrypted")


@pytest.mark.every_store
def test_a_failed_lecture_can_be_deleted_without_a_trace(
    educator: User, store: Path
) -> None:
    uploaded(educator, content=pdfs.encrypted())
    run_jobs()
    lectures.delete_lecture(lecture=Lecture.objects.get(), actor=educator)
    run_jobs()
    assert not Lecture.objects.exists()
    assert not Exam.objects.exists()
    assert stores.objects(store) == set()


def test_reading_twice_leaves_one_set_of_pages(educator: User) -> None:
    """A worker that died after its work but before its end is followed by another."""
    lecture = uploaded(educator, content=pdfs.prose(2))
    run_reading()
    Lecture.objects.update(state=LectureState.STORED)
    Exam.objects.update(state=ExamState.WAITING)
    Job.objects.filter(consumer="exams.read_lecture").update(state=JobState.QUEUED)
    run_reading()
    assert list(lecture.pages.values_list("number", flat=True)) == [1, 2]


def test_a_job_for_a_lecture_that_is_gone_ends_well(educator: User) -> None:
    lecture = uploaded(educator, content=pdfs.prose(1))
    Exam.objects.all().delete()
    lecture.delete()
    assert run_jobs() == 1
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.every_store
def test_a_file_missing_in_the_store_is_tried_again_and_then_given_up(
    educator: User, store: Path, settings
) -> None:
    settings.JOB_BACKOFF_SECONDS = 0.0
    lecture = uploaded(educator, content=pdfs.prose(1))
    (store / lecture.file).unlink()

    run_jobs()

    lecture.refresh_from_db()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "internal")
    assert lecture.exams.get().error_code == "lecture_failed"
    job = Job.objects.get(consumer="exams.read_lecture")
    assert (job.state, job.error_code) == (JobState.DEAD, "StoreError")
    assert job.errors == settings.JOB_MAX_ERRORS


@pytest.mark.every_store
def test_a_lecture_deleted_while_it_is_read_leaves_no_files(
    educator: User, store: Path
) -> None:
    """The erasing may run before the reader hears that its lecture is gone."""
    lecture = uploaded(educator, content=pdfs.prose(3))
    deleted: list[bool] = []

    def delete_first(_name: str) -> None:
        if not deleted:
            deleted.append(True)
            mine = Lecture.objects.get(id=lecture.id)
            lectures.delete_lecture(lecture=mine, actor=educator)
            assert erase_in_the_other_worker() == 2

    with stores.hooked(store, delete_first):
        run_reading()

    assert deleted
    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()
