"""The last look, the last word, and the receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from examgen.jobs.clock import now
from examgen.moments import written
from exams.content import Kind
from exams.policy import Release
from exams.services import publishing
from scoring.models import Attempt, Grade
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing
from scoring.views.exam_page import sheets_of
from tests.factories import attempts, versions
from tests.factories.versions import right_answers
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words


def answer_all_but(attempt: Attempt, *numbers: int) -> None:
    given = right_answers(attempt.version)
    sheets = sheets_of(attempt)
    attempts.saved(
        attempt, {s.id: given[s.id] for s in sheets if s.number not in numbers}
    )


@pytest.mark.parametrize(
    ("open_ones", "said", "button"),
    [
        ((6,), "1 question has no answer: 6. Hand in anyway?", "Go to question 6"),
        (
            (2, 6, 7),
            "3 questions have no answer: 2, 6 and 7. Hand in anyway?",
            "Go to question 2",
        ),
        ((), "All 8 questions have an answer. Hand in now?", "Back to the questions"),
    ],
)
def test_the_page_names_what_is_open(
    browser: Client, attempt: Attempt, *, open_ones: tuple, said: str, button: str
) -> None:
    answer_all_but(attempt, *open_ones)
    text = words(browser.get(url("hand_in", attempt)))
    assert said in text
    assert button in text
    assert Attempt.objects.get().state == "open"


def test_flags_are_named_too(browser: Client, attempt: Attempt) -> None:
    third = sheets_of(attempt)[2]
    item = Item(third.id, 0, None, flagged=True)
    services.save(attempt=attempt, items=[item], tab="", received_at=now())
    assert "You flagged question 3." in words(browser.get(url("hand_in", attempt)))


def test_handing_in_leads_to_the_receipt(browser: Client, attempt: Attempt) -> None:
    answer_all_but(attempt, 3)
    response = browser.post(url("hand_in", attempt), follow=True)
    assert response.redirect_chain == [(url("receipt", attempt), 302)]
    text = words(response)
    stored = Attempt.objects.get()
    code = stored.receipt[:8].upper()
    assert "Handed in at" in text
    assert f"7 answers of 8, receipt {code[:4]} {code[4:]}." in text
    assert stored.receipt in text
    assert "You will see results when everybody is done, not before" in text


def test_handing_in_twice_leads_to_the_same_receipt(
    browser: Client, attempt: Attempt
) -> None:
    pages = [browser.post(url("hand_in", attempt), follow=True) for _ in range(2)]
    assert pages[0].content == pages[1].content
    assert Grade.objects.count() == 1


def test_what_is_over_is_not_asked_about_again(
    browser: Client, attempt: Attempt
) -> None:
    browser.post(url("hand_in", attempt))
    for name in ("hand_in", "attempt"):
        assert browser.get(url(name, attempt))["Location"] == url("receipt", attempt)


def test_there_is_no_receipt_for_what_is_open(
    browser: Client, attempt: Attempt
) -> None:
    assert browser.get(url("receipt", attempt))["Location"] == url("attempt", attempt)


def test_a_page_that_hands_in_too_early_is_shown_again(
    browser: Client, attempt: Attempt
) -> None:
    response = browser.post(url("hand_in", attempt), {"auto": "1"})
    assert response["Location"] == url("hand_in", attempt)
    assert Attempt.objects.get().state == "open"
    attempts.run_out(attempt, timedelta(seconds=1))
    text = words(browser.post(url("hand_in", attempt), {"auto": "1"}, follow=True))
    assert "Your time was over at" in text


@pytest.mark.parametrize("name", ["attempt", "hand_in"])
def test_pages_tell_when_an_attempt_without_a_deadline_ends(
    browser: Client, educator: User, student: User, name: str
) -> None:
    version = versions.version(educator, open_ended=True)
    attempt = attempts.started(version, student)
    assert "No time limit" in words(browser.get(url(name, attempt)))
    closes_at = now() + timedelta(minutes=40)
    publishing.move_closing(version=version, closes_at=closes_at, actor=educator)
    page = browser.get(url(name, attempt))
    assert f"until {written(closes_at, 'time')}" in words(page) or (
        f"until {written(closes_at)}" in words(page)
    )
    assert "No time limit" not in words(page)


def test_whose_time_ran_out_is_told_so(browser: Client, attempt: Attempt) -> None:
    answer_all_but(attempt, 1, 2, 3, 4, 5, 6, 7)
    attempts.run_out(attempt)
    text = words(browser.get(url("hand_in", attempt), follow=True))
    assert "Your time was over at" in text
    assert "1 answer of 8" in text
    assert "What you had saved until then was handed in." in text


def test_an_attempt_that_was_taken_out_is_not_handed_in(
    browser: Client, educator: User, attempt: Attempt
) -> None:
    closing.void(attempt=attempt, reason="Fire alarm", actor=educator)
    text = words(browser.post(url("hand_in", attempt), follow=True))
    assert "This attempt was taken out" in text
    assert Attempt.objects.get().state == "void"


def test_the_result_is_offered_once_it_may_be_seen(
    browser: Client, educator: User, student: User
) -> None:
    version = versions.version(
        educator, kinds=[Kind.TRUE_FALSE], release=Release.AT_SUBMIT
    )
    attempt = attempts.closed(version, student)
    page = browser.get(url("receipt", attempt)).content.decode()
    assert url("result", attempt) in page


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"release": Release.MANUAL}, "when your educator releases them"),
        (
            {
                "release": Release.ON_DATE,
                "release_at": datetime(2099, 1, 1, tzinfo=UTC),
            },
            "You will see results on",
        ),
        ({"open_ended": True}, "when the exam is closed and everybody is done"),
    ],
)
def test_it_is_said_when_results_come(
    browser: Client, educator: User, student: User, rules: dict, said: str
) -> None:
    version = versions.version(educator, **rules)
    attempt = attempts.closed(version, student)
    assert said in words(browser.get(url("receipt", attempt)))


def test_nobody_else_sees_pages_of_an_attempt(
    educator: User, classmate: User, attempt: Attempt
) -> None:
    for person in (educator, classmate):
        client = signed_in(person)
        for name in ("attempt", "hand_in", "receipt"):
            assert client.get(url(name, attempt)).status_code == 404
        for name in ("attempt", "hand_in"):
            assert client.post(url(name, attempt)).status_code == 404
    assert Attempt.objects.get().state == "open"


@pytest.mark.parametrize("times", [1, 5])
def test_pages_take_as_many_queries_for_many_questions_as_for_few(
    educator: User,
    student: User,
    browser: Client,
    *,
    times: int,
    django_assert_num_queries,
) -> None:
    version = versions.version(educator, kinds=list(Kind)[:7] * times)
    attempt = attempts.started(version, student)
    attempts.saved(attempt, right_answers(version))
    # The session with its person; attempt; answers; announcements.
    with django_assert_num_queries(4):
        browser.get(url("hand_in", attempt))
    # The session with its person; attempt; savepoint and its end, the row held, snapshot, move,
    # the key, grade, both events and their jobs.
    with django_assert_num_queries(11):
        browser.post(url("hand_in", attempt))
    # The session with its person; attempt; late answers; who is still taking the exam;
    # unread messages.
    with django_assert_num_queries(4):
        browser.get(url("receipt", attempt))
