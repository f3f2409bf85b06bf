from __future__ import annotations

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from notifications.models import Delivery
from notifications.services.lifecycle import move_delivery
from notifications.states import DELIVERY_MOVES, DeliveryState, IllegalMoveError, Reason
from tests.factories import exams
from tests.notifications.running import fan_out, mail

pytestmark = pytest.mark.django_db


def delivery_in(state: DeliveryState, educator: User) -> Delivery:
    record("exam.ready", exams.exam(educator))
    fan_out()
    sent_at = now() if state == DeliveryState.SENT else None
    Delivery.objects.filter(channel="email").update(state=state, sent_at=sent_at)
    return mail("exam_ready")


@pytest.mark.parametrize("to", DeliveryState)
@pytest.mark.parametrize("origin", DeliveryState)
def test_only_the_moves_of_the_table_are_made(
    educator: User, origin: DeliveryState, to: DeliveryState
) -> None:
    delivery = delivery_in(origin, educator)
    if to in DELIVERY_MOVES[origin]:
        move_delivery(delivery, to, sent_at=now())
        assert mail("exam_ready").state == to
    else:
        with pytest.raises(IllegalMoveError):
            move_delivery(delivery, to, sent_at=now())
        assert mail("exam_ready").state == origin


def test_a_move_takes_the_reason_of_the_former_state_away(educator: User) -> None:
    delivery = delivery_in(DeliveryState.WAITING, educator)
    move_delivery(
        delivery, DeliveryState.FAILED, reason=Reason.RECIPIENT_REFUSED, detail="550"
    )
    assert (mail("exam_ready").reason, mail("exam_ready").detail) == (
        Reason.RECIPIENT_REFUSED,
        "550",
    )
    move_delivery(delivery, DeliveryState.WAITING)
    assert (mail("exam_ready").reason, mail("exam_ready").detail) == ("", "")


def test_of_two_who_move_the_same_row_one_hears_of_it(educator: User) -> None:
    first = delivery_in(DeliveryState.WAITING, educator)
    second = mail("exam_ready")
    move_delivery(first, DeliveryState.SENT, sent_at=now())
    with pytest.raises(IllegalMoveError):
        move_delivery(second, DeliveryState.FAILED)
