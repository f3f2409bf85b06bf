"""A lecture that is read again by a newer reader, and what cites it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from examgen.jobs.models import Event, Job
from exams import reading
from exams.invariants import every_quote_is_verbatim
from exams.models import Exam, Lecture, Page, Question
from exams.services import lectures as services
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState
from exams.views.lit_page import lit_page
from tests.factories import lectures

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(educator: User) -> Exam:
    """A draft of a lecture that an older reader has read, with other offsets."""
    made = lectures.drafted(educator)
    Lecture.objects.update(reader_version="0")
    for page in Page.objects.all():
        page.text = f"An old header\n{page.text}"
        page.save()
    for question in Question.objects.all():
        for item in question.evidence:
            item["start"] += 14
            item["end"] += 14
        question.save()
    assert list(every_quote_is_verbatim()) == []
    return Exam.objects.select_related("lecture").get(pk=made.pk)


def read_again(exam: Exam) -> Lecture:
    services.read_again(lecture=exam.lecture, actor=exam.owner)
    assert Lecture.objects.get().state == LectureState.STORED
    lectures.run_jobs()
    return Lecture.objects.get()


def test_citations_are_found_again(exam: Exam) -> None:
    before = {one.pk: one.evidence for one in Question.objects.all()}
    large = dict(Page.objects.exclude(image="").values_list("number", "image"))
    assert large
    lecture = read_again(exam)
    assert (lecture.state, lecture.reader_version) == (
        LectureState.READ,
        reading.READER_VERSION,
    )
    for question in Question.objects.all():
        quotes = [item["quote"] for item in question.evidence]
        assert quotes == [item["quote"] for item in before[question.pk]]
        assert question.evidence != before[question.pk]
    assert list(every_quote_is_verbatim()) == []
    assert "An old header" not in Page.objects.first().text
    # What was drawn large is not drawn again.
    drawn = dict(Page.objects.exclude(image="").values_list("number", "image"))
    assert drawn == large


def test_a_sentence_that_is_no_longer_read_is_flagged(exam: Exam) -> None:
    question = exam.questions.first()
    question.evidence[0]["quote"] = "Nobody ever wrote this."
    question.evidence = question.evidence[:1]
    question.save()
    page = question.evidence[0]["page"]
    read_again(exam)
    question.refresh_from_db()
    lost = {"code": "evidence_lost", "params": {"page": page}}
    assert lost in question.warnings
    assert question.evidence[0]["quote"] == "Nobody ever wrote this."
    # Its educator hears of it; for the invariants it is known.
    assert list(every_quote_is_verbatim()) == []
    lit = lit_page(exam.lecture_id, question)
    assert lit is not None
    assert (lit.lost, lit.rectangles, lit.after) == (True, [], "")
    assert lit.before == exam.lecture.pages.get(number=page).text


def test_what_was_published_is_lit_although_it_is_frozen(exam: Exam) -> None:
    question = exam.questions.first()
    frozen: list[dict[str, Any]] = [dict(item) for item in question.evidence]
    read_again(exam)
    question.refresh_from_db()
    assert question.evidence != frozen
    fresh = lit_page(exam.lecture_id, question)
    question.evidence = frozen
    assert lit_page(exam.lecture_id, question) == fresh
    assert fresh is not None
    assert fresh.rectangles


def test_a_lecture_that_today_s_reader_has_read_is_not_read_again(exam: Exam) -> None:
    Lecture.objects.update(reader_version=reading.READER_VERSION)
    with pytest.raises(IllegalMoveError):
        services.read_again(lecture=exam.lecture, actor=exam.owner)


def test_nor_is_one_from_which_an_exam_is_drafted(exam: Exam) -> None:
    services.request_exam(
        lecture=exam.lecture, actor=exam.owner, wish=Wish(questions=2)
    )
    with pytest.raises(IllegalMoveError):
        services.read_again(lecture=exam.lecture, actor=exam.owner)


def test_an_exam_asked_for_meanwhile_is_made_from_the_new_reading(exam: Exam) -> None:
    services.read_again(lecture=exam.lecture, actor=exam.owner)
    wish = Wish(questions=2)
    later = services.request_exam(lecture=exam.lecture, actor=exam.owner, wish=wish)
    assert later.state == ExamState.WAITING
    lectures.run_jobs()
    later.refresh_from_db()
    assert later.state == ExamState.DRAFT


def test_a_reading_that_fails_leaves_the_older_one(exam: Exam, settings) -> None:
    pages = list(Page.objects.values("number", "text", "thumbnail"))
    settings.LECTURE_MAX_PAGES = 1
    services.read_again(lecture=exam.lecture, actor=exam.owner)
    wish = Wish(questions=2)
    later = services.request_exam(lecture=exam.lecture, actor=exam.owner, wish=wish)
    lectures.run_jobs()
    lecture = Lecture.objects.get()
    assert (lecture.state, lecture.error_code) == (LectureState.READ, "too_many_pages")
    assert lecture.reader_version == "0"
    assert list(Page.objects.values("number", "text", "thumbnail")) == pages
    assert not Event.objects.filter(name="lecture.failed").exists()
    later.refresh_from_db()
    assert later.state == ExamState.DRAFT


def test_one_that_is_stopped_leaves_the_older_one(exam: Exam) -> None:
    services.read_again(lecture=exam.lecture, actor=exam.owner)
    services.cancel(lecture=exam.lecture, actor=exam.owner)
    lectures.run_jobs()
    lecture = Lecture.objects.get()
    assert (lecture.state, lecture.error_code) == (LectureState.READ, "cancelled")
    assert lecture.pages.count() == lecture.page_count
    # And may be tried again.
    assert read_again(exam).error_code == ""
    assert not Job.objects.exclude(state__in=["done", "cancelled"]).exists()
