"""One click into the demo."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.examgen.views.demo_urls")]


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/courses/?page=2", "/courses/?page=2"),
        ("", "/"),
        ("https://evil.example.net/", "/"),
    ],
)
def test_one_click_leads_where_the_visitor_was_going(wanted: str, lands: str) -> None:
    people.student("student@example.com")
    browser = Client()
    posted = {"email": "student@example.com", "next": wanted}
    response = browser.post(reverse("demo_sign_in"), posted)
    assert response["Location"] == lands
    assert browser.get(reverse("preferences")).status_code == 200


def test_nobody_else_comes_in_by_one_click() -> None:
    people.student("sam@example.org")
    response = Client().post(reverse("demo_sign_in"), {"email": "sam@example.org"})
    assert response.status_code == 404
