"""What people type into titles and names, and how others read it in their mail."""

from __future__ import annotations

import email
import re
from email import policy

import pytest
from django.test import override_settings

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from notifications.messages import UnfitError
from notifications.services.composing import compose, one_line
from notifications.states import Reason
from tests.factories import courses, exams, people, versions
from tests.notifications.messages.cases import ALWAYS
from tests.notifications.running import fan_out, mail, run_jobs
from tests.servers.smtp import Received, Sink

pytestmark = pytest.mark.django_db

HOSTILE = [
    "Cells\r\nBcc: victim@example.org",
    "Cells\nSubject: Other\n\nBody",
    "Cells\r\n\r\n<script>alert(1)</script>",
    "Cells\u2028Bcc: victim@example.org",
    "Cells\x0bX: y",
    "Cells\x85X: y",
    "Ce\u202ells",
    "=?utf-8?q?Cells=0ABcc:_victim@example.org?=",
    "http://evil.example.net/login",
    "https://evil.example.net\n",
    "<img src=//evil.example.net/x.png>",
    "A & B “quoted” {{ link }} {% now 'Y' %} %(title)s %s",
    "名前 مرحبا café 🌱",
    "x" * 200,
]


def ready(sink: Sink, educator: User, title: str) -> Received:
    record("exam.ready", exams.exam(educator, title=title))
    run_jobs()
    (received,) = sink.received
    return received


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_cannot_add_headers_lines_links_or_markup(
    sink: Sink, educator: User, title: str
) -> None:
    received = ready(sink, educator, title)
    message = received.message
    names = [name.lower() for name in message]
    assert len(names) == len(set(names))
    assert set(names) == {
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "auto-submitted",
        "list-unsubscribe",
        "list-unsubscribe-post",
    }
    assert (received.to, message["To"]) == (educator.email, educator.email)
    assert received.subject == f"Ready to review: {one_line(title)}"
    text, page = received.part("plain"), received.part("html")
    for link in re.findall(r"https?://[^\s\"<]+", text + page):
        assert link.startswith("http://127.0.0.1:8000/")
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {
        "html", "head", "meta", "title", "body", "div", "header", "main", "h1",
        "p", "a", "footer",
    }  # fmt: skip
    # One line of the text is one line still: nothing was torn.
    assert text.splitlines()[2].startswith(f"The draft of “{one_line(title)}” is")


@pytest.mark.parametrize("title", HOSTILE)
def test_names_of_courses_and_people_are_no_better(sink: Sink, title: str) -> None:
    host = people.educator(name=title[:150])
    courses.invite(courses.course(host, name=title[:150]), "new@example.org")
    run_jobs()
    (received,) = sink.received
    message = received.message
    assert message["To"] == "new@example.org"
    assert message["Bcc"] is None
    assert "evil.example.net/" not in str(message["From"])
    text, page = received.part("plain"), received.part("html")
    for link in re.findall(r"https?://[^\s\"<]+", text + page):
        assert link.startswith("http://127.0.0.1:8000/")
    assert "<script" not in page
    assert "<img" not in page


def test_a_title_is_read_as_it_was_typed(sink: Sink, educator: User) -> None:
    received = ready(sink, educator, "A & B <C> “D”")
    assert received.subject == "Ready to review: A & B <C> “D”"
    assert "“A & B <C> “D””" in received.part("plain")
    assert "“A &amp; B &lt;C&gt; “D””" in received.part("html")


def test_a_mail_is_utf_8_in_short_lines(sink: Sink, educator: User) -> None:
    received = ready(sink, educator, "Zellbiologie für Anfänger, 名前")
    assert max(map(len, received.content.splitlines())) < 998
    parsed = email.message_from_bytes(received.content, policy=policy.default)
    assert [part.get_content_charset() for part in parsed.iter_parts()] == ["utf-8"] * 2


# The reader's language and hours


def opened(sink: Sink, **reader: str) -> Received:
    educator = people.educator()
    course = courses.course(educator)
    courses.enrol(course, people.student(**reader))
    record("exam.published", versions.version(educator, course=course, **ALWAYS))
    run_jobs()
    return sink.received[-1]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "Monday, 3 November 2025, 09:00 (UTC)"),
        ("Europe/Berlin", "Monday, 3 November 2025, 10:00 (Europe/Berlin)"),
        ("America/Los_Angeles", "Monday, 3 November 2025, 01:00 (America/Los_Angeles)"),
        ("Pacific/Kiritimati", "Monday, 3 November 2025, 23:00 (Pacific/Kiritimati)"),
        ("Pacific/Pago_Pago", "Sunday, 2 November 2025, 22:00 (Pacific/Pago_Pago)"),
    ],
)
def test_times_are_those_of_the_readers_zone(sink: Sink, zone: str, shown: str) -> None:
    received = opened(sink, time_zone=zone)
    assert f"Opens: {shown}" in received.part("plain")
    assert shown in received.part("html")


@override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch"), ("ar", "Arabic")])
@pytest.mark.parametrize(
    ("language", "day", "opening"),
    [
        ("de", "Montag, 3 November 2025", '<html lang="de" dir="ltr">'),
        ("ar", "الاثنين, 3 نوفمبر 2025", '<html lang="ar" dir="rtl">'),
        ("", "Monday, 3 November 2025", '<html lang="en" dir="ltr">'),
        ("tlh", "Monday, 3 November 2025", '<html lang="en" dir="ltr">'),
    ],
)
def test_a_mail_speaks_the_readers_language(
    sink: Sink, language: str, day: str, opening: str
) -> None:
    received = opened(sink, language=language)
    assert day in received.part("plain")
    assert opening in received.part("html")


# Not for them


def test_a_mail_that_is_not_for_them_is_not_even_written(
    educator: User, colleague: User
) -> None:
    exam = exams.exam(educator)
    record("exam.ready", exam)
    fan_out()
    type(exam).objects.update(owner=colleague)
    with pytest.raises(UnfitError) as caught:
        compose(mail("exam_ready"), now())
    assert caught.value.reason == Reason.GONE


def test_a_failure_that_was_mended_meanwhile_is_no_news(educator: User) -> None:
    exam = exams.exam(educator, state="failed", error_code="no_questions")
    record("exam.failed", exam, code="no_questions")
    fan_out()
    type(exam).objects.update(state="generating")
    with pytest.raises(UnfitError) as caught:
        compose(mail("exam_failed"), now())
    assert caught.value.reason == Reason.OUTDATED
