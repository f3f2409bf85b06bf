"""The demo's own pages."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from examgen.views import mailbox


def test_where_a_catcher_takes_the_mails_its_page_is_the_mailbox(settings) -> None:
    settings.MAILBOX_URL = "http://127.0.0.1:8025"
    request = RequestFactory().get("/demo/mailbox/")
    request.user = AnonymousUser()
    answer = mailbox(request)
    assert (answer.status_code, answer["Location"]) == (302, "http://127.0.0.1:8025")
