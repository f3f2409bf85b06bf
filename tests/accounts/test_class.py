"""A class of forty in one room, behind one address, within a minute."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from tests.accounts.visitors import CODE_PAGE, PASSWORD, Visitor
from tests.factories import courses, people

pytestmark = pytest.mark.urls("tests.accounts.joining")

FORTY = [f"pupil{number:02d}@example.org" for number in range(40)]


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


def joins(course: Course, email: str) -> Visitor:
    """Scan the picture, sign up, mistype the code once as people do, be in."""
    pupil = Visitor()
    pupil.goes_to(f"/join/{course.code}/")
    assert pupil.path == "/accounts/login/"
    pupil.clicks("Sign up")
    pupil.signs_up(email, name=email.partition("@")[0])
    assert pupil.path == CODE_PAGE, email
    pupil.sends("Confirm", code="WRONG1")
    pupil.types_the_code(email)
    return pupil


def test_forty_sign_up_and_are_in_the_course(course: Course) -> None:
    for email in FORTY:
        pupil = joins(course, email)
        assert (pupil.status, pupil.at) == (200, f"/join/{course.code}/"), email
    students = course.enrolments.students()
    assert sorted(students.values_list("user__email", flat=True)) == FORTY
    assert len(mail.outbox) == 40

    # The address is shared, the account is not: guessing at one is stopped,
    # and that holds up nobody else in the room.
    for _ in range(10):
        Visitor().client.post(
            reverse("account_login"), {"login": FORTY[0], "password": "a wrong one"}
        )
    for password in ("a wrong one", PASSWORD):
        eleventh = Visitor()
        eleventh.goes_to("/accounts/login/")
        eleventh.signs_in(FORTY[0], password)
        assert "Too many failed login attempts" in eleventh.page
        assert not eleventh.is_in
    neighbour = Visitor()
    neighbour.goes_to("/accounts/login/")
    neighbour.signs_in(FORTY[1])
    assert neighbour.is_in


def test_forty_who_mistype_their_password_are_not_shut_out(db: None) -> None:
    for email in FORTY:
        people.student(email)
    for password in ("misst yped", people.PASSWORD):
        for email in FORTY:
            pupil = Client()
            posted = {"login": email, "password": password, "next": "/courses/"}
            response = pupil.post(reverse("account_login"), posted)
            if password == people.PASSWORD:
                assert response.headers.get("Location") == "/courses/", email
            else:
                assert "are not correct" in response.content.decode(), email
