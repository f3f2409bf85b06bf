"""What no column can keep is refused in words: by every form, on every database.

SQLite takes any text and any number; PostgreSQL refuses NUL characters, texts longer
than their column, and numbers beyond it.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.content import Kind
from exams.forms import QuestionForm
from exams.models import Exam, Lecture
from tests.factories import exams, people
from tests.factories.lectures import pdf
from tests.test_routes import read_out

BAD = {
    "NUL": "a\0b",
    "long": "x" * 5_000,
    "long address": f"{'x' * 64}@{'.'.join(['y' * 60] * 4)}.org",
    "beyond 32 bits": str(2**31),
    "beyond 64 bits": str(2**63),
    "beyond everything": "9" * 5_000,
    "negative": "-1",
    "no number": "NaN",
}
WISH = {"questions": "3", "options": "4", "seed": "1"}
EDIT = {
    "stem": "Which?",
    "explanation": "",
    "points": "1",
    "revision": "1",
    **{f"option_{letter}": letter for letter in "abcd"},
    "correct": "a",
    "accepted": "leaf",
    "value": "1",
    "tolerance": "0",
    "unit": "m",
    "pairs": "a = b\nc = d",
    "items": "a\nb",
    "rubric": "",
}


@pytest.fixture
def me(db: None) -> User:
    return people.admin("mira@example.org")


@pytest.fixture
def browser(me: User) -> Client:
    client = Client()
    client.force_login(me)
    return client


def send_bad(client: Client, url: str, data: dict[str, str], **more: Any) -> None:
    """Send the form once for every field and everything that is bad in it."""
    for field in data:
        for name, bad in BAD.items():
            # An error that nobody caught would be raised here.
            status = client.post(url, {**data, **more, field: bad}).status_code
            assert status < 500, (field, name)


def test_sign_up_and_sign_in_refuse_it(db: None) -> None:
    anybody = Client()
    person = {"email": "new@example.org", "password1": "four quiet green leaves"}
    send_bad(anybody, reverse("account_signup"), {**person, "name": "Mira"})
    send_bad(anybody, reverse("account_login"), {"login": "a@b.org", "password": "x"})
    send_bad(anybody, reverse("account_reset_password"), {"email": "a@b.org"})


def test_settings_and_e_mail_pages_refuse_it(browser: Client) -> None:
    settings = {"name": "Mira", "theme": "auto", "time_zone": "UTC"}
    send_bad(browser, reverse("preferences"), settings)
    for action in ("action_add", "action_remove", "action_primary"):
        send_bad(
            browser, reverse("account_email"), {"email": "a@b.org"}, **{action: ""}
        )


def test_wishes_and_titles_refuse_it(browser: Client, me: User) -> None:
    exam = exams.exam(me)
    ask = reverse("lecture_request_exam", args=[exam.lecture_id])
    send_bad(browser, ask, {**WISH, "kinds": "true_false"})
    send_bad(browser, reverse("exam_rename", args=[exam.id]), {"title": "Leaves"})
    exam.refresh_from_db()
    assert len(exam.title) <= 200


@pytest.mark.parametrize("name", ["a\0b.pdf", "x" * 400 + ".pdf", "\x1b.pdf"])
def test_odd_names_of_files_are_made_plain(browser: Client, name: str) -> None:
    file = SimpleUploadedFile("week1.pdf", pdf(), "application/pdf")
    file._name = name  # as it may be sent, which Django's own setter cuts
    assert (
        browser.post(reverse("lectures"), {**WISH, "lectures": file}).status_code < 500
    )
    for lecture in Lecture.objects.all():
        assert lecture.title.isprintable()
        assert 0 < len(lecture.title) <= 200


@pytest.mark.parametrize("kind", Kind)
def test_the_form_of_a_question_refuses_it(
    browser: Client, me: User, kind: Kind
) -> None:
    exam = exams.exam(me, kinds=[kind])
    (question,) = exam.questions.all()
    fields = (*QuestionForm(question=question.as_content()).fields, "revision")
    data = {field: EDIT[field] for field in fields}
    send_bad(browser, reverse("edit_question", args=[exam.id, question.id]), data)
    decide = reverse("decide", args=[exam.id, question.id])
    send_bad(browser, decide, {"decision": "accepted", "revision": "1"})


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_addresses_of_pages_bear_it(browser: Client, me: User, bad: str) -> None:
    exam = exams.exam(me)
    for url in ("/", reverse("lectures"), reverse("exams"), reverse("account_login")):
        for field in ("page", "next"):
            assert browser.get(url, {field: bad}).status_code < 500, (url, field)
    for model in ("jobs/job", "jobs/event", "exams/lecture", "accounts/user"):
        for field in ("q", "p", "o", "id__exact", "state__exact", "name", "role"):
            status = browser.get(f"/admin/{model}/", {field: bad}).status_code
            assert status < 500, (model, field)
    number = bad[:20] if bad.isdecimal() else "1"
    picture = f"/lectures/{exam.lecture_id}/pages/{number}/small.webp"
    response = browser.get(picture)
    read_out(response)
    assert response.status_code < 500


def test_a_session_of_nul_is_refused_and_not_looked_for(db: None) -> None:
    # As browsers may write it: octal, in quotes.
    cookie = r'sessionid="abcdefgh\000abcdefgh"'
    response = Client().get("/", headers={"Cookie": cookie})
    assert response.status_code == 400
    assert Client().get("/?next=%00").status_code == 400
    assert Exam.objects.count() == 0
