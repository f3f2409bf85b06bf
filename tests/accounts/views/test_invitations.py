"""Inviting by pasted addresses, and coming in by the link of the mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Course, Invitation, User
from accounts.models.courses import INVITATION_LASTS
from accounts.services import courses as services
from accounts.services import invitations
from examgen.jobs.models import Event
from tests.accounts.visitors import CODE_PAGE, PASSWORD, Visitor, ten_seconds_pass
from tests.factories import courses, people

ADA = "ada@example.org"


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


@pytest.fixture
def invitation(course: Course) -> Invitation:
    return courses.invite(course, ADA)


def link(invitation: Invitation) -> str:
    return reverse("invitation", args=[services.invitation_token(invitation)])


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def words(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# Inviting


def paste(browser: Client, course: Course, addresses: str) -> Any:
    url = reverse("invitations", args=[course.id])
    return browser.post(url, {"addresses": addresses})


def test_pasted_addresses_are_invited_and_listed(
    browser: Client, course: Course
) -> None:
    response = paste(browser, course, "Ada <ada@example.org>; bo@example.org")
    assert response["Location"] == reverse("invitations", args=[course.id])
    assert said(response) == ["2 invitations are on their way."]
    page = words(browser.get(response["Location"]).content.decode())
    assert "2 of 2 waiting" in page
    assert page.count("Send again") == 2


def test_what_was_not_invited_is_named_each_kind_with_its_reason(
    browser: Client, course: Course, student: User, invitation: Invitation
) -> None:
    courses.enrol(course, student)
    response = paste(
        browser,
        course,
        f"new@example.org NEW@example.org {student.email} {ADA} nonsense@ <b>",
    )
    assert response.status_code == 422
    page = words(response.content.decode())
    assert "1 invitation is on its way." in page
    assert "2 are no addresses. They are still in the field" in page
    assert "nonsense@ , &lt;b&gt;" not in page
    assert f"In the course already: {student.email}" in page
    assert f"Invited before; send it again from the list if need be: {ADA}" in page
    assert "Pasted more than once, counted once: new@example.org" in page
    assert response.context["form"]["addresses"].value() == "nonsense@\nb"
    assert course.invitations.count() == 2


def test_those_who_are_there_already_are_no_mistake(
    browser: Client, course: Course, invitation: Invitation
) -> None:
    response = paste(browser, course, ADA)
    assert response.status_code == 200
    assert Event.objects.filter(name="course.invited").count() == 1


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ("", "Paste at least one address."),
        (" \n ", "Paste at least one address."),
        (
            " ".join(f"s{n}@example.org" for n in range(501)),
            "These are 501 addresses, and nobody was invited. Paste at most 500 at a time.",
        ),
        ("x" * 100_001, "That is more text than 500 addresses have."),
        ("a\x00@example.org", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_invited_is_refused_in_words(
    browser: Client, course: Course, addresses: str, sentence: str
) -> None:
    response = paste(browser, course, addresses)
    assert response.status_code == 422
    assert response.context["form"].errors["addresses"] == [sentence]
    assert sentence in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_hundred_pieces_of_nonsense_are_cut_short(
    browser: Client, course: Course
) -> None:
    nonsense = "\n".join(f"{'x' * 200}{n}@" for n in range(100))
    page = words(paste(browser, course, nonsense).content.decode())
    assert "100 are no addresses" in page
    assert "and 80 more" in page


def test_five_hundred_in_one_go(browser: Client, course: Course) -> None:
    addresses = "\n".join(f"s{n}@example.org" for n in range(500))
    assert said(paste(browser, course, addresses)) == [
        "500 invitations are on their way."
    ]
    assert course.invitations.count() == 500


def test_nobody_but_the_mail_is_shown_the_link(
    browser: Client, course: Course, invitation: Invitation
) -> None:
    """Else educators could sign up as whom they like, with the address confirmed."""
    token = services.invitation_token(invitation)
    for name in ("invitations", "course"):
        page = browser.get(reverse(name, args=[course.id])).content.decode()
        assert token not in page
        assert token.partition(".")[2] not in page


def test_invitations_are_sent_again_and_withdrawn(
    browser: Client, course: Course, invitation: Invitation
) -> None:
    again = reverse("invitation_resend", args=[course.id, invitation.id])
    assert said(browser.post(again)) == [
        f"The invitation to {ADA} left minutes ago. Give it some time."
    ]
    Invitation.objects.update(sent_at=invitation.sent_at - timedelta(hours=1))
    assert said(browser.post(again))[-1:] == [
        f"The invitation to {ADA} is on its way again."
    ]
    back = reverse("invitation_withdraw", args=[course.id, invitation.id])
    assert said(browser.post(back))[-1:] == [f"The invitation to {ADA} is withdrawn."]
    assert browser.post(back).status_code == 404
    assert not Invitation.objects.exists()


def test_waiting_ones_come_first_and_each_shows_its_state(
    browser: Client, course: Course, student: User
) -> None:
    first = courses.invite(course, "a@example.org")
    services.accept_invitation(invitation=first, user=student)
    courses.invite(course, "z@example.org")
    old = courses.invite(course, "m@example.org")
    Invitation.objects.filter(pk=old.pk).update(
        sent_at=old.sent_at - INVITATION_LASTS - timedelta(minutes=1)
    )
    response = browser.get(reverse("invitations", args=[course.id]))
    rows = [row.email for row in response.context["page"]]
    assert rows == ["m@example.org", "z@example.org", "a@example.org"]
    page = words(response.content.decode())
    assert page.index("Expired") < page.index("Waiting") < page.index("Accepted")


def test_a_list_of_fifty_takes_as_many_queries_as_one_of_two(
    browser: Client, course: Course, django_assert_max_num_queries
) -> None:
    url = reverse("invitations", args=[course.id])
    services.invite(course=course, emails=["a@x.org", "b@x.org"], actor=course.owner)
    with django_assert_max_num_queries(6):
        browser.get(url)
    more = [f"s{n}@example.org" for n in range(60)]
    services.invite(course=course, emails=more, actor=course.owner)
    with django_assert_max_num_queries(6):
        browser.get(url)
    second = browser.get(url, {"page": 2})
    assert len(second.context["page"]) == 12


# Coming in


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def is_in(course: Course, email: str) -> bool:
    return course.enrolments.students().filter(user__email=email).exists()


def test_an_invited_person_signs_up_without_a_code(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    visitor.goes_to(link(invitation))
    assert visitor.path == "/accounts/signup/"
    assert "You are invited to “Botany”" in words(visitor.page)
    assert f'value="{ADA}"' in visitor.page
    assert "wants_to_teach" not in visitor.page
    visitor.sends("Sign up", password1=PASSWORD, name="Ada")
    assert visitor.at == reverse("courses")
    assert "You are in “Botany”." in visitor.page
    assert mail.outbox == []
    assert is_in(course, ADA)
    address = EmailAddress.objects.get(email=ADA)
    assert (address.verified, address.primary) == (True, True)
    invitation.refresh_from_db()
    assert invitation.accepted_by == User.objects.get(email=ADA)


def test_the_same_address_in_capitals_needs_no_code_either(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    visitor.goes_to(link(invitation))
    visitor.signs_up("ADA@Example.ORG")
    assert visitor.at == reverse("courses")
    assert is_in(course, ADA)


def test_another_address_is_confirmed_by_a_code_and_the_invitation_stays_theirs(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    other = "a.lovelace@example.org"
    visitor.goes_to(link(invitation))
    visitor.signs_up(other)
    assert visitor.path == CODE_PAGE
    visitor.types_the_code(other)
    assert visitor.at == link(invitation)
    assert f"The invitation went to {ADA}. You are signed in as {other}." in words(
        visitor.page
    )
    assert not is_in(course, other)
    visitor.sends(f"Go on as {other}")
    assert is_in(course, other)
    invitation.refresh_from_db()
    assert invitation.accepted_by == User.objects.get(email=other)


def test_whoever_has_an_account_is_sent_to_sign_in(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    people.student(ADA)
    visitor.goes_to(link(invitation))
    assert visitor.path == "/accounts/login/"
    assert "You are invited to “Botany”" in words(visitor.page)
    visitor.signs_in(ADA, people.PASSWORD)
    assert visitor.at == reverse("courses")
    assert is_in(course, ADA)


def test_whoever_is_signed_in_just_joins(
    course: Course, invitation: Invitation
) -> None:
    ada = people.student(ADA)
    browser = Client()
    browser.force_login(ada)
    response = browser.get(link(invitation))
    assert response["Location"] == reverse("courses")
    assert said(response) == ["You are in “Botany”."]
    assert is_in(course, ADA)
    assert browser.get(link(invitation))["Location"] == reverse("courses")


def test_a_second_address_of_the_same_person_counts(
    course: Course, invitation: Invitation, student: User
) -> None:
    """Also when it waited for its code: the link has come to it."""
    EmailAddress.objects.create(user=student, email=ADA, verified=False)
    browser = Client()
    browser.force_login(student)
    assert browser.get(link(invitation))["Location"] == reverse("courses")
    assert is_in(course, student.email)
    assert EmailAddress.objects.get(email=ADA).verified


def test_somebody_else_who_is_signed_in_is_asked(
    course: Course, invitation: Invitation, student: User, visitor: Visitor
) -> None:
    visitor.client.force_login(student)
    visitor.goes_to(link(invitation))
    assert not is_in(course, student.email)
    visitor.sends("Use another account")
    assert visitor.path == "/accounts/signup/"
    visitor.signs_up(ADA)
    assert is_in(course, ADA)
    assert not is_in(course, student.email)


def test_a_sign_up_that_waits_for_its_code_is_confirmed_by_the_link(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    visitor.goes_to("/accounts/signup/")
    visitor.signs_up(ADA)
    assert visitor.path == CODE_PAGE
    visitor.goes_to(link(invitation))
    assert visitor.at == reverse("courses")
    assert is_in(course, ADA)
    assert EmailAddress.objects.get(email=ADA).verified


def test_a_sign_up_by_another_address_is_not_confirmed_by_the_link(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    other = "mallory@example.org"
    visitor.goes_to("/accounts/signup/")
    visitor.signs_up(other)
    visitor.goes_to(link(invitation))
    assert visitor.path == CODE_PAGE
    assert not EmailAddress.objects.get(email=other).verified
    visitor.types_the_code(other)
    assert visitor.at == link(invitation)


def test_an_account_that_was_never_confirmed_is_at_sign_in(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    elsewhere = Visitor()
    elsewhere.goes_to("/accounts/signup/")
    elsewhere.signs_up(ADA)
    ten_seconds_pass()
    visitor.goes_to(link(invitation))
    visitor.signs_in(ADA)
    assert visitor.at == reverse("courses")
    assert is_in(course, ADA)
    assert len(mail.outbox) == 1


def test_the_link_vouches_for_its_own_address_alone(
    visitor: Visitor, course: Course, invitation: Invitation
) -> None:
    """Somebody with an invitation of their own cannot confirm the boss's address."""
    visitor.goes_to(link(invitation))
    visitor.signs_up("boss@example.org")
    assert visitor.path == CODE_PAGE
    assert not visitor.is_in
    assert not EmailAddress.objects.get(email="boss@example.org").verified


@pytest.mark.parametrize("spoilt", ["used", "expired", "withdrawn", "forged"])
def test_a_link_that_is_no_good_vouches_for_nothing(
    visitor: Visitor, course: Course, student: User, invitation: Invitation, spoilt: str
) -> None:
    address = link(invitation)
    if spoilt == "used":
        services.accept_invitation(invitation=invitation, user=student)
    elif spoilt == "expired":
        late = invitation.sent_at - INVITATION_LASTS - timedelta(minutes=1)
        Invitation.objects.update(sent_at=late)
    elif spoilt == "withdrawn":
        services.withdraw(invitation=invitation, actor=course.owner)
    else:
        address = address.replace(".", ".x")
    visitor.goes_to(f"/accounts/signup/?next={address}")
    assert "You are invited" not in visitor.page
    visitor.signs_up(ADA)
    assert visitor.path == CODE_PAGE
    assert not EmailAddress.objects.get(email=ADA).verified


def test_whoever_teaches_the_course_is_told_so(
    course: Course, browser: Client, educator: User
) -> None:
    invitation = courses.invite(course, "other.address@example.org")
    EmailAddress.objects.create(
        user=educator, email="other.address@example.org", verified=True
    )
    response = browser.get(link(invitation))
    assert said(response) == ["You teach this course, so you cannot take it."]
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


# Links that lead no further


def closed(response: Any, status: int, *sentences: str) -> None:
    assert response.status_code == status
    page = words(response.content.decode())
    for sentence in sentences:
        assert sentence in page


def test_an_expired_link_says_what_helps_before_anybody_signs_up(
    invitation: Invitation, student: User
) -> None:
    late = invitation.sent_at - INVITATION_LASTS - timedelta(minutes=1)
    Invitation.objects.update(sent_at=late)
    person = Client()
    person.force_login(student)
    for client in (Client(), person):
        closed(
            client.get(link(invitation)),
            410,
            "This invitation has run out",
            "Ask whoever invited you to send it again.",
        )


def test_a_used_link_says_so_and_leads_its_owner_on(
    invitation: Invitation, student: User
) -> None:
    ada = people.student(ADA)
    services.accept_invitation(invitation=invitation, user=ada)
    closed(
        Client().get(link(invitation)),
        410,
        "This invitation was used",
        "If it was you, sign in and you are where it led.",
    )
    stranger = Client()
    stranger.force_login(student)
    for method in (stranger.get, stranger.post):
        closed(method(link(invitation)), 410, "It lets one person in, once.")


@pytest.mark.parametrize("token", ["x", "x.y", "a" * 3000, "%00", "é.ü", "a:b:c"])
def test_a_link_that_was_never_ours_is_not_found(db: None, token: str) -> None:
    response = Client().get(f"/invitations/{token}/")
    closed(response, 404, "This link is no invitation")


# To make exams


def test_an_invitation_to_make_exams_makes_an_educator(
    visitor: Visitor, db: None, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    invitation = invitations.invite_educator(email=ADA, actor=people.admin())
    visitor.goes_to(link(invitation))
    assert "You are invited to make exams" in words(visitor.page)
    assert "wants_to_teach" not in visitor.page
    visitor.sends("Sign up", password1=PASSWORD, name="Ada")
    assert visitor.at == reverse("home")
    assert "You may make exams now." in visitor.page
    assert User.objects.get(email=ADA).is_educator
    assert visitor.client.get(reverse("lectures")).status_code == 200
    assert mail.outbox == []


def test_somebody_else_with_that_link_is_asked_first(
    visitor: Visitor, student: User
) -> None:
    invitation = invitations.invite_educator(email=ADA, actor=people.admin())
    visitor.client.force_login(student)
    visitor.goes_to(link(invitation))
    assert "Make exams as this person?" in visitor.page
    student.refresh_from_db()
    assert not student.is_educator
    visitor.sends(f"Go on as {student.email}")
    student.refresh_from_db()
    assert student.is_educator
