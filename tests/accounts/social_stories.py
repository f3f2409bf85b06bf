"""Coming in through another house: run by test_social.py, with that house running.

Providers are chosen when a process starts, so these tests have one of their own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.models import Event
from tests.accounts.views.test_invitations import link
from tests.accounts.visitors import CODE_PAGE, PASSWORD, Visitor
from tests.factories import courses, people
from tests.servers.openid import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.joining")]

TARGET = "/courses/?page=1"
ADA: dict[str, Any] = {
    "email": "ada@example.org",
    "email_verified": True,
    "name": "Ada Lovelace",
}
UNSURE = {**ADA, "email_verified": False}


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


def goes_over(visitor: Visitor) -> dict[str, str]:
    """Click the button of the other house; return what it is asked."""
    visitor.clicks("Continue with Example University")
    response = visitor.client.post(visitor.at)
    asked = urlsplit(response["Location"])
    assert asked.path == "/authorize"
    return {name: values[0] for name, values in parse_qs(asked.query).items()}


def comes_back(visitor: Visitor, asked: dict[str, str], **brought: str) -> None:
    back = urlsplit(asked["redirect_uri"]).path
    query = "&".join(f"{name}={value}" for name, value in brought.items())
    visitor.goes_to(f"{back}?state={asked['state']}&{query}")


def is_vouched_for(visitor: Visitor, sub: str = "1", **claims: Any) -> None:
    comes_back(visitor, goes_over(visitor), code=code_of(sub, **claims))


def test_whoever_comes_to_a_page_lands_there(visitor: Visitor) -> None:
    visitor.goes_to(TARGET)
    is_vouched_for(visitor, **ADA)
    assert visitor.path == reverse("socialaccount_signup")
    assert 'value="Ada Lovelace"' in visitor.page
    assert "wants_to_teach" in visitor.page
    visitor.sends("Sign Up", wants_to_teach="on")
    assert visitor.at == TARGET
    user = User.objects.get(email="ada@example.org")
    assert (user.name, user.educator_requested_at is None) == ("Ada Lovelace", False)
    assert Event.objects.filter(name="user.signed_up").count() == 1


def test_whoever_comes_again_lands_there_at_once(visitor: Visitor) -> None:
    visitor.goes_to("/join/nowhere/")
    is_vouched_for(visitor, **ADA)
    again = Visitor()
    again.goes_to(TARGET)
    is_vouched_for(again, **ADA)
    assert again.at == TARGET
    assert User.objects.count() == 1


def test_a_student_with_a_join_link_is_asked_nothing(
    visitor: Visitor, course: Course
) -> None:
    visitor.goes_to(f"/join/{course.code}/")
    is_vouched_for(visitor, **ADA)
    assert visitor.at == f"/join/{course.code}/"
    (student,) = course.enrolments.students()
    assert (student.user.email, student.user.name) == (
        "ada@example.org",
        "Ada Lovelace",
    )
    assert not student.user.has_usable_password()
    assert Event.objects.filter(name="user.signed_up").count() == 1


def test_an_address_that_the_other_house_is_unsure_of_needs_a_code(
    visitor: Visitor, course: Course
) -> None:
    visitor.goes_to(f"/join/{course.code}/")
    is_vouched_for(visitor, **UNSURE)
    assert visitor.path == CODE_PAGE
    visitor.types_the_code("ada@example.org")
    assert visitor.at == f"/join/{course.code}/"


def test_an_invitation_spares_that_code_too(visitor: Visitor, course: Course) -> None:
    invitation = courses.invite(course, "ada@example.org")
    visitor.goes_to(link(invitation))
    is_vouched_for(visitor, **UNSURE)
    assert visitor.at == "/courses/"
    assert mail.outbox == []
    assert EmailAddress.objects.get(email="ada@example.org").verified
    assert course.enrolments.students().get().user.email == "ada@example.org"


def test_an_invitation_to_another_address_spares_nothing(
    visitor: Visitor, course: Course
) -> None:
    invitation = courses.invite(course, "bo@example.org")
    visitor.goes_to(link(invitation))
    is_vouched_for(visitor, **UNSURE)
    assert visitor.path == CODE_PAGE
    assert not EmailAddress.objects.filter(verified=True, email=ADA["email"]).exists()
    visitor.types_the_code("ada@example.org")
    assert visitor.at == link(invitation)


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_whoever_turns_back_there_comes_in_here(
    visitor: Visitor, student: User, error: str
) -> None:
    visitor.goes_to(TARGET)
    comes_back(visitor, goes_over(visitor), error=error)
    visitor.clicks("Sign in")
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.at == TARGET


def test_whoever_changes_their_mind_signs_up_here(visitor: Visitor) -> None:
    visitor.goes_to(TARGET)
    goes_over(visitor)
    visitor.goes_to("/accounts/signup/")
    visitor.signs_up("bo@example.org")
    visitor.types_the_code("bo@example.org")
    assert visitor.at == TARGET


def test_whoever_changes_their_mind_goes_over_after_all(
    visitor: Visitor, course: Course
) -> None:
    visitor.goes_to(f"/join/{course.code}/")
    visitor.clicks("Sign up")
    visitor.signs_up("bo@example.org")
    visitor.sends("Sign in instead")
    is_vouched_for(visitor, **ADA)
    assert visitor.at == f"/join/{course.code}/"


def test_an_address_with_a_password_is_not_taken_over(
    visitor: Visitor, course: Course
) -> None:
    """The other house's word is not enough; signing in leads there all the same."""
    people.student("ada@example.org")
    visitor.goes_to(f"/join/{course.code}/")
    is_vouched_for(visitor, **ADA)
    assert visitor.path == CODE_PAGE
    assert not visitor.is_in
    visitor.sends("Sign in instead")
    visitor.signs_in("ada@example.org", people.PASSWORD)
    assert visitor.at == f"/join/{course.code}/"


def test_without_an_address_one_is_asked_for(visitor: Visitor, course: Course) -> None:
    visitor.goes_to(f"/join/{course.code}/")
    is_vouched_for(visitor, name="Ada\x00 " + "x" * 300)
    visitor.sends("Sign Up", email="ada@example.org")
    assert visitor.path == CODE_PAGE
    visitor.types_the_code("ada@example.org")
    assert visitor.at == f"/join/{course.code}/"
    assert len(User.objects.get(email="ada@example.org").name) == 150


def test_where_only_admins_make_educators_nothing_is_asked(
    visitor: Visitor, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    visitor.goes_to(TARGET)
    is_vouched_for(visitor, **ADA)
    assert visitor.at == TARGET


def test_a_password_can_still_be_chosen_instead(visitor: Visitor) -> None:
    visitor.goes_to(TARGET)
    visitor.clicks("Sign up")
    visitor.sends("Sign up", email="bo@example.org", password1=PASSWORD)
    visitor.types_the_code("bo@example.org")
    assert visitor.at == TARGET
