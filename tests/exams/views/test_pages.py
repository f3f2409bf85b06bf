"""The page of one page of a lecture, and its large picture on demand."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen.jobs.models import Event, Job
from exams.models import Block, Lecture, Page
from exams.reading import Role
from tests.factories import exams, lectures

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lecture(educator: User) -> Lecture:
    """Read for real; no page of it has a large picture yet."""
    made = lectures.drafted(educator).lecture
    Page.objects.update(image="")
    return made


def address(lecture: Lecture, number: int = 1, name: str = "lecture_page") -> str:
    return reverse(name, args=[lecture.id, number])


def test_what_was_read_stands_beside_the_picture(
    browser: Client, lecture: Lecture
) -> None:
    page = lecture.pages.get(number=2)
    shown = browser.get(address(lecture, 2)).content.decode()
    for block in page.blocks.all():
        text = page.text[block.start : block.end].split()[0]
        assert text in shown
    for neighbour in (1, 3):
        assert address(lecture, neighbour) in shown
    assert reverse("page_picture", args=[lecture.id, 2, "small"]) in shown


def test_what_was_left_out_of_it_is_said(browser: Client, lecture: Lecture) -> None:
    block = Block.objects.filter(page__lecture=lecture, page__number=1).first()
    Block.objects.filter(pk=block.pk).update(role=Role.FURNITURE)
    lecture.pages.filter(number=1).update(hidden_characters=3)
    shown = browser.get(address(lecture)).content.decode()
    assert "Header, footer or number, left out" in shown
    assert "3 hidden characters left out" in shown


def test_what_was_recognised_says_how_surely(browser: Client, lecture: Lecture) -> None:
    pages = lecture.pages
    pages.filter(number=1).update(confidence=91)
    pages.filter(number=2).update(scan=True, confidence=54)
    pages.filter(number=3).update(scan=True, confidence=0, trouble="memory")
    sure, unsure, troubled, plain = (
        browser.get(address(lecture, number)).content.decode() for number in range(1, 5)
    )
    assert "Recognised from a picture, 91% sure" in sure
    assert "Picture of text" not in sure
    assert "Picture of text" in unsure
    assert "Recognised too unsurely: 54%" in unsure
    assert "Text recognition needed too much memory" in troubled
    assert "ecogni" not in plain
    # On the page of the lecture they stand beside the pages.
    shown = browser.get(reverse("lecture", args=[lecture.id])).content.decode()
    assert "Recognised from a picture, 91% sure" in shown
    assert "Pages: 2 (54%)" in shown


def test_a_worker_draws_it_large_once(browser: Client, lecture: Lecture) -> None:
    page = lecture.pages.get(number=1)
    # The page asks by itself, once.
    assert 'hx-trigger="load, submit"' in browser.get(address(lecture)).content.decode()
    for _ in range(2):
        response = browser.post(address(lecture, name="draw_page"))
        assert response.status_code == 302
    assert Event.objects.filter(name="page.wanted", subject_id=page.id).count() == 1
    assert "is being drawn" in browser.get(address(lecture)).content.decode()
    lectures.run_jobs()
    shown = browser.get(address(lecture), headers=HTMX).content.decode()
    assert reverse("page_picture", args=[lecture.id, 1, "large"]) in shown
    assert "hx-" not in shown
    assert "<h1" not in shown
    page.refresh_from_db()
    assert "-1024-" in page.image
    # Asked for again, nothing is drawn.
    browser.post(address(lecture, name="draw_page"))
    assert Job.objects.filter(consumer="exams.draw_page").count() == 1


def test_with_htmx_the_answer_is_the_part_that_changes(
    browser: Client, lecture: Lecture
) -> None:
    response = browser.post(address(lecture, name="draw_page"), headers=HTMX)
    said = response.content.decode()
    assert "is being drawn" in said
    assert "every 1500ms" in said
    assert "<h1" not in said


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**63])
def test_a_page_that_does_not_exist_is_not_found(
    browser: Client, educator: User, number: int
) -> None:
    lecture = exams.lecture(educator)
    assert browser.get(address(lecture, number)).status_code == 404
    assert browser.post(address(lecture, number, "draw_page")).status_code == 404


def test_nor_is_somebody_else_s(browser: Client, colleague: User) -> None:
    lecture = exams.lecture(colleague)
    assert browser.get(address(lecture)).status_code == 404
    assert browser.post(address(lecture, name="draw_page")).status_code == 404


def test_a_page_takes_the_same_queries_however_long_the_lecture_is(
    browser: Client, educator: User, django_assert_max_num_queries
) -> None:
    lecture = exams.lecture(educator)
    with django_assert_max_num_queries(8):
        browser.get(address(lecture))
