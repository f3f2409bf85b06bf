"""The pages on which a lecture is uploaded, watched, retried, stopped and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture
from exams.reading import READER_VERSION
from exams.services import lectures as services
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState
from tests.factories import bad_files, exams, publishing, stores
from tests.factories.lectures import run_jobs
from tests.samples import hostile, pdfs

WISH = {"questions": "3", "options": "4", "seed": "1"}
HTMX = {"HX-Request": "true"}


def pdf(name: str = "week1.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdfs.prose(1) if content is None else content)


def post(browser: Client, *files: SimpleUploadedFile, **changes: Any) -> Any:
    return browser.post(
        reverse("lectures"), {"lectures": list(files), **WISH, **changes}
    )


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def text(response: HttpResponse) -> str:
    return response.content.decode()


# Uploading


def test_an_upload_answers_at_once_and_the_list_shows_where_it_stands(
    browser: Client, educator: User
) -> None:
    response = post(browser, pdf())
    assert (response.status_code, response["Location"]) == (302, reverse("lectures"))

    lecture = Lecture.objects.get()
    assert (lecture.owner, lecture.state) == (educator, LectureState.STORED)
    assert Wish.from_json(lecture.exams.get().settings) == Wish(questions=3)
    page = browser.get(reverse("lectures"))
    assert page.status_code == 200
    assert "Week1" in text(page)
    assert reverse("lecture_progress", args=[lecture.id]) in text(page)


def test_many_files_at_once_are_many_lectures(browser: Client) -> None:
    response = post(
        browser,
        pdf("one.pdf", pdfs.prose(1)),
        pdf("two.pdf", pdfs.prose(2)),
    )
    assert response.status_code == 302
    titles = Lecture.objects.order_by("title").values_list("title", flat=True)
    assert list(titles) == ["One", "Two"]


@pytest.mark.parametrize("bad", bad_files.AT_UPLOAD, ids=str)
def test_a_file_that_is_no_lecture_is_refused_on_the_page_in_words(
    bad: bad_files.BadFile, browser: Client, store: Path, settings
) -> None:
    settings.LECTURE_MAX_BYTES = bad_files.MEGABYTE
    response = post(browser, pdf(bad.name, bad_files.content(bad)))
    assert response.status_code == 422
    assert bad.name in text(response)
    for word in bad.words:
        assert escape(word) in text(response)
    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()


def test_good_files_are_taken_although_a_bad_one_is_among_them(
    browser: Client,
) -> None:
    response = post(browser, pdf("good.pdf"), pdf("slides.pptx", hostile.powerpoint()))
    assert response.status_code == 422
    assert "slides.pptx" in text(response)
    assert "Good" in text(response)
    assert Lecture.objects.get().title == "Good"


@pytest.mark.parametrize("bad", bad_files.AT_READING, ids=str)
def test_a_file_that_could_not_be_read_says_why_on_its_pages(
    bad: bad_files.BadFile, browser: Client, settings
) -> None:
    settings.LECTURE_MAX_PAGES = 20
    post(browser, pdf(bad.name, bad_files.content(bad)))
    run_jobs()
    lecture = Lecture.objects.get()
    exam = lecture.exams.get()
    for address in (
        reverse("lectures"),
        reverse("lecture", args=[lecture.id]),
        reverse("exam", args=[exam.id]),
        reverse("home"),
    ):
        page = browser.get(address)
        assert page.status_code == 200, address
        for word in bad.words:
            assert escape(word) in text(page), address
        assert "hx-trigger" not in text(page), address
    page = browser.get(reverse("lecture", args=[lecture.id]))
    assert reverse("lecture_retry", args=[lecture.id]) in text(page)
    assert reverse("lecture_delete", args=[lecture.id]) in text(page)


def test_the_same_bytes_again_offer_the_existing_lecture(browser: Client) -> None:
    post(browser, pdf("week1.pdf"))
    response = post(browser, pdf("copy.pdf"))
    assert response.status_code == 302
    assert said(response) == [
        "You uploaded “Week1” before. Open its exam, or make another from it."
    ]
    assert Lecture.objects.count() == 1


def test_no_file_is_refused_at_the_field(browser: Client) -> None:
    response = browser.post(reverse("lectures"), WISH)
    assert response.status_code == 422
    assert "required" in text(response)


def test_a_wish_out_of_bounds_is_refused_and_nothing_is_uploaded(
    browser: Client,
) -> None:
    response = post(browser, pdf(), questions="0")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["questions"]
    assert not Lecture.objects.exists()


@pytest.mark.every_store
def test_a_store_that_is_away_is_said_and_no_setting_of_the_form_is_lost(
    browser: Client, store: Path
) -> None:
    with stores.hooked(store, stores.refuse):
        response = post(browser, pdf(), questions="7", seed="42")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "week1.pdf" in text(response)
    assert "The file store does not answer. Try again in a minute." in text(response)
    form = response.context["form"]
    assert (form["questions"].value(), form["seed"].value()) == ("7", "42")
    assert 'value="42"' in text(response)
    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()


@pytest.mark.every_store
def test_a_store_that_is_full_is_said_and_nothing_is_kept(
    browser: Client, store: Path
) -> None:
    with stores.hooked(store, stores.be_full):
        response = post(browser, pdf())
    assert response.status_code == 507
    assert "There is no room left for files." in text(response)
    assert not response.has_header("Retry-After")
    assert not Lecture.objects.exists()
    assert stores.objects(store) == set()
    assert post(browser, pdf()).status_code == 302


def test_nobody_waits_for_the_same_silence_file_by_file(
    browser: Client, store: Path
) -> None:
    asked: list[str] = []

    def refuse(name: str) -> None:
        asked.append(name)
        stores.refuse(name)

    with stores.hooked(store, refuse):
        response = post(
            browser,
            pdf("slides.pptx", hostile.powerpoint()),
            *(pdf(f"{n}.pdf", pdfs.prose(n)) for n in (1, 2, 3)),
        )
    assert response.status_code == 503
    assert len(asked) == 1
    refused = [(one.name, int(one.status)) for one in response.context["refused"]]
    assert refused == [
        ("slides.pptx", 422),
        ("1.pdf", 503),
        ("2.pdf", 503),
        ("3.pdf", 503),
    ]


def test_a_disk_too_full_to_receive_a_file_is_said(
    browser: Client, store: Path, full_disk: None
) -> None:
    response = post(browser, pdf(), seed="42")
    assert response.status_code == 507
    assert "week1.pdf" in text(response)
    assert "There is no room left for files." in text(response)
    assert 'value="42"' in text(response)
    assert not Lecture.objects.exists()


def test_a_lecture_deleted_while_it_is_uploaded_is_said(
    browser: Client, educator: User, store: Path
) -> None:
    def delete_in_another_tab(_name: str) -> None:
        services.delete_lecture(lecture=Lecture.objects.get(), actor=educator)

    with stores.hooked(store, delete_in_another_tab):
        response = post(browser, pdf())
    assert response.status_code == 422
    assert "You deleted this while it was uploading." in text(response)
    assert not Lecture.objects.exists()


def test_a_file_name_is_shown_as_text(browser: Client) -> None:
    name = "<img src=x onerror=alert(1)>.pdf"
    post(browser, pdf(name))
    page = text(browser.get(reverse("lectures")))
    assert "<img src=x" not in page
    response = post(browser, pdf("<b>x</b>.pdf", b""))
    assert "<b>x" not in text(response)


# Watching


def test_the_row_of_a_lecture_polls_while_it_moves_and_stops_at_the_end(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.STORED)
    address = reverse("lecture_progress", args=[lecture.id])
    row = browser.get(address, headers=HTMX)
    assert row.status_code == 200
    assert "<html" not in text(row)
    assert address in text(row)

    Lecture.objects.update(state=LectureState.FAILED, error_code="encrypted")
    row = browser.get(address, headers=HTMX)
    assert address not in text(row)
    assert "password" in text(row)


def test_progress_asked_for_as_a_page_leads_to_the_lecture(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    response = browser.get(reverse("lecture_progress", args=[lecture.id]))
    assert response["Location"] == reverse("lecture", args=[lecture.id])


def test_a_read_lecture_shows_its_pages_and_exams(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, title="Mid-term")
    page = text(browser.get(reverse("lecture", args=[exam.lecture_id])))
    assert "Mid-term" in page
    for number in (1, 2):
        assert reverse("page_picture", args=[exam.lecture_id, number, "small"]) in page


def test_a_long_list_comes_in_pages(browser: Client, educator: User) -> None:
    for number in range(21):
        exams.lecture(educator, name=f"lecture-{number:02d}.pdf")
    first = browser.get(reverse("lectures"))
    assert len(first.context["ways"]) == 20
    last = browser.get(reverse("lectures"), {"page": "2"})
    assert [str(way.lecture) for way in last.context["ways"]] == ["Lecture 00"]
    for odd in ("0", "-1", "999999999999999999999999", "x", ""):
        assert browser.get(reverse("lectures"), {"page": odd}).status_code == 200


# Asking for another exam


def test_another_exam_is_asked_for_from_the_lectures_page(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    response = browser.post(reverse("lecture_request_exam", args=[lecture.id]), WISH)
    exam = Exam.objects.get()
    assert response["Location"] == reverse("exam", args=[exam.id])
    assert exam.state == ExamState.GENERATING
    assert browser.get(response["Location"]).status_code == 200


def test_an_impossible_wish_for_another_exam_is_said(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    response = browser.post(
        reverse("lecture_request_exam", args=[lecture.id]), {**WISH, "questions": "0"}
    )
    assert response["Location"] == reverse("lecture", args=[lecture.id])
    assert len(said(response)) == 1
    assert not Exam.objects.exists()


def test_a_lecture_still_being_uploaded_gives_no_exam(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.UPLOADING)
    response = browser.post(reverse("lecture_request_exam", args=[lecture.id]), WISH)
    assert said(response) == ["This lecture is still being uploaded."]
    assert not Exam.objects.exists()


# Retrying, stopping, deleting


def test_a_failed_lecture_is_retried_from_its_page_and_from_the_list(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED)
    address = reverse("lecture_retry", args=[lecture.id])

    response = browser.post(address)
    assert response["Location"] == reverse("lecture", args=[lecture.id])
    lecture.refresh_from_db()
    assert lecture.state == LectureState.STORED

    response = browser.post(address, {"from": "list"})
    assert response["Location"] == reverse("lectures")
    assert said(response) == ["Nothing to try again: it is already under way."]
    assert Job.objects.count() == 1


def test_retrying_a_read_lecture_retries_its_newest_exam(
    browser: Client, educator: User
) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED, error_code="internal")
    browser.post(reverse("lecture_retry", args=[exam.lecture_id]))
    exam.refresh_from_db()
    assert exam.state == ExamState.GENERATING


def test_cancel_stops_what_is_under_way(browser: Client) -> None:
    post(browser, pdf())
    lecture = Lecture.objects.get()
    response = browser.post(
        reverse("lecture_cancel", args=[lecture.id]), {"from": "list"}
    )
    assert response["Location"] == reverse("lectures")
    lecture.refresh_from_db()
    assert (lecture.state, lecture.error_code) == (LectureState.FAILED, "cancelled")
    assert Job.objects.get().state == JobState.CANCELLED
    assert "You stopped this." in text(browser.get(reverse("lectures")))


def test_deleting_asks_first_and_then_takes_everything(
    browser: Client, educator: User, store: Path
) -> None:
    exam = exams.exam(educator)
    address = reverse("lecture_delete", args=[exam.lecture_id])

    question = browser.get(address)
    assert question.status_code == 200
    assert "Week1" in text(question)
    assert Lecture.objects.exists()

    response = browser.post(address)
    assert response["Location"] == reverse("lectures")
    assert said(response) == ["Lecture “Week1” deleted."]
    assert not Lecture.objects.exists()
    assert not Exam.objects.exists()
    run_jobs()
    assert stores.objects(store) == set()


# Other people


def test_the_list_holds_ones_own_lectures_alone(
    browser: Client, stranger: Client, educator: User
) -> None:
    exams.lecture(educator, name="secret-plan.pdf")
    assert "Secret plan" in text(browser.get(reverse("lectures")))
    assert "Secret plan" not in text(stranger.get(reverse("lectures")))


def test_what_another_educator_posts_changes_nothing(
    stranger: Client, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.STORED)
    for name in ("retry", "cancel", "delete", "request_exam"):
        response = stranger.post(reverse(f"lecture_{name}", args=[lecture.id]), WISH)
        assert response.status_code == 404
    lecture.refresh_from_db()
    assert lecture.state == LectureState.STORED
    assert not Exam.objects.exists()


def test_a_lecture_that_a_published_exam_quotes_stays(
    browser: Client, educator: User
) -> None:
    version = publishing.published(educator)
    lecture = version.exam.lecture
    address = reverse("lecture_delete", args=[lecture.id])
    page = browser.get(address).content.decode()
    assert "This lecture stays" in page
    assert reverse("share", args=[version.exam_id]) in page
    assert "btn-bad" not in page
    response = browser.post(address)
    assert response["Location"] == reverse("lecture", args=[lecture.id])
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "A published exam quotes this lecture, so it stays."
    ]
    assert Lecture.objects.get() == lecture


def test_a_lecture_of_an_older_reader_can_be_read_again(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    page, verb = (
        reverse(name, args=[lecture.id]) for name in ("lecture", "lecture_read_again")
    )
    Lecture.objects.update(reader_version=READER_VERSION)
    assert verb not in browser.get(page).content.decode()
    said = browser.post(verb, follow=True).content.decode()
    assert "This cannot be read again now." in said
    Lecture.objects.update(reader_version="0")
    assert verb in browser.get(page).content.decode()
    browser.post(verb)
    assert Lecture.objects.get().state == LectureState.STORED


def test_what_was_left_out_is_told_on_the_lectures_page(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    address = reverse("lecture", args=[lecture.id])
    assert "Nothing was left out." in browser.get(address).content.decode()
    lecture.pages.filter(number=1).update(scan=True)
    Lecture.objects.update(
        flags=["javascript"],
        language="und",
        outline=[[1, "Leaves", 1]],
        error_code="cancelled",
    )
    shown = browser.get(address).content.decode()
    for words in (
        "Pictures of text, of which nothing can be quoted.",
        "The file holds scripts. They were not run.",
        "Language not recognised",
        "What was read before stays.",
        "Leaves",
    ):
        assert words in shown
