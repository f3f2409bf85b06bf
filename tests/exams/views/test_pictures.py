"""Private files: pictures of pages, and the PDF itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import Lecture, Page
from tests.factories import exams, people, stores

pytestmark = pytest.mark.every_store


@pytest.fixture
def lecture(educator: User) -> Lecture:
    return exams.lecture(educator, name='week 1; "intro".pdf')


def body(response: FileResponse) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_picture_is_kept_by_its_owners_browser_alone(
    browser: Client, lecture: Lecture, size: str
) -> None:
    response = browser.get(reverse("page_picture", args=[lecture.id, 1, size]))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body(response) == exams.PICTURE


def test_a_picture_that_the_browser_has_is_not_sent_again(
    browser: Client, lecture: Lecture
) -> None:
    address = reverse("page_picture", args=[lecture.id, 1, "small"])
    first = browser.get(address)
    tag = first["ETag"]
    assert body(first) == exams.PICTURE
    again = browser.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Cache-Control"] == "private, no-cache"
    other = reverse("page_picture", args=[lecture.id, 2, "small"])
    assert body(browser.get(other, headers={"If-None-Match": tag})) == exams.PICTURE


def test_a_picture_costs_the_query_that_tells_who_asks(
    browser: Client, lecture: Lecture, django_assert_num_queries
) -> None:
    """The session, its person, and which pictures the page has for them."""
    address = reverse("page_picture", args=[lecture.id, 1, "small"])
    first = browser.get(address)
    assert body(first) == exams.PICTURE
    tag = first["ETag"]
    with django_assert_num_queries(1):
        assert browser.get(address, headers={"If-None-Match": tag}).status_code == 304
    with django_assert_num_queries(1):
        assert body(browser.get(address)) == exams.PICTURE


def test_another_picture_of_a_page_and_a_page_that_is_gone_are_noticed(
    browser: Client, lecture: Lecture
) -> None:
    address = reverse("page_picture", args=[lecture.id, 1, "small"])
    first = browser.get(address)
    assert body(first) == exams.PICTURE
    headers = {"If-None-Match": first["ETag"]}
    page = lecture.pages.get(number=1)
    former, page.thumbnail = page.thumbnail, lecture.pages.get(number=2).thumbnail
    page.save(update_fields=["thumbnail"])
    assert former != page.thumbnail
    assert body(browser.get(address, headers=headers)) == exams.PICTURE
    page.thumbnail = former
    page.save(update_fields=["thumbnail"])
    assert browser.get(address, headers=headers).status_code == 304
    lecture.owner = people.educator("other@example.org")
    lecture.save(update_fields=["owner"])
    assert browser.get(address, headers=headers).status_code == 404


@pytest.mark.parametrize("number", [0, 3, 2**31, 2**63, 2**70])
def test_a_page_that_does_not_exist_has_no_picture(
    browser: Client, lecture: Lecture, number: int
) -> None:
    address = reverse("page_picture", args=[lecture.id, number, "small"])
    assert browser.get(address).status_code == 404


def test_a_size_that_does_not_exist_is_not_found(
    browser: Client, lecture: Lecture
) -> None:
    address = reverse("page_picture", args=[lecture.id, 1, "huge"])
    assert browser.get(address).status_code == 404


def test_a_page_that_nobody_cites_has_no_large_picture(
    browser: Client, lecture: Lecture
) -> None:
    Page.objects.filter(number=2).update(image="")
    address = reverse("page_picture", args=[lecture.id, 2, "large"])
    assert browser.get(address).status_code == 404


def test_the_pdf_is_a_download_under_a_safe_name(
    browser: Client, lecture: Lecture
) -> None:
    response = browser.get(reverse("lecture_file", args=[lecture.id]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="week-1-intro.pdf"'
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert body(response) == exams.pdf_of(lecture)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("week1.pdf", '"week1.pdf"'),
        ("week1.html", '"week1.pdf"'),
        ("..", '"lecture.pdf"'),
        ("/", '"lecture.pdf"'),
        ("«»", '"lecture.pdf"'),
        ("x" * 200, f'"{"x" * 200}.pdf"'),
    ],
)
def test_a_file_of_any_name_is_downloaded_as_a_pdf(
    browser: Client, lecture: Lecture, name: str, given: str
) -> None:
    Lecture.objects.update(file_name=name)
    response = browser.get(reverse("lecture_file", args=[lecture.id]))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f"attachment; filename={given}"
    assert body(response) == exams.pdf_of(lecture)


def test_a_store_without_the_object_is_said_with_a_time_to_come_back(
    browser: Client, lecture: Lecture, store: Path
) -> None:
    (store / lecture.file).unlink()
    (store / f"{lecture.prefix}/pages/0001-320.webp").unlink()
    for address in (
        reverse("lecture_file", args=[lecture.id]),
        reverse("page_picture", args=[lecture.id, 1, "small"]),
    ):
        response = browser.get(address)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert "The file store does not answer" in response.content.decode()


def test_a_store_that_is_away_breaks_no_page(
    browser: Client, lecture: Lecture, educator: User, store: Path
) -> None:
    """Pages name their pictures and look at none."""
    exam = exams.exam(educator, of=lecture)
    with stores.away(store):
        for address in (
            reverse("home"),
            reverse("lectures"),
            reverse("lecture", args=[lecture.id]),
            reverse("exams"),
            reverse("exam", args=[exam.id]),
            reverse("exam_document", args=[exam.id]),
            reverse("review", args=[exam.id]),
        ):
            assert browser.get(address, follow=True).status_code == 200, address
        picture = browser.get(reverse("page_picture", args=[lecture.id, 1, "small"]))
        assert picture.status_code == 503
    page = browser.get(reverse("lecture", args=[lecture.id])).content.decode()
    # What a browser shows, in the right size, where a picture does not come.
    assert 'alt="Page 1"' in page
    assert 'width="600" height="800"' in page


def test_another_educators_files_do_not_exist(
    stranger: Client, lecture: Lecture
) -> None:
    for address in (
        reverse("lecture_file", args=[lecture.id]),
        reverse("page_picture", args=[lecture.id, 1, "small"]),
        reverse("page_picture", args=[lecture.id, 1, "large"]),
    ):
        assert stranger.get(address).status_code == 404
