"""What no column can keep is refused in words: by every form, on every database.

SQLite takes any text and any number; PostgreSQL refuses NUL characters, texts longer
than their column, and numbers beyond it.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from accounts.services.courses import leave
from examgen.jobs.clock import now
from exams.content import Kind
from exams.forms import PublishForm, QuestionForm
from exams.models import Exam, Lecture
from notifications.forms import ChoicesForm
from notifications.messages import MESSAGES
from scoring.models import Attempt
from tests.factories import attempts, courses, exams, people, publishing, versions
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
    "difficulty": "easy",
    "bloom": "apply",
    "topic": "leaf",
    "tags": "leaf, pore",
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
    token = {"name": "Sync", "scopes": "me:read", "days": "7"}
    send_bad(browser, reverse("tokens"), token)
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


def test_forms_that_ask_for_questions_refuse_it(browser: Client, me: User) -> None:
    exam = exams.exam(me)
    at = [exam.id, exam.questions.all()[0].id]
    pages = {"number": "1", "first_page": "1", "last_page": "1", "kinds": "matching"}
    send_bad(browser, reverse("add_questions", args=at), pages)
    hint = {"hint": "leaf", "revision": "1"}
    send_bad(browser, reverse("another_question", args=at), hint)
    other = {"kind": "matching", "revision": "1"}
    send_bad(browser, reverse("another_kind", args=at), other)
    write = reverse("write_question", args=[exam.id])
    written = {"stem": "Which?", "rubric": "", "quote": exams.PIGMENT, "once": "1"}
    send_bad(browser, f"{write}?kind=essay", written)
    for bad in BAD.values():
        assert browser.get(write, {"kind": bad, "page": bad}).status_code < 500


# Courses and the way into them


def test_forms_of_courses_refuse_it(browser: Client, me: User) -> None:
    send_bad(browser, reverse("courses"), {"name": "Botany"})
    course = courses.course(me)
    enrolled = courses.enrol(course, people.student("sam@example.org"))
    former = courses.enrol(course, people.student("kim@example.org"))
    leave(enrolment=former, actor=me)
    waiting = courses.invite(course)

    def of(name: str, *more: Any) -> str:
        return reverse(name, args=[course.id, *more])

    send_bad(browser, of("course_change"), {"name": "Botany", "aliases": "on"})
    send_bad(browser, of("course_joining"), {"open_to_join": "on"})
    send_bad(browser, of("course_code"), {"anything": ""})
    send_bad(browser, of("educator_add"), {"email": "noor@example.org"})
    send_bad(browser, of("invitations"), {"addresses": "ada@example.org"})
    send_bad(browser, of("invitation_resend", waiting.id), {"anything": ""})
    granted = {"multiplier": "1.5", "extra_minutes": "10"}
    send_bad(browser, of("student", enrolled.id), granted)
    send_bad(browser, of("student_bring_back", former.id), {"anything": ""})
    for page in ("course", "invitations"):
        for bad in BAD.values():
            for field in ("q", "page", "removed"):
                status = browser.get(of(page), {field: bad}).status_code
                assert status < 500, (page, field, bad[:20])
    course.refresh_from_db()
    enrolled.refresh_from_db()
    assert len(course.name) <= 150
    assert 1 <= enrolled.multiplier <= 5


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_codes_and_links_refuse_it(browser: Client, bad: str) -> None:
    assert browser.get(reverse("join_code"), {"code": bad}).status_code < 500
    for name in ("join", "invitation", "unsubscribe"):
        address = f"/{name}s/" if name == "invitation" else f"/{name}/"
        for ask in (browser.get, browser.post):
            response = ask(f"{address}{quote(bad)}/")
            assert response.status_code in (400, 404, 405, 429), (name, bad[:20])


# Exams that are held


RULES = {
    "course": "",
    "opens_at": "2030-01-01T09:00",
    "closes_at": "2030-01-02T09:00",
    "minutes": "30",
    "attempts": "1",
    "counting": "best",
    "shuffle_questions": "on",
    "shuffle_options": "on",
    "release": "on_date",
    "release_at": "2030-01-03T09:00",
    "pass_percent": "50",
    "several": "proportional",
}


def test_the_rules_of_an_exam_refuse_it(browser: Client, me: User) -> None:
    exam = exams.reviewed(me)
    address = reverse("publish", args=[exam.id])
    fields = PublishForm(
        None,
        suggested=publishing.policy(),
        courses=Course.objects.for_user(me),
        at=now(),
    ).fields
    assert set(fields) - set(RULES) - {"negative_marking"} == set()
    for field in RULES:
        for name, bad in BAD.items():
            # Asked for the checklist alone, so that nothing is published on the way.
            for more in ({"check": "1"}, {}):
                data = {**RULES, **more, field: bad}
                status = browser.post(address, data).status_code
                assert status < 500, (field, name)
            shown = browser.get(address, {**RULES, field: bad}, HTTP_HX_REQUEST="true")
            assert shown.status_code < 500, (field, name)


def test_the_doors_of_an_exam_refuse_it(browser: Client, me: User) -> None:
    version = publishing.published(me)
    for name in ("exam_end", "exam_close", "exam_reopen", "exam_release"):
        data = {"closes_at": "2030-01-02T09:00", "open_ended": "on"}
        send_bad(browser, reverse(name, args=[version.exam_id]), data)


def test_the_live_page_refuses_it(browser: Client, me: User) -> None:
    version = versions.version(me, course=courses.course(me), minutes=30)
    student = people.student("sam@example.org")
    courses.enrol(version.course, student)
    attempt = attempts.started(version, student)
    extend = reverse("live_extend", args=[version.exam_id])
    more = {"attempt": str(attempt.id), "minutes": "10", "reason": "Alarm"}
    send_bad(browser, extend, more)
    announce = reverse("live_announce", args=[version.exam_id])
    send_bad(browser, announce, {"text": "Ten minutes left"})
    assert version.announcements.count() == len(BAD) - 3
    board = reverse("scoreboard", args=[version.exam_id])
    for bad in BAD.values():
        for field in ("q", "page"):
            assert browser.get(board, {field: bad}).status_code < 500


def test_the_form_of_a_grade_refuses_it(browser: Client, me: User) -> None:
    kinds = [Kind.ESSAY]
    version = versions.version(me, course=courses.course(me), kinds=kinds)
    student = people.student("sam@example.org")
    courses.enrol(version.course, student)
    attempt = attempts.closed(version, student)
    essay = version.questions[0]["id"]
    mark = {"points": "1", "comment": "", "revision": "1"}
    address = reverse("grade_answer", args=[attempt.id, essay])
    # Not what is good: after a mark the answer waits no more.
    for field, name in product(mark, BAD):
        if field != "comment" or name in ("NUL", "long"):
            status = browser.post(address, {**mark, field: BAD[name]}).status_code
            assert status in (409, 422), (field, name)
    assert attempt.grades.count() == 1
    for bad in BAD.values():
        status = browser.get(reverse("grading"), {"exam": bad}).status_code
        assert status in (200, 400)


# Taking


@pytest.mark.parametrize("kind", Kind)
def test_the_page_of_a_question_refuses_it(db: None, kind: Kind) -> None:
    student = people.student("sam@example.org")
    owner = people.educator("mira@example.org")
    version = versions.version(
        owner, course=courses.course(owner, student), kinds=[kind]
    )
    attempt = attempts.started(version, student)
    taker = Client()
    taker.force_login(student)
    (sheet,) = version.questions
    data = {
        "question": sheet["id"],
        "version": "0",
        "answer": "x",
        "go": "next",
        "move": "",
        "flag": "",
        **{f"left-{side['id']}": "x" for side in sheet.get("left", ())},
    }
    send_bad(taker, reverse("attempt", args=[attempt.id]), data)
    for bad in BAD.values():
        for field in ("q", "page"):
            page = reverse("attempt", args=[attempt.id])
            assert taker.get(page, {field: bad}).status_code < 500
    send_bad(taker, reverse("hand_in", args=[attempt.id]), {"anything": ""})
    send_bad(taker, reverse("take", args=[version.exam_id]), {"anything": ""})
    # Nothing of it was counted twice: one attempt, closed once, with its one grade.
    assert Attempt.objects.get().state == "closed"
    assert attempt.grades.count() == 1


def test_messages_of_an_exam_page_refuse_it(db: None) -> None:
    student = people.student("sam@example.org")
    owner = people.educator("mira@example.org")
    version = versions.version(owner, course=courses.course(owner, student))
    attempt = attempts.started(version, student)
    taker = Client()
    taker.force_login(student)
    question = version.questions[0]["id"]
    # Texts as they are, and as the numbers that they may be.
    bad: list[Any] = [*BAD.values(), -1, 2**31, 2**63, 10**400, 0.5, None, [], {}, True]
    good = {"q": question, "v": 1, "value": None, "flag": False, "at": None}
    for name in ("attempt_answers", "hand_in"):
        address = reverse(name, args=[attempt.id])
        for wrong in bad:
            for body in (
                *({"items": [good | {field: wrong}]} for field in good),
                {"items": wrong},
                {"items": [wrong]},
                {"items": [], "tab": wrong},
                {"items": [], "manifest": wrong},
                {"items": [], "manifest": {question: wrong}},
                {"items": [], "protocol": wrong},
            ):
                raw = json.dumps({"protocol": 1, **body})
                response = taker.post(address, raw, content_type="application/json")
                assert response.status_code < 500, (name, body)
                assert response.headers["Content-Type"].startswith("application/")
    assert attempt.grades.count() <= 1


def test_choices_of_notifications_refuse_it(browser: Client, me: User) -> None:
    fields = dict.fromkeys(ChoicesForm(person=me).fields, "on")
    send_bad(browser, reverse("notifications"), {**fields, "unknown-email": "on"})
    send_bad(browser, reverse("notifications_read"), {"anything": ""})
    assert {row.message for row in me.subscriptions.all()} <= set(MESSAGES)


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
