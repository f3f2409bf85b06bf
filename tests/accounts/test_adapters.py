"""Mails about the account itself: their text is allauth's, their look is ours."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from tests.factories import people

pytestmark = pytest.mark.django_db


def html() -> tuple[str, str]:
    """Text and HTML of the one mail."""
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    ((page, kind),) = message.alternatives
    assert kind == "text/html"
    return str(message.body), str(page)


def test_a_code_stands_large_in_the_look_of_all_mails(client: Client) -> None:
    posted = {"email": "mira@example.org", "password1": "four quiet green leaves"}
    client.post(reverse("account_signup"), posted)
    text, page = html()
    (code,) = re.findall(r"^([0-9A-Z-]{4,12})$", text, re.MULTILINE)
    assert re.search(rf'<strong style="[^"]+">{code}</strong>', page)
    assert "background: #f7f6f2" in page
    assert text.rstrip().endswith("-- \nExamgen\nhttp://127.0.0.1:8000")
    # The page has a foot of its own.
    assert "-- " not in page


def test_a_link_is_one_in_both_parts(client: Client) -> None:
    people.student("known@example.org")
    client.post(reverse("account_reset_password"), {"email": "known@example.org"})
    text, page = html()
    (link,) = re.findall(r"https?://\S+/password/reset/key/\S+", text)
    assert f'href="{link}"' in page
