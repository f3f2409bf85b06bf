"""Every message word by word, both parts, as it arrives at a mail server.

What is expected stands in `expected/<case>.txt` and `.html`, with ids, seals
and signed tokens put as ID, SEAL and TOKEN. A mail that is to read differently is changed there too.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examgen.settings.environment import BASE_DIR
from notifications.messages import MESSAGES
from tests.notifications.messages.cases import CASES
from tests.servers.smtp import Received, Sink

pytestmark = pytest.mark.django_db

EXPECTED = Path(__file__).parent / "expected"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
# The cases' receipt is a pattern; the seal depends on an id.
_SEAL = r"\b(?!7f3a7f3a)[0-9a-f]{64}\b"
_TOKEN = r"(?<=/)(unsubscribe|invitations)/[^/\s\"]+/"


def received(sink: Sink, case: str) -> Received:
    """Let the case's mail be sent, and read it at the server."""
    delivery = CASES[case]()
    (mail,) = [one for one in sink.received if one.id == delivery.message_id]
    return mail


def nameless(text: str) -> str:
    text = re.sub(_SEAL, "SEAL", text)
    return re.sub(_UUID, "ID", re.sub(_TOKEN, r"\1/TOKEN/", text))


@pytest.mark.parametrize("case", CASES)
def test_a_mail_reads_exactly_so(sink: Sink, case: str) -> None:
    mail = received(sink, case)
    text = f"Subject: {mail.subject}\n\n{mail.part('plain')}"
    assert nameless(text) == (EXPECTED / f"{case}.txt").read_text("utf-8")
    assert nameless(mail.part("html")) == (EXPECTED / f"{case}.html").read_text("utf-8")


def test_every_message_has_a_case_and_its_three_templates() -> None:
    folder = BASE_DIR / "templates" / "mail"
    for name in MESSAGES:
        assert any(case.startswith(name) for case in CASES) or name == (
            "scoreboard_updated"
        )
        parts = {path.name for path in (folder / name).iterdir()}
        assert {"subject.txt", "body.txt", "body.html"} <= parts


def test_expected_mails_and_cases_are_the_same() -> None:
    files = {path.stem for path in EXPECTED.iterdir()}
    assert files == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_mail_says_what_it_is_to_machines(sink: Sink, case: str) -> None:
    mail = received(sink, case)
    message = mail.message
    assert message["From"] == "Examgen <noreply@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == mail.to
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    name = next(name for name in MESSAGES if case.startswith(name.split("_up")[0]))
    link = str(message["List-Unsubscribe"] or "").strip()
    if MESSAGES[name].optional:
        assert re.fullmatch(r"<http://127\.0\.0\.1:8000/unsubscribe/[^/ ]+/>", link)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link.strip("<>") in mail.part("plain")
    else:
        assert link == ""
        assert message["List-Unsubscribe-Post"] is None
        assert "unsubscribe" not in mail.part("plain") + mail.part("html")


@pytest.mark.parametrize("case", CASES)
def test_a_mail_loads_nothing_and_leads_only_to_us(
    sink: Sink, settings, case: str
) -> None:
    settings.SITE_URL = "https://exams.example.org"
    mail = received(sink, case)
    page = mail.part("html")
    for link in re.findall(r"https?://[^\s\"<]+", page + mail.part("plain")):
        assert link.startswith("https://exams.example.org/"), link
    for loaded in ("src=", "<img", "<link", "<script", "<style", "url(", "@import"):
        assert loaded not in page


def test_colours_of_mails_are_those_of_the_light_theme() -> None:
    css = (BASE_DIR / "static" / "css" / "tokens.css").read_text("utf-8")
    light = css.split('[data-bs-theme="dark"]', 1)[0]
    for path in (BASE_DIR / "templates" / "mail").rglob("*.html"):
        colours = set(re.findall(r"#[0-9a-f]{6}", path.read_text("utf-8")))
        assert {one for one in colours if one not in light} == set(), path
