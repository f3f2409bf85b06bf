"""The link in a mail, as people and as mail programs use it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from examgen.jobs.events import record
from notifications.models import Delivery, Subscription
from notifications.services.subscriptions import unsubscribe_token
from tests.factories import exams
from tests.notifications.running import run_jobs
from tests.servers.smtp import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """A browser, or a mail program, in which nobody is signed in."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link(educator: User) -> str:
    return f"/unsubscribe/{unsubscribe_token(educator, 'exam_ready')}/"


def choice() -> bool | None:
    return Subscription.objects.values_list("wanted", flat=True).first()


def test_one_click_in_the_mail_program_is_enough(
    stranger: Client, educator: User, sink: Sink
) -> None:
    """RFC 8058: one POST to the header's address, with nothing but its one field."""
    record("exam.ready", exams.exam(educator))
    run_jobs()
    (received,) = sink.received
    address = str(received.message["List-Unsubscribe"]).strip().strip("<>")
    field = str(received.message["List-Unsubscribe-Post"])
    path = address.removeprefix("http://127.0.0.1:8000")
    response = stranger.post(
        path, field, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert choice() is False

    record("exam.ready", exams.exam(educator))
    record("lecture.failed", exams.lecture(educator, state="failed"), code="damaged")
    run_jobs()
    assert [one.subject.split(":")[0] for one in sink.received] == [
        "Ready to review",
        "Could not be read",
    ]
    skipped = Delivery.objects.get(state="skipped")
    assert (skipped.message, skipped.channel) == ("exam_ready", "email")


def test_looking_at_the_link_changes_nothing(stranger: Client, link: str) -> None:
    for _ in range(3):
        response = stranger.get(link)
        assert response.status_code == 200
        assert "Stop these mails?" in response.content.decode()
    assert stranger.head(link).status_code == 200
    assert choice() is None


def test_the_page_names_the_message_and_nobody(
    stranger: Client, link: str, educator: User
) -> None:
    said = stranger.get(link).content.decode()
    assert "A draft is ready to review" in said
    assert educator.email not in said


def test_the_button_stops_and_the_next_one_takes_it_back(
    stranger: Client, link: str
) -> None:
    stopped = stranger.post(link).content.decode()
    assert "These mails are stopped" in stopped
    assert choice() is False
    assert 'name="undo"' in stopped
    undone = stranger.post(link, {"undo": "1"}).content.decode()
    assert "Stop these mails?" in undone
    assert choice() is True


def test_a_second_click_is_no_error(stranger: Client, link: str) -> None:
    for _ in range(2):
        assert stranger.post(link).status_code == 200
    assert choice() is False
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("wrong", ["x", "a:b", "%00", "W10:x"])
def test_a_link_that_we_never_made_is_not_found(
    stranger: Client, link: str, method: str, wrong: str
) -> None:
    for address in (f"/unsubscribe/{wrong}/", link.replace(":", f"{wrong}:", 1)):
        response = getattr(stranger, method)(address)
        assert response.status_code == 404
    assert choice() is None


def test_whoever_is_signed_in_changes_only_what_the_link_is_about(
    student: User, educator: User, link: str
) -> None:
    browser = Client()
    browser.force_login(student)
    assert browser.post(link).status_code == 200
    assert list(Subscription.objects.values_list("recipient", "message")) == [
        (educator.id, "exam_ready")
    ]


def test_the_form_needs_nothing_but_itself(stranger: Client, link: str) -> None:
    """No script, no token, no cookie."""
    response = stranger.get(link)
    form = re.search(r"<form.*?</form>", response.content.decode(), re.DOTALL)
    assert form is not None
    assert "csrf" not in form[0]
    assert response.cookies == {}


def test_the_page_takes_few_queries(stranger: Client, link: str) -> None:
    stranger.get(link)
    with CaptureQueriesContext(connection) as queries:
        stranger.get(link)
    assert len(queries) <= 2
