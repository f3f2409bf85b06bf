"""What is told of a lecture's reading."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from exams.models import Lecture
from exams.reading import Role
from exams.reading_wording import LEFT_OUT
from exams.services.left_out import (
    Heading,
    LeftOut,
    Report,
    listed_pages,
    report,
)
from tests.factories import exams, lectures

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(educator: User) -> Lecture:
    exam = lectures.drafted(educator)
    return exam.lecture


def report_of(lecture: Lecture) -> Report:
    return report(lecture, listed_pages(lecture))


def told(lecture: Lecture) -> list[LeftOut]:
    return report_of(lecture).left_out


def test_each_reason_is_told_with_its_pages(lecture: Lecture) -> None:
    lecture.pages.filter(number__in=[1, 2]).update(scan=True)
    lecture.pages.filter(number=3).update(hidden_characters=7, shown_on=4)
    lecture.pages.filter(number=4).update(text=" \n ")
    said = {item.code: item.pages for item in told(lecture)}
    assert said["scan"] == "1-2"
    assert said["blank"] == "4"
    assert said["hidden"] == said["build_up"] == "3"
    assert told(lecture)[0] == LeftOut("scan", "1-2")


def test_what_recognition_left_out_is_told_with_how_sure_it_was(
    lecture: Lecture,
) -> None:
    pages = lecture.pages
    pages.filter(number=1).update(scan=True, confidence=54)
    pages.filter(number=2).update(scan=True, confidence=0, trouble="time")
    pages.filter(number=3).update(confidence=91)
    pages.filter(number=4).update(scan=True, confidence=69)
    assert told(lecture)[:2] == [
        LeftOut("unsure", "1 (54%), 4 (69%)"),
        LeftOut("broke_off", "2"),
    ]


def test_pictures_that_recognition_was_not_tried_on_are_told_with_their_own_cure(
    lecture: Lecture, settings: Any
) -> None:
    settings.OCR, settings.OCR_MAX_PAGES = "tesseract", 3
    lecture.pages.filter(number=1).update(confidence=91)
    lecture.pages.filter(number__in=[2, 4, 5, 6]).update(scan=True)
    assert told(lecture)[:2] == [LeftOut("untried", "2, 4"), LeftOut("beyond", "5-6")]


def test_nothing_is_said_of_what_was_not_met(educator: User) -> None:
    assert told(exams.lecture(educator)) == []


def test_it_takes_two_queries(lecture: Lecture, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        told(lecture)


def test_every_reason_has_words() -> None:
    unasked = {Role.FURNITURE, Role.REFERENCE, Role.CODE, Role.TABLE, Role.CAPTION}
    pictures = {"scan", "untried", "beyond", "unsure", "broke_off"}
    assert set(LEFT_OUT) == {*pictures, "hidden", "blank", "build_up", *unasked}


def test_the_contents_are_the_outline_of_the_file(lecture: Lecture) -> None:
    lecture.outline = [[1, "Leaves", 1], [2, "Stomata", 2], [1, "", 3]]
    assert report_of(lecture).contents == [
        Heading(1, "Leaves", 1),
        Heading(2, "Stomata", 2),
    ]


def test_else_the_titles_of_its_pages(lecture: Lecture) -> None:
    lecture.outline = []
    found = report_of(lecture).contents
    assert found[0] == Heading(1, "The Plant Cell", 1)
