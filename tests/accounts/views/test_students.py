"""One student in one course, in pages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Course, Enrolment, User
from tests.factories import courses


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


@pytest.fixture
def enrolment(course: Course, student: User) -> Enrolment:
    return courses.enrol(course, student)


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def at(name: str, enrolment: Enrolment) -> str:
    return reverse(name, args=[enrolment.course_id, enrolment.id])


# Time


@pytest.mark.parametrize(
    ("multiplier", "minutes", "shown"),
    [
        ("1.5", "10", "1.50 × time and 10 minutes more"),
        ("1.25", "0", "1.25 × time"),
        ("1", "1", "1 minute more"),
        ("5", "600", "5.00 × time and 600 minutes more"),
    ],
)
def test_time_is_granted_and_shown_in_the_roster(
    browser: Client, enrolment: Enrolment, multiplier: str, minutes: str, shown: str
) -> None:
    given = {"multiplier": multiplier, "extra_minutes": minutes}
    response = browser.post(at("student", enrolment), given)
    assert said(response) == ["The time of sam@example.org is saved."]
    enrolment.refresh_from_db()
    assert enrolment.multiplier == Decimal(multiplier)
    assert enrolment.extra_minutes == int(minutes)
    assert shown in words(browser.get(response["Location"]))


def test_nothing_granted_is_not_mentioned(
    browser: Client, enrolment: Enrolment
) -> None:
    page = words(browser.get(reverse("course", args=[enrolment.course_id])))
    assert "× time" not in page
    assert "more" not in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("multiplier", "0.99", "Nobody gets less than the usual time: 1 or more."),
        ("multiplier", "0", "Nobody gets less than the usual time: 1 or more."),
        ("multiplier", "-2", "Nobody gets less than the usual time: 1 or more."),
        ("multiplier", "5.01", "The most is 5 times the usual time."),
        ("multiplier", "50", "The most is 5 times the usual time."),
        ("multiplier", "1.333", "Type at most two digits behind the point."),
        ("multiplier", "", "Type a number from 1 to 5; 1 is the usual time."),
        ("multiplier", "half", "Type a number from 1 to 5, such as 1.25."),
        ("multiplier", "NaN", "Type a number from 1 to 5, such as 1.25."),
        ("multiplier", "Infinity", "Type a number from 1 to 5, such as 1.25."),
        ("multiplier", "1e99", "The most is 5 times the usual time."),
        ("extra_minutes", "-1", "Type 0 for none."),
        ("extra_minutes", "", "Type 0 for none."),
        ("extra_minutes", "601", "The most is 600 minutes."),
        ("extra_minutes", "9" * 30, "The most is 600 minutes."),
        ("extra_minutes", "1.5", "Type whole minutes."),
        ("extra_minutes", "ten", "Type whole minutes."),
    ],
)
def test_time_that_makes_no_sense_is_refused_beside_its_field(
    browser: Client, enrolment: Enrolment, field: str, typed: str, sentence: str
) -> None:
    given = {"multiplier": "1.5", "extra_minutes": "5", field: typed}
    response = browser.post(at("student", enrolment), given)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field]
    enrolment.refresh_from_db()
    assert (enrolment.multiplier, enrolment.extra_minutes) == (Decimal(1), 0)


# Removing, with an undo


def test_a_removed_student_is_brought_back_by_undo(
    browser: Client, enrolment: Enrolment
) -> None:
    Enrolment.objects.update(multiplier=2)
    response = browser.post(at("student_remove", enrolment))
    page = browser.get(response["Location"])
    assert "sam@example.org was removed." in words(page)
    assert "Whoever has the code can come back" in words(page)
    undo = at("student_bring_back", enrolment)
    assert f'action="{undo}"' in page.content.decode()
    assert not enrolment.course.enrolments.students().exists()

    assert said(browser.post(undo))[-1:] == ["sam@example.org is in the course again."]
    back = enrolment.course.enrolments.students().get()
    assert (back, back.multiplier) == (enrolment, Decimal(2))
    assert browser.post(undo).status_code == 404


def test_an_undo_that_is_over_is_not_offered(
    browser: Client, enrolment: Enrolment
) -> None:
    course = reverse("course", args=[enrolment.course_id])
    for removed in (enrolment.id, "nonsense", "", enrolment.course_id):
        page = browser.get(course, {"removed": str(removed)})
        assert page.status_code == 200
        assert "was removed" not in words(page)


def test_removing_twice_is_not_found(browser: Client, enrolment: Enrolment) -> None:
    assert browser.post(at("student_remove", enrolment)).status_code == 302
    assert browser.post(at("student_remove", enrolment)).status_code == 404


# Leaving


def test_a_student_leaves_after_a_question(enrolment: Enrolment, student: User) -> None:
    theirs = Client()
    theirs.force_login(student)
    address = reverse("course_leave", args=[enrolment.course_id])
    assert "Leave the course “Botany”?" in words(theirs.get(address))
    assert enrolment.course.enrolments.students().exists()
    response = theirs.post(address)
    assert response["Location"] == reverse("courses")
    assert said(response) == ["You left “Botany”."]
    assert not enrolment.course.enrolments.students().exists()
    assert theirs.get(address).status_code == 404
