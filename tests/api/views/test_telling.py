from __future__ import annotations

import pytest

from accounts.models import User
from notifications.models import Delivery
from notifications.services.subscriptions import choices_of
from notifications.states import Channel
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import deliveries, exams

pytestmark = pytest.mark.django_db


def test_what_one_is_told_is_listed_and_read(
    teacher: Program, educator: User, taker: Program, django_assert_num_queries
) -> None:
    told = deliveries.told(exams.exam(educator))
    with django_assert_num_queries(3):  # the token, its first use, the page
        (line,) = teacher.get("notifications/").json()["results"]
    assert (line["id"], line["message"], line["read_at"]) == (
        str(told.id),
        told.message,
        None,
    )
    assert line["text"]
    assert teacher.get("me/").json()["unread"] == 1
    foreign = taker.post(f"notifications/{told.id}/read/")
    assert problem(foreign) == (404, "not_found")
    assert teacher.post(f"notifications/{told.id}/read/").status_code == 204
    assert Delivery.objects.get(pk=told.pk).read_at is not None
    assert teacher.post("notifications/read/").json() == {"read": 0}
    assert taker.get("notifications/").json()["results"] == []


def test_everything_is_read_at_once(teacher: Program, educator: User) -> None:
    deliveries.told(exams.exam(educator))
    assert teacher.post("notifications/read/").json() == {"read": 1}


def test_choices_change_as_far_as_they_are_named(taker: Program, student: User) -> None:
    before = choices_of(student)
    wish = [{"message": "receipt", "channel": "email", "wanted": False}]
    told = taker.patch("notifications/choices/", {"choices": wish}).json()["choices"]
    after = choices_of(student)
    assert after == {**before, ("receipt", Channel.EMAIL): False} != before
    assert told == [
        {"message": message, "channel": channel.value, "wanted": wanted}
        for (message, channel), wanted in after.items()
    ]
    assert taker.get("notifications/choices/").json()["choices"] == told


def test_what_is_no_choice_of_ones_own_changes_nothing(
    taker: Program, student: User
) -> None:
    before = choices_of(student)
    wish = [{"message": "exam_ready", "channel": "email", "wanted": False}]
    answer = taker.patch("notifications/choices/", {"choices": wish})
    assert answer.status_code == 200
    assert choices_of(student) == before
    wish[0]["channel"] = "pigeon"
    answer = taker.patch("notifications/choices/", {"choices": wish})
    assert wrong_fields(answer) == [("choices.0.channel", "invalid_choice")]
