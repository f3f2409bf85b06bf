"""The demo's own pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from examgen.demo import people as people_of_the_demo
from examgen.views import mailbox
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


@pytest.mark.parametrize("address", people_of_the_demo.ONE_CLICK)
def test_every_button_of_the_sign_in_page_signs_in(settings, address: str) -> None:
    settings.DEMO = True
    user = people.student(address)
    page = Client().get(reverse("account_login")).content.decode()
    assert f'name="email" value="{address}"' in page
    browser = Client()
    browser.post(reverse("demo_sign_in"), {"email": address})
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_nobody_else_comes_in_by_one_click() -> None:
    people.student("sam@example.org")
    response = Client().post(reverse("demo_sign_in"), {"email": "sam@example.org"})
    assert response.status_code == 404


def test_where_a_catcher_takes_the_mails_its_page_is_the_mailbox(settings) -> None:
    settings.MAILBOX_URL = "http://127.0.0.1:8025"
    request = RequestFactory().get("/demo/mailbox/")
    request.user = AnonymousUser()
    answer = mailbox(request)
    assert (answer.status_code, answer["Location"]) == (302, "http://127.0.0.1:8025")


def test_the_mailbox_shows_what_the_file_backend_wrote(settings, tmp_path) -> None:
    settings.MAILBOX_URL = ""
    settings.MAIL_DIR = tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with mail.get_connection(backend, file_path=tmp_path) as connection:
        mail.EmailMessage(
            "Your code", "K7PM-4XWD", to=["leo@example.org"], connection=connection
        ).send()
    request = RequestFactory().get("/demo/mailbox/")
    request.user = AnonymousUser()
    page = mailbox(request).content.decode()
    for said in ("Your code", "K7PM-4XWD", "to leo@example.org"):
        assert said in page
    assert re.search(r'<time [^>]*datetime="[^"]+\+00:00">\s*\d+ \w+, \d\d:\d\d', page)
