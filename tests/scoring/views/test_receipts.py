"""What a student shows to say that they handed in, and what the educator finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.services import closing
from scoring.services.receipts import seal_of
from tests.factories import attempts, versions
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words

CHECK = reverse("check_receipt")
NONE = "No attempt at an exam of yours has this receipt and this seal."


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    kinds = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    return versions.version(educator, course=course, kinds=kinds, minutes=30)


@pytest.fixture
def attempt(version: ExamVersion, student: User) -> Attempt:
    made = attempts.closed(version, student, versions.right_answers(version))
    return Attempt.objects.select_related("version__exam").get(pk=made.pk)


def check(client: Client, shown: str) -> str:
    page = client.post(CHECK, {"shown": shown})
    assert page.status_code == 200
    return words(page)


def test_what_the_receipt_page_says_is_found(
    teacher: Client, attempt: Attempt, student: User
) -> None:
    page = words(signed_in(student).get(url("receipt", attempt)))
    found = check(teacher, page)
    assert "It is genuine: sam@example.org handed in 2 of 2 answers" in found
    assert (
        url("result", attempt) in teacher.post(CHECK, {"shown": page}).content.decode()
    )


def test_capitals_and_anything_around_do_no_harm(
    teacher: Client, attempt: Attempt
) -> None:
    shown = f"> Receipt: {attempt.receipt.upper()}\n> Seal: {seal_of(attempt)}, see?"
    assert "It is genuine" in check(teacher, shown)


def test_both_are_needed(teacher: Client, attempt: Attempt) -> None:
    for shown in (attempt.receipt, seal_of(attempt), "x", " "):
        assert NONE in check(teacher, shown)
    assert NONE not in check(teacher, "")


def test_nobody_can_seal_what_was_not_given_out(
    teacher: Client, attempt: Attempt
) -> None:
    """The receipt alone could be reckoned by anybody who knows the answers."""
    forged = attempt.receipt[::-1]
    assert NONE in check(teacher, f"{attempt.receipt} {forged}")


def test_a_seal_is_of_one_moment(teacher: Client, attempt: Attempt) -> None:
    seal = seal_of(attempt)
    assert attempt.closed_at is not None
    attempt.closed_at += timedelta(minutes=1)
    assert seal_of(attempt) != seal
    assert NONE in check(teacher, f"{attempt.receipt} {seal_of(attempt)}")


def test_a_key_that_was_replaced_still_counts(
    teacher: Client, attempt: Attempt, settings
) -> None:
    shown = f"{attempt.receipt} {seal_of(attempt)}"
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another-" * 8
    settings.SECRET_KEY_FALLBACKS = [before]
    again = signed_in(attempt.version.exam.owner)
    assert "It is genuine" in check(again, shown)
    settings.SECRET_KEY_FALLBACKS = []
    assert NONE in check(signed_in(attempt.version.exam.owner), shown)


def test_the_exam_of_somebody_else_has_no_receipts(
    attempt: Attempt, colleague: User
) -> None:
    shown = f"{attempt.receipt} {seal_of(attempt)}"
    assert NONE in check(signed_in(colleague), shown)


def test_what_was_taken_out_was_handed_in_all_the_same(
    teacher: Client, attempt: Attempt, educator: User
) -> None:
    shown = f"{attempt.receipt} {seal_of(attempt)}"
    closing.void(attempt=attempt, reason="x", actor=educator)
    found = check(teacher, shown)
    assert "It is genuine" in found
    assert "The attempt was taken out since." in found
