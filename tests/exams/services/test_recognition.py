"""Lectures with pictures of text: their way with text recognition, and without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from examgen.jobs import claims, runner
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.stopping import StopFlag
from exams.models import Exam, Lecture, Recognition
from exams.services import lectures
from exams.services.left_out import LeftOut, listed_pages, report
from exams.services.progress import progress_of
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs, scans

pytestmark = pytest.mark.django_db

PICTURE = scans.scanned(pdfs.prose(1))
BLURRED = scans.scanned(pdfs.prose(1), dots=100, blurred=2.5)
MIXED = scans.joined(pdfs.prose(1), PICTURE, BLURRED)
# Quick to draw, and not to be read by anybody.
EMPTY = scans.scanned(pdfs.blank(1), dots=20)
PICTURES = scans.joined(pdfs.prose(1), EMPTY, EMPTY, EMPTY)


@pytest.fixture
def ocr(settings: Any, tesseract: str) -> Any:
    settings.OCR = "tesseract"
    return settings


@pytest.fixture
def blind(settings: Any, tmp_path: Path) -> Any:
    """A site whose recognition is at hand and fails on every page, at once."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    settings.OCR = str(program)
    return settings


def claimed(consumer: str) -> Job:
    job = claims.claim(["heavy"])
    assert job is not None
    assert job.consumer == consumer
    return job


def read(lecture: Lecture) -> None:
    """Let the first job look at it; recognition waits."""
    runner.run(claimed("exams.read_lecture"))
    lecture.refresh_from_db()


def state(lecture: Lecture) -> tuple[str, str]:
    lecture.refresh_from_db()
    return lecture.state, lecture.error_code


def events() -> list[str]:
    names = Event.objects.order_by("created_at", "id").values_list("name", flat=True)
    return [name for name in names if not name.startswith("delivery")]


# The way


@pytest.mark.usefixtures("ocr")
def test_a_scanned_lecture_becomes_an_exam_that_cites_what_was_recognised(
    educator: User,
) -> None:
    lecture = uploaded(educator, content=PICTURE, wish=Wish(questions=2))
    read(lecture)
    assert lecture.state == LectureState.STORED
    assert lecture.exams.get().state == ExamState.WAITING
    assert not lecture.pages.exists()

    run_jobs()

    assert state(lecture) == (LectureState.READ, "")
    page = lecture.pages.get()
    assert pdfs.SENTENCE in page.text
    assert not page.scan
    assert page.confidence >= 90
    assert lecture.flags == ["recognised"]
    assert lecture.untried_pictures == 0
    exam = lecture.exams.get()
    assert exam.state == ExamState.DRAFT
    for question in exam.questions.all():
        for item in question.evidence:
            assert page.text[item["start"] : item["end"]] == item["quote"]
            assert page.as_read().rectangles(item["start"], item["end"])
    assert events()[:5] == [
        *("lecture.uploaded", "lecture.scanned", "lecture.read"),
        *("exam.requested", "exam.ready"),
    ]


@pytest.mark.usefixtures("ocr")
def test_a_mixed_one_goes_on_with_what_can_be_read(educator: User) -> None:
    lecture = uploaded(educator, content=MIXED, wish=Wish(questions=2))
    run_jobs()

    assert state(lecture) == (LectureState.READ, "")
    plain, sure, unsure = lecture.pages.all()
    assert (plain.scan, plain.confidence) == (False, None)
    assert (sure.scan, sure.confidence >= 90) == (False, True)
    assert (unsure.scan, unsure.text, unsure.words) == (True, "", [])
    assert unsure.confidence < 70
    # Kept, so that it is not tried for ever, and without words that nobody may quote.
    kept = Recognition.objects.get(number=3)
    assert (kept.confidence, kept.words) == (unsure.confidence, [])
    told = report(lecture, listed_pages(lecture)).left_out
    assert told[0] == LeftOut("unsure", f"3 ({unsure.confidence}%)")
    assert not lectures.may_be_read_again(lecture)
    assert lecture.exams.get().state == ExamState.DRAFT


@pytest.mark.usefixtures("ocr")
def test_one_that_nothing_can_be_recognised_of_fails_and_says_so(
    educator: User,
) -> None:
    lecture = uploaded(educator, content=BLURRED)
    run_jobs()
    assert state(lecture) == (LectureState.FAILED, "unsure_scans")
    assert lecture.error_params == {"pages": "1"}
    assert lecture.exams.get().error_code == "lecture_failed"


def test_without_recognition_everything_is_as_it_was(educator: User) -> None:
    scanned = uploaded(educator, content=PICTURE)
    mixed = uploaded(educator, content=MIXED, wish=Wish(questions=2))
    run_jobs()
    assert state(scanned) == (LectureState.FAILED, "scanned")
    assert state(mixed) == (LectureState.READ, "")
    assert list(mixed.pages.values_list("scan", "confidence")) == [
        *((False, None), (True, None), (True, None))
    ]
    assert not Job.objects.filter(consumer="exams.recognise_pages").exists()
    assert not Recognition.objects.exists()


@pytest.mark.usefixtures("blind")
def test_a_lecture_without_pictures_has_nothing_to_wait_for(educator: User) -> None:
    lecture = uploaded(educator, content=pdfs.prose(1))
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert not Job.objects.filter(consumer="exams.recognise_pages").exists()


def test_more_pages_than_the_limit_are_never_tried(educator: User, blind: Any) -> None:
    blind.OCR_MAX_PAGES = 2
    lecture = uploaded(educator, content=PICTURES)
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert list(lecture.pages.values_list("number", "confidence", "trouble")) == [
        *((1, None, ""), (2, 0, "damaged"), (3, 0, "damaged"), (4, None, ""))
    ]
    assert not lectures.may_be_read_again(lecture)


# Piece by piece


def test_a_run_ends_after_its_turn_and_the_next_goes_on(
    educator: User, blind: Any
) -> None:
    blind.OCR_TURN_SECONDS = 0
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    for count in (1, 2):
        assert runner.run(claimed("exams.recognise_pages")) == JobState.RETRY
        assert Recognition.objects.count() == count
        assert state(lecture) == (LectureState.STORED, "")
    assert runner.run(claimed("exams.recognise_pages")) == JobState.DONE
    assert Recognition.objects.count() == 3
    assert state(lecture) == (LectureState.READ, "")
    job = Job.objects.get(consumer="exams.recognise_pages")
    assert (job.errors, job.progress_done, job.progress_total) == (0, 4, 4)


def test_others_have_their_turn_in_between(educator: User, blind: Any) -> None:
    blind.OCR_TURN_SECONDS = 0
    uploaded(educator, content=PICTURES)
    runner.run(claimed("exams.read_lecture"))
    other = uploaded(educator, content=pdfs.prose(1))
    # Older than the other reading, and younger once it was put back.
    runner.run(claimed("exams.recognise_pages"))
    assert claimed("exams.read_lecture").subject == other.id


def test_a_killed_worker_costs_one_page(educator: User, blind: Any) -> None:
    blind.OCR_TURN_SECONDS = 0
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    runner.run(claimed("exams.recognise_pages"))
    first = Recognition.objects.get()
    # Taken by a worker that dies, and found by another when its lease is over.
    claimed("exams.recognise_pages")
    Job.objects.filter(consumer="exams.recognise_pages").update(
        state=JobState.QUEUED, lease_token=None, lease_until=None
    )
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert Recognition.objects.order_by("number")[0].id == first.id
    assert list(Recognition.objects.values_list("number", flat=True)) == [2, 3, 4]


@pytest.mark.usefixtures("blind")
def test_a_worker_that_is_asked_to_stop_gives_the_job_back(educator: User) -> None:
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    stopping = StopFlag()
    stopping.set()
    runner.run(claimed("exams.recognise_pages"), stopping)
    job = Job.objects.get(consumer="exams.recognise_pages")
    assert (job.state, job.errors) == (JobState.QUEUED, 0)


@pytest.mark.usefixtures("blind")
def test_its_progress_is_told_as_that_of_its_lecture(educator: User) -> None:
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    job = claimed("exams.recognise_pages")
    assert job.lease_token is not None
    claims.report(job.id, job.lease_token, stage="recognised", done=1, total=3)
    [way] = progress_of([Lecture.objects.get()])
    assert (way.counting, way.done, way.total) == ("recognised", 1, 3)
    assert way.moving


# Nothing hangs


@pytest.mark.usefixtures("blind")
def test_it_can_be_cancelled_and_tried_again(educator: User) -> None:
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    lectures.cancel(lecture=lecture, actor=educator)
    assert state(lecture) == (LectureState.FAILED, "cancelled")
    assert claims.claim(["heavy"]) is None

    lectures.retry_lecture(lecture=lecture, actor=educator)
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")


@pytest.mark.usefixtures("blind")
def test_a_run_whose_job_was_taken_back_keeps_nothing(educator: User) -> None:
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    job = claimed("exams.recognise_pages")
    lectures.delete_lecture(lecture=lecture, actor=educator)
    assert runner.run(job) == JobState.CANCELLED
    assert not Recognition.objects.exists()
    assert not Lecture.objects.exists()


def test_a_dead_job_fails_its_lecture_and_keeps_what_was_recognised(
    educator: User, blind: Any
) -> None:
    blind.OCR_TURN_SECONDS = 0
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    runner.run(claimed("exams.recognise_pages"))
    blind.OCR, blind.JOB_MAX_ERRORS = "no-such-program", 1
    run_jobs()
    job = Job.objects.get(consumer="exams.recognise_pages")
    assert (job.state, job.error_code) == (JobState.DEAD, "NoTesseractError")
    assert state(lecture) == (LectureState.FAILED, "recognition_broke_off")
    assert lecture.exams.get().state == ExamState.FAILED
    assert Recognition.objects.count() == 1


def test_what_is_switched_off_meanwhile_is_gone_without(
    educator: User, blind: Any
) -> None:
    lecture = uploaded(educator, content=PICTURES)
    read(lecture)
    blind.OCR = ""
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert not Recognition.objects.exists()


# Reading again


def test_a_lecture_that_was_read_without_it_may_be_read_again_with_it(
    educator: User, settings: Any, tesseract: str
) -> None:
    lecture = uploaded(educator, content=MIXED, wish=Wish(questions=2))
    run_jobs()
    lecture.refresh_from_db()
    assert lecture.untried_pictures == 2
    assert not lectures.may_be_read_again(lecture)

    settings.OCR = "tesseract"
    assert lectures.may_be_read_again(lecture)
    lectures.read_again(lecture=lecture, actor=educator)
    read(lecture)
    # What was read before stays meanwhile.
    assert lecture.pages.get(number=2).scan
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert pdfs.SENTENCE in lecture.pages.get(number=2).text
    assert not lectures.may_be_read_again(lecture)


def test_reading_again_recognises_nothing_twice(educator: User, ocr: Any) -> None:
    lecture = uploaded(educator, content=PICTURE, wish=Wish(questions=2))
    run_jobs()
    Lecture.objects.update(reader_version="0")
    lecture.refresh_from_db()
    text = lecture.pages.get().text

    # Not even where it is off by now: what was recognised is there.
    ocr.OCR = ""
    lectures.read_again(lecture=lecture, actor=educator)
    run_jobs()
    assert state(lecture) == (LectureState.READ, "")
    assert lecture.pages.get().text == text
    assert Job.objects.filter(consumer="exams.recognise_pages").count() == 1


def test_other_languages_recognise_it_anew(educator: User, blind: Any) -> None:
    lecture = uploaded(educator, content=PICTURES)
    run_jobs()
    Lecture.objects.update(reader_version="0")
    lecture.refresh_from_db()
    blind.OCR_LANGUAGES = "eng+osd"
    lectures.read_again(lecture=lecture, actor=educator)
    run_jobs()
    assert set(Recognition.objects.values_list("languages", flat=True)) == {"eng+osd"}
    assert state(lecture) == (LectureState.READ, "")


@pytest.mark.usefixtures("blind")
def test_a_dead_job_of_reading_again_leaves_the_older_reading(
    educator: User, settings: Any
) -> None:
    settings.OCR, program = "", settings.OCR
    lecture = uploaded(educator, content=PICTURES, wish=Wish(questions=2))
    run_jobs()
    settings.OCR = program
    lectures.read_again(lecture=Lecture.objects.get(), actor=educator)
    read(lecture)
    settings.OCR, settings.JOB_MAX_ERRORS = "no-such-program", 1
    run_jobs()
    assert state(lecture) == (LectureState.READ, "recognition_broke_off")
    assert lecture.pages.count() == 4
    assert Exam.objects.get().state == ExamState.DRAFT
