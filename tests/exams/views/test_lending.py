"""Private files that the store itself hands out, by links that live for a minute."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import Lecture
from tests.factories import exams, stores
from tests.servers import Moto, Nanio

pytestmark = pytest.mark.parametrize("store", ["bucket"], indirect=True)


@pytest.fixture
def lecture(educator: User, store: Path) -> Lecture:
    return exams.lecture(educator, name='week 1; "intro".pdf')


@pytest.fixture
def public(nanio: Nanio, store: Path) -> Iterator[None]:
    """Browsers reach the store themselves."""
    with stores.changed(public_url=nanio.url):
        yield


def lent(response: HttpResponse) -> bytes:
    """What a browser gets that goes where it is sent."""
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    assert not response.has_header("ETag")
    with urllib.request.urlopen(response["Location"], timeout=10) as answer:
        content: bytes = answer.read()
        return content


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_picture_is_lent_to_its_owner(
    browser: Client, lecture: Lecture, public: None, size: str
) -> None:
    response = browser.get(reverse("page_picture", args=[lecture.id, 1, size]))
    assert lent(response) == exams.PICTURE
    asked = parse_qs(urlsplit(response["Location"]).query)
    assert asked["response-content-type"] == ["image/webp"]
    assert asked["response-content-disposition"] == ["inline"]
    assert asked["X-Amz-Expires"] == ["60"]


def test_the_pdf_is_lent_as_a_download_under_a_safe_name(
    browser: Client, lecture: Lecture, public: None
) -> None:
    response = browser.get(reverse("lecture_file", args=[lecture.id]))
    assert lent(response) == exams.pdf_of(lecture)
    asked = parse_qs(urlsplit(response["Location"]).query)
    assert asked["response-content-type"] == ["application/pdf"]
    assert asked["response-content-disposition"] == [
        'attachment; filename="week-1-intro.pdf"'
    ]


def test_the_store_sends_what_the_link_asks_for(
    browser: Client, lecture: Lecture, moto: Moto, store: Path
) -> None:
    """Nanio leaves these headers away, Moto sends them."""
    bucket = moto.create(f"lent-{lecture.id.hex}")
    with stores.using(stores.bucket(moto, bucket, public_url=moto.url)):
        stores.put(lecture.file, content=exams.pdf_of(lecture))
        response = browser.get(reverse("lecture_file", args=[lecture.id]))
        with urllib.request.urlopen(response["Location"], timeout=10) as answer:
            assert answer.read() == exams.pdf_of(lecture)
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.headers["Content-Disposition"] == (
                'attachment; filename="week-1-intro.pdf"'
            )
            assert answer.headers["Cache-Control"] == "private, no-store"


def test_nothing_is_lent_to_anybody_else(
    stranger: Client, lecture: Lecture, public: None
) -> None:
    for address in (
        reverse("lecture_file", args=[lecture.id]),
        reverse("page_picture", args=[lecture.id, 1, "small"]),
    ):
        assert stranger.get(address).status_code == 404
        response = Client().get(address)
        assert response["Location"].startswith(reverse("account_login"))


def test_without_an_address_for_browsers_the_site_sends_it(
    browser: Client, lecture: Lecture
) -> None:
    response = browser.get(reverse("lecture_file", args=[lecture.id]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == exams.pdf_of(lecture)
    assert response["Content-Length"] == str(len(exams.pdf_of(lecture)))
