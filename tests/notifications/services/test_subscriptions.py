from __future__ import annotations

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from notifications.messages import MESSAGES
from notifications.models import Subscription
from notifications.services.subscriptions import (
    choices_of,
    choose,
    ticket_of,
    unsubscribe_token,
    wants,
)
from notifications.states import Channel

pytestmark = pytest.mark.django_db

OPENED = MESSAGES["exam_opened"]


def test_without_a_word_everything_optional_is_wanted(
    educator: User, student: User
) -> None:
    assert set(choices_of(student).values()) == {True}
    assert {message for message, _channel in choices_of(student)} == {
        "exam_opened",
        "receipt",
        "result_released",
    }
    assert {message for message, _channel in choices_of(educator)} == {
        "exam_ready",
        "exam_failed",
        "lecture_failed",
        "job_dead",
        "exam_opened",
        "receipt",
        "result_released",
        "scoreboard_updated",
    }


def test_a_choice_holds_for_its_message_and_channel_alone(
    student: User, educator: User
) -> None:
    assert choose(person=student, choices={("exam_opened", Channel.EMAIL): False}) == 1
    assert not wants(student, OPENED, Channel.EMAIL)
    assert wants(student, OPENED, Channel.SITE)
    assert wants(student, MESSAGES["receipt"], Channel.EMAIL)
    assert wants(educator, OPENED, Channel.EMAIL)
    assert choose(person=student, choices={("exam_opened", Channel.EMAIL): True}) == 1
    assert wants(student, OPENED, Channel.EMAIL)
    assert Subscription.objects.count() == 1


def test_only_what_changes_is_written_and_told(student: User) -> None:
    every = choices_of(student)
    assert choose(person=student, choices=every) == 0
    assert not Subscription.objects.exists()
    every["receipt", Channel.SITE] = False
    assert choose(person=student, choices=every) == 1
    event = Event.objects.get(name="subscription.changed")
    assert (event.subject_id, event.actor) == (student.id, student.id)
    assert event.data == {"message": "receipt", "channel": "site", "wanted": False}


@pytest.mark.parametrize(
    "choice",
    [
        ("welcome", Channel.EMAIL),
        ("exam_ready", Channel.EMAIL),
        ("horoscope", Channel.EMAIL),
    ],
)
def test_what_is_not_theirs_to_choose_is_left_alone(
    student: User, choice: tuple[str, Channel]
) -> None:
    assert choose(person=student, choices={choice: False}) == 0
    assert not Subscription.objects.exists()


# Links


def test_a_link_names_its_person_and_message(student: User) -> None:
    ticket = ticket_of(unsubscribe_token(student, "receipt"))
    assert ticket is not None
    assert (ticket.person, ticket.message) == (student, MESSAGES["receipt"])


def test_a_link_is_the_same_in_every_mail(student: User) -> None:
    assert unsubscribe_token(student, "receipt") == unsubscribe_token(
        student, "receipt"
    )


def test_a_link_outlives_a_change_of_the_secret_key(student: User, settings) -> None:
    token = unsubscribe_token(student, "receipt")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" * 8
    assert ticket_of(token) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert ticket_of(token) is None


def test_a_link_that_was_changed_leads_nowhere(student: User) -> None:
    token = unsubscribe_token(student, "receipt")
    other = unsubscribe_token(student, "exam_opened")
    mixed = token.split(":")[0] + ":" + other.split(":")[1]
    for wrong in ("", "x", token[:-1], f"{token}x", token.upper(), mixed, "a:b\0"):
        assert ticket_of(wrong) is None


@pytest.mark.parametrize("message", ["welcome", "invitation", "horoscope"])
def test_what_cannot_be_switched_off_has_no_working_link(
    student: User, message: str
) -> None:
    assert ticket_of(unsubscribe_token(student, message)) is None


def test_the_link_of_somebody_who_is_gone_leads_nowhere(student: User) -> None:
    token = unsubscribe_token(student, "receipt")
    student.delete()
    assert ticket_of(token) is None
