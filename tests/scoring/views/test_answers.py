"""Saving by the script of a page: a clear answer to everything, nothing lost."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.services import publishing
from scoring.deadlines import GRACE
from scoring.models import Answer, AnswerLog, Attempt, Grade, LateAnswer
from scoring.services import closing, extensions
from tests.factories import attempts, people, versions
from tests.factories.versions import right_answers, sheet, unknown
from tests.scoring.views.conftest import send, signed_in, url


@pytest.fixture
def text(version: ExamVersion) -> str:
    return str(sheet(version, Kind.SHORT_ANSWER)["id"])


def item(question: str, version: object, value: object, **more: object) -> dict:
    return {"q": question, "v": version, "value": value, **more}


def problem(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    assert told["type"] == "about:blank"
    assert told["title"]
    return response.status_code, told["code"]


# Saving


def test_items_are_saved_and_each_is_told_of(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    given = right_answers(version)
    before = now()
    response = send(
        browser,
        url("attempt_answers", attempt),
        {"tab": "k3", "items": [item(name, 1, value) for name, value in given.items()]},
    )
    assert response.status_code == 200
    told = response.json()
    assert told["items"] == [{"q": name, "status": "saved", "v": 1} for name in given]
    assert (told["state"], told["receipt"]) == ("open", "")
    assert told["next"] == url("attempt", attempt)
    assert before <= datetime.fromisoformat(told["server_now"]) <= now()
    assert datetime.fromisoformat(told["deadline"]) == attempt.deadline
    assert (told["ends"], told["until"][:6]) == (told["deadline"], "until ")
    assert {str(a.question): a.value for a in Answer.objects.all()} == given
    assert set(AnswerLog.objects.values_list("tab", flat=True)) == {"k3"}


def test_every_outcome_is_told_with_what_the_page_needs(
    browser: Client, attempt: Attempt, text: str
) -> None:
    address = url("attempt_answers", attempt)
    send(browser, address, {"items": [item(text, 3, "leaf")]})
    items = [
        item(text, 3, "leaf"),
        item(text, 2, "root"),
        item(text, 4, 7),
        item(text, 4, "guard cells", flag=True, at="2026-11-30T08:01:02Z"),
    ]
    told = send(browser, address, {"items": items}).json()["items"]
    assert told == [
        {"q": text, "status": "replay", "v": 3},
        {"q": text, "status": "stale", "v": 3, "value": "leaf"},
        {
            "q": text,
            "status": "invalid",
            "reason": "wrong_shape",
            "title": "This is no answer to the question. Load the page again.",
        },
        {"q": text, "status": "saved", "v": 4},
    ]
    assert Answer.objects.get().flagged
    assert AnswerLog.objects.get(version=4).client_at.isoformat() == (
        "2026-11-30T08:01:02+00:00"
    )


def test_asking_tells_how_the_attempt_stands(
    browser: Client, educator: User, version: ExamVersion, attempt: Attempt
) -> None:
    row = version.announcements.create(
        text="mm is meant", announced_by=educator, created_at=now()
    )
    span = timedelta(minutes=5)
    extensions.extend_one(attempt=attempt, span=span, reason="x", actor=educator)
    told = browser.get(url("attempt_answers", attempt)).json()
    assert told["announcements"] == [
        {"id": str(row.id), "text": "mm is meant", "at": row.created_at.isoformat()}
    ]
    assert datetime.fromisoformat(told["deadline"]) == attempt.deadline + span
    assert len(told["token"]) == 64


def test_without_a_deadline_the_end_of_the_exam_is_told_once_it_has_one(
    browser: Client, educator: User, student: User
) -> None:
    version = versions.version(educator, open_ended=True)
    attempt = attempts.started(version, student)
    told = browser.get(url("attempt_answers", attempt)).json()
    assert (told["deadline"], told["ends"], told["until"]) == (None, None, None)
    closes_at = now() + timedelta(minutes=40)
    publishing.move_closing(version=version, closes_at=closes_at, actor=educator)
    told = browser.get(url("attempt_answers", attempt)).json()
    assert (told["deadline"], told["ends"]) == (None, closes_at.isoformat())
    assert told["until"].startswith("until ")
    # Whoever is there when it is closed by hand has the grace, and is told.
    publishing.close_exam(version=version, actor=educator.id)
    told = browser.get(url("attempt_answers", attempt)).json()
    assert told["state"] == "open"
    assert told["ends"] == version.closed_at.isoformat()


def test_after_the_close_items_are_kept_and_the_page_is_sent_to_its_receipt(
    browser: Client, student: User, version: ExamVersion, text: str
) -> None:
    attempt = attempts.closed(version, student, {text: "guard cells"})
    response = send(
        browser, url("attempt_answers", attempt), {"items": [item(text, 2, "roots")]}
    )
    told = response.json()
    assert told["items"] == [
        {"q": text, "status": "closed", "v": 1, "value": "guard cells"}
    ]
    assert (told["state"], told["receipt"]) == ("closed", attempt.receipt)
    assert told["next"] == url("receipt", attempt)
    assert LateAnswer.objects.get().value == "roots"


def test_asking_after_the_end_closes_the_attempt(
    browser: Client, attempt: Attempt
) -> None:
    attempts.run_out(attempt)
    assert browser.get(url("attempt_answers", attempt)).json()["state"] == "closed"
    assert Grade.objects.count() == 1


# Bad input: refused as a whole

A_BIG_ONE = json.dumps({"protocol": 1, "tab": "x" * 70_000}).encode()
REFUSED = [
    (b" ", 422, "malformed"),
    (b"not json", 422, "malformed"),
    (b"\xff", 422, "malformed"),
    (b'{"protocol": 7}', 422, "unknown_protocol"),
    (b'{"protocol": 1, "items": 3}', 422, "malformed"),
    (A_BIG_ONE, 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
@pytest.mark.parametrize("name", ["attempt_answers", "hand_in"])
def test_a_bad_message_is_refused_with_its_code_and_changes_nothing(
    browser: Client, attempt: Attempt, *, name: str, body: bytes, status: int, code: str
) -> None:
    response = send(browser, url(name, attempt), body)
    assert problem(response) == (status, code)
    assert Attempt.objects.get().state == "open"
    assert not Answer.objects.exists()


def test_the_place_of_the_fault_is_named(browser: Client, attempt: Attempt) -> None:
    body = {"items": [item("a", 1, "x"), {"q": "b"}]}
    response = send(browser, url("attempt_answers", attempt), body)
    assert response.json()["where"] == "items[1]"


@pytest.mark.parametrize("bad", [-1, 0, 10_002, 2**31, 2**80, 1.5, "2", None, True])
def test_a_version_out_of_range_spoils_its_item_alone(
    browser: Client, attempt: Attempt, text: str, bad: object
) -> None:
    send(browser, url("attempt_answers", attempt), {"items": [item(text, 1, "leaf")]})
    told = send(
        browser,
        url("attempt_answers", attempt),
        {"items": [item(text, bad, "root"), item(text, 2, "guard cells")]},
    ).json()["items"]
    assert told[0]["status"] == ("stale" if bad == 0 else "invalid")
    assert told[1] == {"q": text, "status": "saved", "v": 2}


def test_unknown_questions_are_told_one_by_one(
    browser: Client, attempt: Attempt, text: str
) -> None:
    names = [unknown(), "'; DROP TABLE scoring_answer; --", "", text.upper()]
    body = {"items": [*(item(name, 1, "x") for name in names), item(text, 1, "leaf")]}
    told = send(browser, url("attempt_answers", attempt), body).json()["items"]
    assert [entry.get("reason") for entry in told] == ["unknown_question"] * 4 + [None]
    assert Answer.objects.get().value == "leaf"


def test_a_form_is_no_message(browser: Client, attempt: Attempt) -> None:
    response = browser.post(url("attempt_answers", attempt), {"q": "x"})
    assert problem(response) == (415, "not_json")


def test_other_methods_are_not_allowed(browser: Client, attempt: Attempt) -> None:
    for method in (browser.put, browser.delete, browser.patch):
        assert method(url("attempt_answers", attempt)).status_code == 405


# Who may


@pytest.mark.parametrize("name", ["attempt_answers", "hand_in"])
def test_whoever_is_signed_out_is_told_so_and_the_page_stays(
    attempt: Attempt, text: str, name: str
) -> None:
    body = {"items": [item(text, 1, "guard cells")]}
    response = send(Client(), url(name, attempt), body)
    assert problem(response) == (401, "login_required")
    assert not Answer.objects.exists()


def test_a_person_who_is_signed_out_is_sent_to_sign_in(attempt: Attempt) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(url("hand_in", attempt))
        there = quote(url("hand_in", attempt))
        assert response["Location"] == f"/accounts/login/?next={there}"
    assert Attempt.objects.get().state == "open"


@pytest.mark.parametrize("name", ["attempt_answers", "hand_in"])
def test_without_its_token_a_message_is_refused_and_a_new_token_to_be_had(
    student: User, attempt: Attempt, text: str, name: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(student)
    body = {"items": [item(text, 1, "guard cells")]}
    response = send(browser, url(name, attempt), body)
    assert problem(response) == (403, "csrf")
    assert not Answer.objects.exists()
    token = browser.get(url("attempt_answers", attempt)).json()["token"]
    response = send(browser, url(name, attempt), body, HTTP_X_CSRFTOKEN=token)
    assert response.status_code == 200
    assert Answer.objects.get().value == "guard cells"
    assert settings.CSRF_COOKIE_HTTPONLY


@pytest.mark.parametrize("name", ["attempt_answers", "hand_in"])
def test_attempts_of_others_do_not_exist(
    educator: User, classmate: User, attempt: Attempt, text: str, name: str
) -> None:
    body = {"items": [item(text, 1, "guard cells")]}
    stranger = people.student("zoe@example.org")
    for person in (educator, classmate, stranger, people.admin("a@example.org")):
        response = send(signed_in(person), url(name, attempt), body)
        assert problem(response) == (404, "not_found")
    assert not Answer.objects.exists()


# Handing in by the script


def test_handing_in_gives_the_receipt_and_twice_the_same(
    browser: Client, attempt: Attempt, text: str
) -> None:
    body = {"items": [item(text, 1, "guard cells")], "manifest": {text: 1}}
    first, second = (send(browser, url("hand_in", attempt), body) for _ in range(2))
    assert first.status_code == second.status_code == 200
    stored = Attempt.objects.get()
    assert first.json()["receipt"] == second.json()["receipt"] == stored.receipt
    assert first.json()["next"] == url("receipt", attempt)
    assert Grade.objects.count() == 1
    assert not LateAnswer.objects.exists()


def test_what_is_missing_is_named(browser: Client, attempt: Attempt, text: str) -> None:
    response = send(browser, url("hand_in", attempt), {"manifest": {text: 2}})
    assert problem(response) == (409, "missing_versions")
    assert response.json()["missing"] == {text: 2}
    assert Attempt.objects.get().state == "open"


def test_answers_that_are_none_are_named(
    browser: Client, attempt: Attempt, text: str
) -> None:
    body = {"items": [item(text, 1, "x" * 501)]}
    response = send(browser, url("hand_in", attempt), body)
    assert problem(response) == (422, "invalid_items")
    assert [entry["reason"] for entry in response.json()["items"]] == ["too_long"]


def test_a_manifest_of_unknown_questions_is_refused_and_answers_are_kept(
    browser: Client, attempt: Attempt, text: str
) -> None:
    body = {"items": [item(text, 2, "guard cells")], "manifest": {unknown(): 1}}
    response = send(browser, url("hand_in", attempt), body)
    assert problem(response) == (422, "unknown_question")
    stored = Answer.objects.get()
    assert (stored.version, stored.value) == (2, "guard cells")


def test_an_attempt_that_was_taken_out_is_told_so(
    browser: Client, educator: User, attempt: Attempt, text: str
) -> None:
    closing.void(attempt=attempt, reason="Fire alarm", actor=educator)
    assert problem(send(browser, url("hand_in", attempt), {})) == (409, "void")
    told = send(
        browser, url("attempt_answers", attempt), {"items": [item(text, 1, "x")]}
    ).json()
    assert (told["state"], told["items"][0]["status"]) == ("void", "closed")


def test_handing_in_after_the_grace_keeps_what_came_too_late(
    browser: Client, attempt: Attempt, text: str
) -> None:
    attempts.saved(attempt, {text: "guard cells"})
    attempts.run_out(attempt, GRACE + timedelta(seconds=1))
    body = {"items": [item(text, 2, "roots")], "manifest": {text: 2}}
    told = send(browser, url("hand_in", attempt), body).json()
    assert told["state"] == "closed"
    stored = Attempt.objects.get()
    assert (stored.closed_by, stored.snapshot) == ("clock", {text: [1, "guard cells"]})
    assert LateAnswer.objects.get().value == "roots"


def test_a_page_that_hands_in_too_early_is_told_the_new_deadline(
    browser: Client, educator: User, attempt: Attempt, text: str
) -> None:
    span = timedelta(minutes=5)
    extensions.extend_one(attempt=attempt, span=span, reason="x", actor=educator)
    body = {"auto": True, "items": [item(text, 1, "guard cells")]}
    response = send(browser, url("hand_in", attempt), body)
    assert response.status_code == 200
    told = response.json()
    assert (told["state"], told["next"]) == ("open", url("attempt", attempt))
    assert datetime.fromisoformat(told["deadline"]) == attempt.deadline + span
    assert Answer.objects.get().value == "guard cells"
    assert not Grade.objects.exists()
    attempts.run_out(attempt, timedelta(seconds=1))
    told = send(browser, url("hand_in", attempt), {"auto": True}).json()
    assert (told["state"], told["next"]) == ("closed", url("receipt", attempt))
    assert Attempt.objects.get().closed_by == "clock"


# What it costs


@pytest.mark.parametrize("times", [1, 5])
def test_messages_take_as_many_queries_for_many_answers_as_for_few(
    educator: User,
    student: User,
    browser: Client,
    *,
    times: int,
    django_assert_num_queries,
) -> None:
    version = versions.version(educator, kinds=list(Kind)[:7] * times)
    attempt = attempts.started(version, student)
    items = [item(name, 1, value) for name, value in right_answers(version).items()]
    # The session with its person; attempt; savepoint and its end, the row held, answers, upsert,
    # log, last save; announcements.
    with django_assert_num_queries(10):
        send(browser, url("attempt_answers", attempt), {"items": items})
    # The session with its person; attempt; announcements.
    with django_assert_num_queries(3):
        browser.get(url("attempt_answers", attempt))
    # The session with its person; attempt; savepoint and its end, the row held, answers twice,
    # snapshot, move, the key, grade, both events and their jobs.
    with django_assert_num_queries(13):
        manifest = {entry["q"]: 1 for entry in items}
        send(browser, url("hand_in", attempt), {"items": items, "manifest": manifest})
