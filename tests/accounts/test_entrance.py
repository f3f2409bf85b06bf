"""Whoever comes to a page of people lands there, whatever happens on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY as WAITING,
)
from allauth.mfa.totp.internal import auth
from django.conf import settings as site_settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import entrance
from accounts.models import User
from accounts.services.guesses import Guesser
from tests.accounts.visitors import (
    CODE_PAGE,
    PASSWORD,
    Visitor,
    newest_code,
    ten_seconds_pass,
)
from tests.factories import people

pytestmark = pytest.mark.django_db

TARGET = "/courses/?page=1"
OTHER = "/settings/"
NEW = "mira.leaf@example.org"


@pytest.fixture
def visitor() -> Visitor:
    """Somebody who opened a page that needs an account."""
    somebody = Visitor()
    somebody.goes_to(TARGET)
    assert somebody.path == "/accounts/login/"
    return somebody


# Straight through


def test_signing_up_leads_there(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up(NEW)
    assert visitor.path == CODE_PAGE
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET
    assert visitor.is_in


def test_signing_in_leads_there(visitor: Visitor, student: User) -> None:
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.at == TARGET


# Stumbles


def test_forms_that_must_be_mended_forget_nothing(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.sends("Sign up", email="no address", password1="short")
    visitor.sends("Sign up", email=NEW, password1="short")
    visitor.signs_up(NEW)
    visitor.sends("Confirm", code="WRONG1")
    assert "Incorrect code" in visitor.page
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


def test_a_new_code_can_be_asked_for(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up(NEW)
    first = newest_code(NEW)
    ten_seconds_pass()
    visitor.sends("Send a new code")
    assert visitor.path == CODE_PAGE
    assert newest_code(NEW) != first
    visitor.sends("Confirm", code=first)
    assert "Incorrect code" in visitor.page
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


def test_too_many_wrong_codes_say_what_helps_and_it_does(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up(NEW)
    for _ in range(3):
        visitor.sends("Confirm", code="WRONG1")
    assert visitor.path == "/accounts/login/"
    assert "That was one wrong code too many. Sign in to get a new one." in visitor.page
    assert "Too many failed login attempts" not in visitor.page
    ten_seconds_pass()
    visitor.signs_in(NEW)
    assert visitor.path == CODE_PAGE
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


def test_a_code_that_ran_out_says_so(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up(NEW)
    session = visitor.client.session
    session[WAITING] = {**session[WAITING], "at": session[WAITING]["at"] - 901}
    session.save()
    visitor.types_the_code(NEW)
    assert visitor.path == "/accounts/login/"
    assert "That code has run out. Sign in to get a new one." in visitor.page
    ten_seconds_pass()
    visitor.signs_in(NEW)
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


def test_a_known_address_signs_in_instead(visitor: Visitor, student: User) -> None:
    """Their sign-up looks like any other; the mail tells them apart."""
    visitor.clicks("Sign up")
    visitor.signs_up(student.email)
    assert visitor.path == CODE_PAGE
    (told,) = mail.outbox
    assert "account" in str(told.body)
    visitor.sends("Sign in instead")
    assert visitor.path == "/accounts/login/"
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.at == TARGET


def test_a_mistyped_address_is_typed_anew(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up("mira.lef@example.org")
    visitor.sends("Use another address")
    assert visitor.path == "/accounts/signup/"
    visitor.signs_up(NEW)
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


def test_a_forgotten_password_is_set_on_the_way(
    visitor: Visitor, student: User
) -> None:
    visitor.goes_to(reverse("account_reset_password"))
    visitor.sends("Reset My Password", email=student.email)
    (link,) = re.findall(r"(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    visitor.goes_to(link)
    visitor.sends("Change Password", password1=PASSWORD, password2=PASSWORD)
    visitor.goes_to("/accounts/login/")
    visitor.signs_in(student.email)
    assert visitor.at == TARGET


def test_a_second_factor_is_asked_for_on_the_way(
    visitor: Visitor, student: User
) -> None:
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(student, secret)
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.path == reverse("mfa_authenticate")
    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    visitor.sends("Sign In", code=code)
    assert visitor.at == TARGET


# Changed minds


def test_the_newest_wish_wins_also_while_a_code_is_on_its_way(
    visitor: Visitor,
) -> None:
    visitor.clicks("Sign up")
    visitor.signs_up(NEW)
    visitor.goes_to(OTHER)
    assert visitor.path == CODE_PAGE
    visitor.types_the_code(NEW)
    assert visitor.at == OTHER


def test_back_and_forth_between_sign_in_and_sign_up(visitor: Visitor) -> None:
    visitor.clicks("Sign up")
    visitor.clicks("Sign in")
    visitor.clicks("Sign up")
    visitor.goes_to("/")
    visitor.goes_to("/accounts/signup/")
    visitor.signs_up(NEW)
    visitor.types_the_code(NEW)
    assert visitor.at == TARGET


# What is remembered, and for how long


def test_once_there_nothing_is_remembered(visitor: Visitor, student: User) -> None:
    assert entrance.COOKIE in visitor.client.cookies
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.client.cookies[entrance.COOKIE].value == ""
    visitor.client.post(reverse("account_logout"))
    visitor.goes_to("/accounts/login/")
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.at == reverse("home")


def test_a_wish_is_forgotten_after_an_hour(
    visitor: Visitor, student: User, monkeypatch
) -> None:
    monkeypatch.setattr(entrance, "_SECONDS", -1)
    visitor.goes_to("/accounts/login/")
    visitor.signs_in(student.email, people.PASSWORD)
    assert visitor.at == reverse("home")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(settings: Any) -> None:
    for secure in (False, True):
        settings.SESSION_COOKIE_SECURE = secure
        response = Client().get("/accounts/login/", {"next": TARGET})
        cookie = response.cookies[entrance.COOKIE]
        assert bool(cookie["httponly"])
        assert bool(cookie["secure"]) == secure
        assert (cookie["samesite"], cookie["max-age"]) == ("Lax", 3600)


def test_a_changed_cookie_is_no_wish(student: User) -> None:
    browser = Client()
    browser.cookies[entrance.COOKIE] = f"{OTHER}:forged:signature"
    posted = {"login": student.email, "password": people.PASSWORD}
    response = browser.post(reverse("account_login"), posted)
    assert response["Location"] == reverse("home")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.net/",
        "//evil.example.net/",
        "/\\evil.example.net/",
        "javascript:alert(1)",
        "http:///evil.example.net",
        "\x00/courses/",
    ],
)
def test_nobody_is_led_to_another_site(student: User, elsewhere: str) -> None:
    browser = Client()
    response = browser.get("/accounts/login/", {"next": elsewhere})
    assert entrance.COOKIE not in response.cookies
    posted = {"login": student.email, "password": people.PASSWORD, "next": elsewhere}
    response = browser.post(reverse("account_login"), posted)
    assert response["Location"] == reverse("home")


def test_a_wish_of_endless_length_is_not_remembered() -> None:
    response = Client().get("/accounts/login/", {"next": f"/{'x' * 2000}"})
    assert entrance.COOKIE not in response.cookies
    assert response.status_code == 200


def test_pages_without_a_wish_set_no_cookie(student: User) -> None:
    for address in ("/", "/accounts/login/", "/healthz", "/accounts/password/reset/"):
        assert entrance.COOKIE not in Client().get(address).cookies
    browser = Client()
    browser.force_login(student)
    response = browser.get("/accounts/login/", {"next": TARGET})
    assert response["Location"] == TARGET
    assert entrance.COOKIE not in response.cookies


# Roles are not asked of those who come to take something


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("/join/K7PM4XWD/", False),
        ("/take/2f1c7a52-0000-4000-8000-000000000000/", False),
        ("/lectures/", True),
        ("", True),
    ],
)
def test_students_who_come_by_a_link_are_not_asked_whether_they_teach(
    settings: Any, target: str, asked: bool
) -> None:
    settings.EDUCATOR_SIGNUP = "open"
    page = Client().get("/accounts/signup/", {"next": target}).content.decode()
    assert ("wants_to_teach" in page) == asked
    # And a box that was not offered cannot be ticked.
    posted = {"email": NEW, "password1": PASSWORD, "next": target}
    Client().post("/accounts/signup/", {**posted, "wants_to_teach": "on"})
    assert User.objects.get(email=NEW).is_educator == asked


# Who types codes


def test_codes_are_counted_by_person_and_by_address(student: User, rf: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = AnonymousUser()
    assert entrance.guesser(request) == Guesser("192.0.2.7")
    request.user = student
    assert entrance.guesser(request) == Guesser("192.0.2.7", student.id)


def test_a_house_of_the_newer_internet_is_one_address(rf: Any) -> None:
    seen = set()
    for host in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:f:f:f:f"):
        request = rf.get("/", REMOTE_ADDR=host)
        request.user = AnonymousUser()
        seen.add(entrance.guesser(request).address)
    assert seen == {"2001:db8:1:2::"}


def test_too_many_tries_are_answered_in_words(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    posted = {"email": "no address", "password1": "x"}
    assert Client().post("/accounts/signup/", posted).status_code == 200
    response = Client().post("/accounts/signup/", posted)
    assert response.status_code == 429
    assert "That was too often in a short time" in response.content.decode()


def test_the_middleware_stands_behind_allauths() -> None:
    """It needs the user, and what allauth decided about the visitor."""
    order = site_settings.MIDDLEWARE
    assert order.index("accounts.middleware.EntranceMiddleware") > order.index(
        "allauth.account.middleware.AccountMiddleware"
    )
