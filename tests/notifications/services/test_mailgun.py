"""The same mails over Mailgun's API, by django-anymail against a server of our own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import User
from examgen.jobs.events import record
from notifications.services import transport
from notifications.states import Reason
from tests.factories import exams
from tests.notifications.running import mail, run_jobs, run_later
from tests.servers.mailgun import Mailgun

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailgun(settings) -> Iterator[Mailgun]:
    server = Mailgun()
    server.start()
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "key-of-ours",
        "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        "MAILGUN_API_URL": server.url,
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }
    yield server
    server.stop()


def ready(educator: User) -> None:
    record("exam.ready", exams.exam(educator, title="Plant cells"))
    run_jobs()


def test_a_mail_goes_to_our_domain_with_its_headers_and_parts(
    mailgun: Mailgun, educator: User
) -> None:
    ready(educator)
    delivery = mail("exam_ready")
    assert delivery.state == "sent"
    (call,) = mailgun.calls
    assert call.path == "/v3/mg.example.org/messages"
    assert call.user == "api:key-of-ours"
    fields = call.fields
    assert fields["to"] == educator.email
    assert fields["from"] == "Examgen <noreply@localhost>"
    assert fields["subject"] == "Ready to review: Plant cells"
    assert fields["h:Message-Id"] == delivery.message_id
    assert fields["h:List-Unsubscribe"].startswith("<http://127.0.0.1:8000/unsub")
    assert fields["h:List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "4 questions" in fields["text"]
    assert "<h1" in fields["html"]
    assert {fields["o:tracking-opens"], fields["o:tracking-clicks"]} == {"no"}


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (401, "Forbidden", Reason.AUTHENTICATION),
        (404, "Domain not found: mg.example.org", Reason.SENDER_REFUSED),
        (429, "Too many requests", Reason.BUSY),
        (500, "Internal error", Reason.BUSY),
    ],
)
def test_what_may_pass_is_waited_for_and_the_mail_arrives_once(
    mailgun: Mailgun, educator: User, status: int, said: str, reason: Reason
) -> None:
    mailgun.answers += [(status, {"message": said})] * 2
    ready(educator)
    assert (mail("exam_ready").state, mail("exam_ready").reason) == ("waiting", reason)
    assert said in mail("exam_ready").detail
    run_later()
    run_later()
    assert mail("exam_ready").state == "sent"
    assert mail("exam_ready").tries == 3
    assert len(mailgun.calls) == 3


def test_a_service_that_is_away_is_waited_for(
    mailgun: Mailgun, educator: User, settings
) -> None:
    mailgun.stop()
    ready(educator)
    assert (mail("exam_ready").state, mail("exam_ready").reason) == (
        "waiting",
        Reason.UNREACHABLE,
    )
    assert transport.pause.left > 0
    mailgun.start()
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": mailgun.url}
    run_later()
    assert mail("exam_ready").state == "sent"


def test_what_the_service_refuses_has_failed_with_its_words(
    mailgun: Mailgun, educator: User
) -> None:
    mailgun.answers.append((400, {"message": "to parameter is not a valid address"}))
    ready(educator)
    failed = mail("exam_ready")
    assert (failed.state, failed.reason) == ("failed", Reason.MESSAGE_REFUSED)
    assert failed.detail.startswith("400 ")
    assert "to parameter is not a valid address" in failed.detail
    assert run_later() == 0
