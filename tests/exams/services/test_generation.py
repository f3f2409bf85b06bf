"""Drafting an exam: honest about what is missing, safe to repeat, clean after itself.

What is drafted from a real lecture stands in `test_sample_lecture.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.jobs.worker import Worker
from exams.content import Kind
from exams.models import Exam, Lecture, Page, Question
from exams.services import generation, lectures
from exams.services.wishes import Wish
from exams.states import ExamState, QuestionState
from tests.factories import exams, stores
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs

ENGINES = {
    "silent": "tests.factories.engines.SilentEngine",
    "broken": "tests.factories.engines.BrokenEngine",
    "overlapping": "tests.factories.engines.OverlappingEngine",
    "long_keys": "tests.factories.engines.LongKeysEngine",
}


@pytest.fixture
def short(educator: User, settings) -> Lecture:
    """Two pages that were read, with a real file to draw pictures from."""
    settings.ENGINES = {**settings.ENGINES, **ENGINES}
    return exams.lecture(educator, pdf=pdfs.prose(2))


def drafted(lecture: Lecture, **wish: Any) -> Exam:
    exam = lectures.request_exam(
        lecture=lecture,
        actor=lecture.owner,
        wish=Wish(**wish),
    )
    run_jobs()
    exam.refresh_from_db()
    return exam


def test_a_wish_larger_than_the_lecture_is_met_honestly(educator: User) -> None:
    """A hundred questions from two pages: fewer, never padded, and the reasons."""
    lecture = uploaded(educator, content=pdfs.prose(2), wish=Wish(questions=100))
    run_jobs()

    exam = lecture.exams.get()
    made = exam.questions.count()
    assert exam.state == ExamState.DRAFT
    assert 0 < made < 100
    assert (exam.shortfall["asked"], exam.shortfall["made"]) == (100, made)
    codes = [reason["code"] for reason in exam.shortfall["reasons"]]
    assert codes[0] == "too_few_sentences"
    stems = list(exam.questions.values_list("stem", flat=True))
    assert len(set(stems)) == made
    event = Event.objects.get(name="exam.ready")
    assert event.data == {"questions": made}


@pytest.mark.every_store
def test_a_lecture_without_a_provable_question_fails_with_the_reason(
    short: Lecture, store: Path
) -> None:
    exam = drafted(short, questions=6, engine="silent")

    assert (exam.state, exam.error_code) == (ExamState.FAILED, "no_questions")
    assert exam.shortfall == {
        "asked": 6,
        "made": 0,
        "reasons": [{"code": "too_few_sentences", "params": {"count": 0}}],
    }
    assert not Question.objects.exists()
    assert exam.document == ""
    assert not any(key.startswith(exam.prefix) for key in stores.objects(store))
    job = Job.objects.get()
    assert (job.state, job.errors) == (JobState.DONE, 0)
    event = Event.objects.get(name="exam.failed")
    assert (event.subject_id, event.data) == (exam.id, {"code": "no_questions"})


def test_an_exam_without_questions_can_be_retried_with_the_same_result(
    short: Lecture,
) -> None:
    exam = drafted(short, questions=6, engine="silent")
    lectures.retry_exam(exam=exam, actor=short.owner)
    assert run_jobs() == 1
    exam.refresh_from_db()
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "no_questions")


def test_an_engine_that_breaks_is_tried_again_and_then_given_up(
    short: Lecture, settings
) -> None:
    settings.JOB_BACKOFF_SECONDS = 0.0
    exam = drafted(short, questions=6, engine="broken")

    assert (exam.state, exam.error_code) == (ExamState.FAILED, "internal")
    job = Job.objects.get(consumer="exams.generate_exam")
    assert (job.state, job.error_code) == (JobState.DEAD, "ZeroDivisionError")
    assert job.errors == settings.JOB_MAX_ERRORS
    short.refresh_from_db()
    assert short.state == "read"


def test_two_exams_of_one_wish_have_the_same_questions_under_other_ids(
    short: Lecture,
) -> None:
    one = drafted(short, questions=2, engine="overlapping")
    other = drafted(short, questions=2, engine="overlapping")

    stems = list(one.questions.values_list("stem", flat=True))
    assert len(stems) == 2
    assert list(other.questions.values_list("stem", flat=True)) == stems
    ids = set(one.questions.values_list("id", flat=True))
    assert not ids & set(other.questions.values_list("id", flat=True))


def test_a_warning_about_another_question_calls_it_by_its_id(short: Lecture) -> None:
    exam = drafted(short, questions=2, engine="overlapping")
    first, second = exam.questions.all()
    assert second.warnings == [
        {"code": "same_sentence", "params": {"other": str(first.id)}}
    ]


def test_what_the_gate_says_of_the_whole_exam_is_kept(short: Lecture) -> None:
    exam = drafted(short, questions=6, kinds=(Kind.SINGLE_CHOICE,), engine="long_keys")
    assert exam.findings == [
        {"code": "key_often_longest", "params": {"count": 6, "total": 6}}
    ]


@pytest.mark.every_store
def test_a_title_of_ones_own_is_the_title_of_the_document(
    short: Lecture, store: Path
) -> None:
    exam = lectures.request_exam(
        lecture=short,
        actor=short.owner,
        wish=Wish(questions=2, engine="overlapping"),
        title="Mid-term",
    )
    run_jobs()
    exam.refresh_from_db()
    document = json.loads((store / exam.document).read_bytes())
    assert document["title"] == exam.title == "Mid-term"
    assert document["lecture"]["title"] == "Week1"


def test_drafting_again_replaces_the_questions_of_a_failed_try(
    short: Lecture,
) -> None:
    exam = drafted(short, questions=2, engine="overlapping")
    Exam.objects.update(state=ExamState.FAILED)
    Question.objects.update(state=QuestionState.ACCEPTED, stem="left over")
    exam.refresh_from_db()

    lectures.retry_exam(exam=exam, actor=short.owner)
    run_jobs()

    states = exam.questions.values_list("state", flat=True)
    assert list(states) == [QuestionState.PROPOSED] * 2
    assert not exam.questions.filter(stem="left over").exists()


def test_large_pictures_are_kept_of_the_cited_pages_alone(short: Lecture) -> None:
    Page.objects.update(image="")
    drafted(short, questions=2, engine="overlapping")
    first, second = Page.objects.values_list("image", flat=True)
    assert re.fullmatch(rf"{short.prefix}/pages/0001-1024-[0-9a-f]{{12}}\.webp", first)
    assert second == ""


@pytest.mark.every_store
def test_a_page_that_has_a_large_picture_is_not_drawn_again(
    short: Lecture, store: Path
) -> None:
    Page.objects.update(image="")
    drafted(short, questions=2, engine="overlapping")
    image = Page.objects.get(number=1).image
    before = stores.objects(store)
    exam = drafted(short, questions=2, engine="overlapping")
    assert Page.objects.get(number=1).image == image
    assert stores.objects(store) == before | {exam.document}


@pytest.mark.every_store
def test_an_exam_deleted_while_it_is_drafted_leaves_no_files(
    short: Lecture, store: Path
) -> None:
    """The erasing may run before the engine hears that its exam is gone."""
    exam = lectures.request_exam(
        lecture=short,
        actor=short.owner,
        wish=Wish(questions=2, engine="overlapping"),
    )
    before = stores.objects(store)
    deleted: list[str] = []

    def delete_before_the_document(name: str) -> None:
        if name.endswith(".json") and not deleted:
            deleted.append(name)
            mine = Exam.objects.get(id=exam.id)
            lectures.delete_exam(exam=mine, actor=short.owner)
            assert Worker(["fast"]).drain() == 1

    with stores.hooked(store, delete_before_the_document):
        run_jobs()

    assert deleted
    assert not Exam.objects.exists()
    assert not Question.objects.exists()
    assert stores.objects(store) == before


@pytest.mark.every_store
def test_a_cancelled_exam_writes_nothing(short: Lecture, store: Path) -> None:
    exam = lectures.request_exam(
        lecture=short,
        actor=short.owner,
        wish=Wish(questions=2, engine="overlapping"),
    )

    def cancel(name: str) -> None:
        if name.endswith(".json"):
            lecture = Lecture.objects.get(id=short.id)
            lectures.cancel(lecture=lecture, actor=short.owner)

    with stores.hooked(store, cancel):
        run_jobs()

    exam.refresh_from_db()
    assert (exam.state, exam.error_code) == (ExamState.FAILED, "cancelled")
    assert not Question.objects.exists()
    assert Job.objects.get().state == JobState.CANCELLED
    assert not Event.objects.filter(name="exam.ready").exists()


def test_fail_exam_keeps_the_reasons_and_tells_of_them_once(educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.GENERATING)
    generation.fail_exam(exam, "internal")
    exam.refresh_from_db()
    assert (exam.state, exam.error_code, exam.shortfall) == (
        ExamState.FAILED,
        "internal",
        {},
    )
    assert Event.objects.get().data == {"code": "internal"}


def test_a_wish_of_one_kind_gives_that_kind_alone(educator: User) -> None:
    wish = Wish(questions=2, kinds=(Kind.TRUE_FALSE,))
    lecture = uploaded(educator, content=pdfs.prose(2), wish=wish)
    run_jobs()
    kinds = lecture.exams.get().questions.values_list("kind", flat=True)
    assert set(kinds) == {"true_false"}
