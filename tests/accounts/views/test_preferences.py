"""One's own settings, and what they change on every page."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role, Theme


@pytest.fixture
def browser(student: User) -> Client:
    client = Client()
    client.force_login(student)
    return client


def save(browser: Client, **changes: str):
    posted = {"name": "Sam", "theme": "dark", "time_zone": "Europe/Vienna", **changes}
    return browser.post(reverse("preferences"), posted)


def test_settings_are_saved_and_said(browser: Client, student: User) -> None:
    response = save(browser)
    assert response["Location"] == reverse("preferences")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Your settings are saved."
    ]
    student.refresh_from_db()
    assert (student.name, student.theme, student.time_zone) == (
        "Sam",
        "dark",
        "Europe/Vienna",
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [("theme", "purple"), ("time_zone", "Mars/Olympus"), ("name", "x" * 151)],
)
def test_settings_that_make_no_sense_are_refused_at_their_field(
    browser: Client, student: User, field: str, typed: str
) -> None:
    response = save(browser, **{field: typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    student.refresh_from_db()
    assert (student.name, student.theme, student.time_zone) == ("", "auto", "UTC")


def test_settings_give_nobody_a_role_or_another_address(
    browser: Client, student: User
) -> None:
    save(browser, role="educator", email="evil@example.org", is_staff="on")
    student.refresh_from_db()
    assert (student.role, student.email, student.is_staff) == (
        Role.STUDENT,
        "sam@example.org",
        False,
    )


@pytest.mark.parametrize("theme", list(Theme))
def test_the_theme_stands_in_the_html_tag_of_every_page(
    browser: Client, student: User, theme: Theme
) -> None:
    User.objects.update(theme=theme)
    for name in ("home", "preferences", "account_email", "mfa_index"):
        page = browser.get(reverse(name)).content.decode()
        opening = page[page.index("<html") :].split(">", 1)[0]
        assert f'data-bs-theme="{theme}"' in opening, name


def test_visitors_get_the_theme_of_their_device(db: None) -> None:
    for name in ("home", "account_login", "account_signup", "account_reset_password"):
        page = Client().get(reverse(name)).content.decode()
        opening = page[page.index("<html") :].split(">", 1)[0]
        assert 'data-bs-theme="auto"' in opening, name
        assert 'lang="en"' in opening
        assert 'dir="ltr"' in opening
