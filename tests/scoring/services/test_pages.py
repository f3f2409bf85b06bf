"""Pages that are saved by their script and then sent as forms: the last word counts."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Answer, Attempt
from scoring.protocol import Item
from scoring.saving import Outcome
from scoring.services import attempts as services
from scoring.services.pages import PageReply, save_page
from tests.factories import attempts
from tests.factories.versions import sheet


@pytest.fixture
def attempt(student: User, version: ExamVersion) -> Attempt:
    return attempts.started(version, student)


@pytest.fixture
def text(version: ExamVersion) -> str:
    return str(sheet(version, Kind.SHORT_ANSWER)["id"])


def save(attempt: Attempt, text: str, version: int, value: str, tab: str) -> None:
    item = Item(text, version, value)
    services.save(attempt=attempt, items=[item], tab=tab, received_at=now())


def leave(attempt: Attempt, text: str, value: str, **page: object) -> PageReply:
    """Leave a page by its button: it showed "leaf" under version 5 and saves as "me"."""
    told = {"shown": 5, "sent": 5, "tab": "me", **page}
    return save_page(
        attempt=attempt,
        question=text,
        value=value,
        flagged=None,
        received_at=now(),
        **told,
    )


def stored() -> tuple[int, object]:
    row = Answer.objects.get()
    return row.version, row.value


@pytest.fixture
def page(attempt: Attempt, text: str) -> partial[PageReply]:
    save(attempt, text, 5, "leaf", "earlier")
    return partial(leave, attempt, text)


def test_what_was_chosen_last_counts_over_what_the_page_had_just_saved(
    attempt: Attempt, text: str, page: partial[PageReply]
) -> None:
    """Another answer and back, faster than any reply: the form knows of none."""
    save(attempt, text, 6, "stem", "me")
    reply = page("leaf", sent=6)
    assert stored() == (7, "leaf")
    assert not reply.elsewhere


def test_what_the_page_had_saved_may_come_after_its_form(
    attempt: Attempt, text: str, page: partial[PageReply]
) -> None:
    page("leaf", sent=6)
    save(attempt, text, 6, "stem", "me")
    assert stored() == (7, "leaf")


@pytest.mark.parametrize("first", ["save", "form"])
def test_the_same_answer_may_come_by_both_ways(
    attempt: Attempt, text: str, page: partial[PageReply], first: str
) -> None:
    if first == "save":
        save(attempt, text, 6, "stem", "me")
    reply = page("stem", sent=6)
    save(attempt, text, 6, "stem", "me")
    assert stored() == (6 if first == "save" else 7, "stem")
    assert not reply.elsewhere


def test_an_answer_of_another_tab_is_told_of_when_it_is_replaced(
    attempt: Attempt, text: str, page: partial[PageReply]
) -> None:
    save(attempt, text, 6, "root", "other")
    save(attempt, text, 6, "stem", "me")
    reply = page("leaf", sent=6)
    assert stored() == (7, "leaf")
    assert reply.elsewhere


def test_a_page_that_sent_nothing_and_shows_an_older_answer_replaces_nothing(
    attempt: Attempt, text: str, page: partial[PageReply]
) -> None:
    save(attempt, text, 6, "root", "other")
    reply = page("leaf")
    assert stored() == (6, "root")
    assert reply.elsewhere


def test_pages_without_a_script_are_of_different_tabs(
    attempt: Attempt, text: str, page: partial[PageReply]
) -> None:
    page("root", sent=0, tab="")
    reply = page("stem", sent=0, tab="")
    assert stored() == (7, "stem")
    assert reply.elsewhere


def test_a_leap_is_no_version(page: partial[PageReply]) -> None:
    assert page("leaf", sent=2**31 - 1).answered.outcome is Outcome.INVALID
    assert stored() == (5, "leaf")
