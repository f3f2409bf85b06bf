"""Sessions that know whose they are, and are no way in by themselves."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(student: User) -> Client:
    client = Client()
    client.force_login(student)
    return client


def is_in(browser: Client) -> bool:
    return browser.get(reverse("preferences")).status_code == 200


def test_one_query_tells_session_and_person(
    browser: Client, student: User, django_assert_num_queries
) -> None:
    assert Session.objects.get().user == student
    with django_assert_num_queries(1):
        browser.get(reverse("account_login"))  # leads on whoever is in


def test_a_session_without_a_person_is_of_nobody() -> None:
    browser = Client()
    session = browser.session
    session["colour"] = "yellow"
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    assert Session.objects.get().user is None
    assert browser.session["colour"] == "yellow"
    assert not is_in(browser)


def test_the_data_of_a_session_says_whose_it_is(browser: Client) -> None:
    """The column spares a query; a wrong one lets nobody be somebody else."""
    other = people.student("eve@example.org")
    Session.objects.update(user=other)
    page = browser.get(reverse("preferences"))
    assert page.context["user"].email != other.email
    Session.objects.update(user=None)
    assert is_in(browser)


def test_whoever_may_not_come_in_any_more_is_out(
    browser: Client, student: User
) -> None:
    assert is_in(browser)
    User.objects.filter(pk=student.pk).update(is_active=False)
    assert not is_in(browser)
    User.objects.filter(pk=student.pk).update(is_active=True, sessions_ended=1)
    assert not is_in(browser)


def test_a_session_ends_with_its_person(browser: Client, student: User) -> None:
    student.delete()
    assert not Session.objects.exists()
    assert not is_in(browser)
