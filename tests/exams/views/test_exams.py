"""The pages of exams: the list, one exam, its progress, its document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.content import Kind
from exams.formats import examgen_json
from exams.models import Exam, ExamVersion, Lecture
from exams.services import documents
from exams.services.publishing import close_exam
from exams.states import ExamState, LectureState, QuestionState
from tests.factories import exams, publishing, stores
from tests.factories.lectures import run_jobs

HTMX = {"HX-Request": "true"}


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_list_tells_what_is_left_to_decide(browser: Client, educator: User) -> None:
    exam = exams.exam(educator, title="Mid-term")
    exam.questions.filter(position=1).update(state=QuestionState.ACCEPTED)
    page = browser.get(reverse("exams"))
    (row,) = page.context["page"]
    assert (row.question_count, row.undecided, row.kept) == (4, 3, 1)
    assert "Mid-term" in text(page)


def test_the_list_holds_ones_own_exams_alone(stranger: Client, educator: User) -> None:
    exams.exam(educator, title="Secret")
    assert "Secret" not in text(stranger.get(reverse("exams")))


@pytest.mark.parametrize("state", list(ExamState))
def test_an_exam_has_a_page_in_every_state(
    browser: Client, educator: User, state: ExamState
) -> None:
    lecture = exams.lecture(
        educator,
        state=LectureState.STORED if state == ExamState.WAITING else LectureState.READ,
    )
    exam = exams.exam(educator, of=lecture, state=state, title="Mid-term")
    for address in (reverse("exam", args=[exam.id]), reverse("exams")):
        page = browser.get(address)
        assert page.status_code == 200
        assert "Mid-term" in text(page)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("no_questions", "Not one question could be proved"),
        ("lecture_failed", "The lecture could not be read."),
        ("internal", "Something went wrong on our side"),
        ("cancelled", "You stopped this."),
    ],
)
def test_a_failed_exam_says_why_and_offers_to_try_again_or_to_delete(
    browser: Client, educator: User, code: str, said: str
) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED, error_code=code)
    page = text(browser.get(reverse("exam", args=[exam.id])))
    assert said in page
    assert reverse("exam_retry", args=[exam.id]) in page
    assert reverse("exam_delete", args=[exam.id]) in page


def test_all_questions_stand_on_the_page_with_their_quotes(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    page = text(browser.get(reverse("exam", args=[exam.id])))
    for question in exam.questions.all():
        assert question.stem in page
        assert reverse("review_question", args=[exam.id, question.id]) in page


def test_a_shortfall_is_told_with_its_reasons(browser: Client, educator: User) -> None:
    exam = exams.exam(
        educator,
        shortfall={
            "asked": 12,
            "made": 4,
            "reasons": [
                {"code": "too_few_definitions", "params": {"count": 3}},
                {"code": "rejected_answer_in_stem", "params": {"count": 5}},
            ],
        },
    )
    page = text(browser.get(reverse("exam", args=[exam.id])))
    assert "Only 3 terms are defined in the lecture." in page
    assert "5 drafts did not pass a check:" in page


def test_what_the_gate_says_of_the_whole_exam_is_shown(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(
        educator,
        findings=[{"code": "true_false_skew", "params": {"true": 4, "total": 4}}],
    )
    page = text(browser.get(reverse("exam", args=[exam.id])))
    assert "4 of 4 statements are true." in page


# Progress


def test_the_stage_bar_polls_while_the_exam_is_made_and_reloads_at_the_end(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, state=ExamState.GENERATING)
    address = reverse("exam_progress", args=[exam.id])
    moving = browser.get(address, headers=HTMX)
    assert moving.status_code == 200
    assert address in text(moving)
    assert "HX-Refresh" not in moving.headers

    Exam.objects.update(state=ExamState.DRAFT)
    ready = browser.get(address, headers=HTMX)
    assert ready["HX-Refresh"] == "true"


def test_progress_asked_for_as_a_page_leads_to_the_exam(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator)
    response = browser.get(reverse("exam_progress", args=[exam.id]))
    assert response["Location"] == reverse("exam", args=[exam.id])


# Changing


def test_an_exam_is_renamed(browser: Client, educator: User) -> None:
    exam = exams.exam(educator)
    address = reverse("exam_rename", args=[exam.id])
    response = browser.post(address, {"title": "  Mid-term  "})
    assert response["Location"] == reverse("exam", args=[exam.id])
    exam.refresh_from_db()
    assert exam.title == "Mid-term"


@pytest.mark.parametrize("title", ["", " ", "x" * 201])
def test_a_title_that_does_not_fit_is_refused_in_words(
    browser: Client, educator: User, title: str
) -> None:
    exam = exams.exam(educator)
    response = browser.post(reverse("exam_rename", args=[exam.id]), {"title": title})
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "An exam needs a title of at most 200 characters."
    ]
    exam.refresh_from_db()
    assert exam.title == "Week1"


def test_a_failed_exam_is_tried_again_once(browser: Client, educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED, error_code="internal")
    address = reverse("exam_retry", args=[exam.id])
    browser.post(address)
    exam.refresh_from_db()
    assert exam.state == ExamState.GENERATING
    response = browser.post(address)
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Nothing to try again: it is already under way."
    ]


def test_deleting_asks_first_and_leaves_the_lecture(
    browser: Client, educator: User, store: Path
) -> None:
    exam = exams.exam(educator, title="Mid-term")
    address = reverse("exam_delete", args=[exam.id])
    question = browser.get(address)
    assert question.status_code == 200
    assert "Mid-term" in text(question)

    response = browser.post(address)
    assert response["Location"] == reverse("exams")
    assert not Exam.objects.exists()
    assert Lecture.objects.get() == exam.lecture
    run_jobs()
    assert exam.document not in stores.objects(store)


# What was published


@pytest.fixture
def version(educator: User) -> ExamVersion:
    exam = exams.reviewed(educator, kinds=list(Kind), title="Mid-term")
    exam.questions.filter(kind=Kind.ESSAY).update(state=QuestionState.REJECTED)
    return publishing.published(educator, exam=exam)


def test_a_reviewed_draft_leads_to_publishing_everywhere(
    browser: Client, educator: User
) -> None:
    exam = exams.reviewed(educator)
    link = f'href="{reverse("publish", args=[exam.id])}"'
    lecture = reverse("lecture", args=[exam.lecture_id])
    detail = reverse("exam", args=[exam.id])
    for address in (detail, lecture, reverse("exams"), reverse("home")):
        assert link in text(browser.get(address)), address
    exam.questions.filter(position=1).update(state=QuestionState.PROPOSED)
    for address in (detail, lecture, reverse("exams"), reverse("home")):
        assert link not in text(browser.get(address)), address


@pytest.mark.parametrize("closed", [False, True], ids=["published", "closed"])
def test_what_was_published_shows_its_doors_and_leads_to_its_page(
    browser: Client, educator: User, version: ExamVersion, closed: bool
) -> None:
    if closed:
        close_exam(version=version, actor=educator.id)
    exam = version.exam
    words = "closed on " if closed else "open until "
    lecture = reverse("lecture", args=[exam.lecture_id])
    detail = reverse("exam", args=[exam.id])
    for address in (detail, lecture, reverse("exams")):
        page = text(browser.get(address))
        assert f'href="{reverse("share", args=[exam.id])}"' in page, address
        assert words in page, address
    page = text(browser.get(detail))
    assert "version 1" in page
    for name in ("exam_rename", "exam_delete", "publish"):
        assert f'"{reverse(name, args=[exam.id])}"' not in page


def test_what_was_published_is_neither_renamed_nor_deleted(
    browser: Client, version: ExamVersion
) -> None:
    exam = version.exam
    renamed = browser.post(reverse("exam_rename", args=[exam.id]), {"title": "Finals"})
    assert [str(message) for message in get_messages(renamed.wsgi_request)] == [
        "What was published keeps its title."
    ]
    address = reverse("exam_delete", args=[exam.id])
    page = text(browser.get(address))
    assert "This exam stays" in page
    assert "It can be closed, not deleted." in page
    assert "btn-bad" not in page
    deleted = browser.post(address)
    assert deleted["Location"] == reverse("exam", args=[exam.id])
    assert [str(message) for message in get_messages(deleted.wsgi_request)][-1] == (
        "What was published is closed, not deleted."
    )
    exam.refresh_from_db()
    assert exam.title == "Mid-term"


def test_its_document_is_the_one_that_was_published(
    browser: Client, version: ExamVersion
) -> None:
    response = browser.get(reverse("exam_document", args=[version.exam_id]))
    with default_storage.open(version.document) as file:
        assert response.content == file.read()
    document = json.loads(response.content)
    assert document["version"] == {"number": 1, "sha256": version.sha256}
    assert "essay" not in [question["kind"] for question in document["questions"]]


def test_while_the_store_is_away_its_document_is_not_to_be_had(
    browser: Client, version: ExamVersion
) -> None:
    default_storage.delete(version.document)
    response = browser.get(reverse("exam_document", args=[version.exam_id]))
    assert response.status_code == 503
    assert "The file store does not answer" in text(response)


# The document


def test_the_document_is_a_download_equal_to_the_rows(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, kinds=list(Kind), title="Mid-term: Älter")
    exam.questions.filter(kind=Kind.ESSAY).update(state=QuestionState.REJECTED)
    response = browser.get(reverse("exam_document", args=[exam.id]))
    assert response["Content-Type"] == "application/json"
    assert (
        response["Content-Disposition"] == 'attachment; filename="mid-term-alter.json"'
    )
    assert response.content == examgen_json.to_bytes(documents.as_content(exam))
    kinds = [question["kind"] for question in json.loads(response.content)["questions"]]
    assert "essay" not in kinds
    assert len(kinds) == 7


def test_a_title_without_a_letter_still_gives_a_file_name(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, title="„…“")
    response = browser.get(reverse("exam_document", args=[exam.id]))
    assert response["Content-Disposition"] == 'attachment; filename="exam.json"'


@pytest.mark.parametrize(
    "state", [ExamState.WAITING, ExamState.GENERATING, ExamState.FAILED]
)
def test_there_is_no_document_before_there_are_questions(
    browser: Client, educator: User, state: ExamState
) -> None:
    exam = exams.exam(educator, state=state)
    response = browser.get(reverse("exam_document", args=[exam.id]))
    assert response.status_code == 404
