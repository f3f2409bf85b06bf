"""From a stranger to a person with a role: sign-up over the pages, code by mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from examgen.jobs.models import Event
from tests.factories import people
from tests.threads import together

PASSWORD = "four quiet green leaves"
NEW = "mira@example.org"


def sign_up(client: Client, **changes: str) -> Any:
    posted = {"email": NEW, "password1": PASSWORD, "name": "Mira Leaf", **changes}
    return client.post(reverse("account_signup"), posted)


def code_in(message: mail.EmailMessage) -> str:
    """The code stands alone on its line, so that it is easily copied."""
    (code,) = re.findall(r"^([0-9A-Z-]{4,12})$", str(message.body), re.MULTILINE)
    return str(code)


def confirm(client: Client, code: str) -> Any:
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def signed_in(client: Client) -> bool:
    return client.get(reverse("preferences")).status_code == 200


# The way in


def test_a_person_signs_up_with_the_code_from_their_mail(
    client: Client, db: None
) -> None:
    response = sign_up(client)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert not signed_in(client)
    (message,) = mail.outbox
    assert message.to == [NEW]
    assert client.get(response["Location"]).status_code == 200

    response = confirm(client, code_in(message))
    assert response["Location"] == reverse("home")
    assert signed_in(client)
    user = User.objects.get()
    assert (user.email, user.name, user.role) == (NEW, "Mira Leaf", Role.STUDENT)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == (NEW, True, True)


def test_a_wrong_code_lets_nobody_in_and_a_few_are_enough(
    client: Client, db: None
) -> None:
    sign_up(client)
    right = code_in(mail.outbox[0])
    assert confirm(client, "WRONG1").status_code == 200
    for _ in range(5):
        confirm(client, "WRONG1")
    confirm(client, right)
    assert not signed_in(client)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_an_unconfirmed_address_cannot_sign_in(client: Client, db: None) -> None:
    sign_up(client)
    cache.clear()  # a code is sent every ten seconds at most: those are over
    other = Client()
    response = other.post(
        reverse("account_login"), {"login": NEW, "password": PASSWORD}
    )
    assert response["Location"] == reverse("account_email_verification_sent")
    assert not signed_in(other)


def test_an_impatient_click_signs_up_once(shared_database: None) -> None:
    """Requests at the same moment, of which none finds the address known.

    They are answered like those that come later: by the limit on mails to one address.
    """
    answers = together([lambda: sign_up(Client())] * 4)
    assert sorted(answer.status_code for answer in answers) == [302, 429, 429, 429]
    user = User.objects.get()
    assert EmailAddress.objects.get().user == user
    assert Event.objects.get(name="user.signed_up").subject_id == user.id
    assert sign_up(Client()).status_code == 429


def test_an_address_in_any_case_is_one_address(client: Client, db: None) -> None:
    sign_up(client, email="Mira@Example.ORG")
    assert User.objects.get().email == NEW
    confirm(client, code_in(mail.outbox[0]))
    other = Client()
    other.post(
        reverse("account_login"), {"login": "MIRA@example.org", "password": PASSWORD}
    )
    assert signed_in(other)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"password1": "short"}, "password1"),
        ({"password1": "password"}, "password1"),
        ({"password1": "mira@example.org"}, "password1"),
        ({"name": "x" * 151}, "name"),
    ],
)
def test_what_cannot_be_an_account_is_refused_at_its_field(
    client: Client, db: None, changes: dict[str, str], field: str
) -> None:
    response = sign_up(client, **changes)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.exists()
    assert mail.outbox == []


def test_the_sign_up_is_told_once_without_anything_personal(
    client: Client, db: None
) -> None:
    sign_up(client)
    event = Event.objects.get(name="user.signed_up")
    user = User.objects.get()
    assert (event.subject_id, event.actor, event.data) == (user.id, user.id, {})


# Roles


@pytest.mark.parametrize(
    ("policy", "wish", "role", "asked"),
    [
        ("open", {"wants_to_teach": "on"}, Role.EDUCATOR, False),
        ("open", {}, Role.STUDENT, False),
        ("approval", {"wants_to_teach": "on"}, Role.STUDENT, True),
        ("approval", {}, Role.STUDENT, False),
        ("invite", {"wants_to_teach": "on"}, Role.STUDENT, False),
    ],
)
@pytest.mark.django_db
def test_the_sites_policy_decides_what_a_wish_to_teach_gives(
    settings, policy: str, wish: dict[str, str], role: Role, asked: bool
) -> None:
    settings.EDUCATOR_SIGNUP = policy
    sign_up(Client(), **wish)
    user = User.objects.get()
    assert user.role == role
    assert (user.educator_requested_at is not None) == asked


@pytest.mark.parametrize(
    ("policy", "offered"), [("open", True), ("approval", True), ("invite", False)]
)
def test_the_wish_to_teach_is_asked_for_unless_only_admins_grant_it(
    client: Client, db: None, settings, policy: str, offered: bool
) -> None:
    settings.EDUCATOR_SIGNUP = policy
    page = client.get(reverse("account_signup")).content.decode()
    assert ('name="wants_to_teach"' in page) == offered


def test_nobody_gives_themselves_a_role_or_rights(client: Client, db: None) -> None:
    sign_up(client, role="educator", is_staff="on", is_superuser="on", is_active="on")
    user = User.objects.get()
    assert (user.role, user.is_staff, user.is_superuser) == (Role.STUDENT, False, False)


def test_a_new_student_finds_every_page_of_educators_closed(
    client: Client, db: None
) -> None:
    sign_up(client)
    confirm(client, code_in(mail.outbox[0]))
    for name in ("lectures", "exams"):
        assert client.get(reverse(name)).status_code == 403


# Nobody learns who has an account


def visible(response: HttpResponse) -> tuple[int, str, dict[str, str], str]:
    """What an attacker sees, without tokens and the address they typed."""
    body = re.sub(r'value="[A-Za-z0-9]{32,}"', "", response.content.decode())
    body = re.sub(r"(known|other)@example\.org", "", body)
    headers = dict(response.headers)
    headers.pop("Date", None)
    headers.pop("Expires", None)
    headers.pop("X-Request-ID", None)
    headers.pop("Content-Length", None)
    return response.status_code, response.headers.get("Location", ""), headers, body


@pytest.fixture
def _known(db: None) -> None:
    people.student("known@example.org")


@pytest.mark.usefixtures("_known")
def test_signing_up_with_a_known_address_looks_like_any_sign_up() -> None:
    seen = []
    for address in ("known@example.org", "other@example.org"):
        browser = Client()
        first = sign_up(browser, email=address)
        second = browser.get(first["Location"])
        third = confirm(browser, "WRONG1")
        seen.append([visible(first), visible(second), visible(third)])
    assert seen[0] == seen[1]
    # The owner of a known address is told that somebody tried.
    told, code = mail.outbox
    assert told.to == ["known@example.org"]
    assert re.findall(r"^([0-9A-Z-]{4,12})$", str(told.body), re.MULTILINE) == []
    assert code.to == ["other@example.org"]
    assert User.objects.filter(email="known@example.org").count() == 1


@pytest.mark.usefixtures("_known")
def test_asking_for_a_new_password_looks_the_same_for_known_and_unknown() -> None:
    seen = []
    for address in ("known@example.org", "other@example.org"):
        browser = Client()
        first = browser.post(reverse("account_reset_password"), {"email": address})
        second = browser.get(first["Location"])
        seen.append([visible(first), visible(second)])
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("_known")
def test_a_wrong_password_looks_the_same_for_known_and_unknown() -> None:
    seen = []
    for address in ("known@example.org", "other@example.org"):
        response = Client().post(
            reverse("account_login"), {"login": address, "password": "wrong password"}
        )
        seen.append(visible(response))
    assert seen[0] == seen[1]


# Coming back


@pytest.mark.usefixtures("_known")
def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(
    client: Client,
) -> None:
    client.post(reverse("account_reset_password"), {"email": "known@example.org"})
    (message,) = mail.outbox
    (link,) = re.findall(r"https?://\S+/password/reset/key/\S+", str(message.body))
    assert link.startswith("http://127.0.0.1:8000/")
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    client.post(
        form.redirect_chain[-1][0],
        {"password1": "another good password", "password2": "another good password"},
    )
    browser = Client()
    browser.post(
        reverse("account_login"),
        {"login": "known@example.org", "password": "another good password"},
    )
    assert signed_in(browser)
    # The same link again leads nowhere.
    again = Client().get(link.removeprefix("http://127.0.0.1:8000"))
    assert again.status_code == 200
    assert "password1" not in again.content.decode()


@pytest.mark.usefixtures("_known")
def test_links_in_mails_name_the_site_and_never_the_host_that_was_asked(
    client: Client, settings
) -> None:
    settings.ALLOWED_HOSTS = ["exams.example.org", "evil.example.net"]
    settings.SITE_URL = "https://exams.example.org"
    for address in ("known@example.org", "other@example.org"):
        client.post(
            reverse("account_reset_password"),
            {"email": address},
            headers={"Host": "evil.example.net"},
        )
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        assert "evil.example.net" not in text
        assert "https://exams.example.org/accounts/" in text


@pytest.mark.usefixtures("_known")
def test_signing_in_leads_home_and_never_to_another_site(client: Client) -> None:
    posted = {
        "login": "known@example.org",
        "password": people.PASSWORD,
        "next": "https://evil.example.net/",
    }
    response = client.post(reverse("account_login"), posted)
    assert response["Location"] == reverse("home")


# Limits


@pytest.mark.usefixtures("_known")
def test_one_account_cannot_be_guessed_at_length() -> None:
    wrong = {"login": "known@example.org", "password": "wrong password"}
    for _ in range(5):
        Client().post(reverse("account_login"), wrong)
    right = {"login": "known@example.org", "password": people.PASSWORD}
    browser = Client()
    response = browser.post(reverse("account_login"), right)
    assert "Too many failed login attempts" in response.content.decode()
    assert not signed_in(browser)


def test_a_class_of_forty_behind_one_address_signs_in_within_a_minute(
    db: None,
) -> None:
    for number in range(40):
        people.student(f"s{number}@example.org")
    for number in range(40):
        browser = Client()
        posted = {"login": f"s{number}@example.org", "password": people.PASSWORD}
        response = browser.post(reverse("account_login"), posted)
        assert response.headers.get("Location") == reverse("home"), number
