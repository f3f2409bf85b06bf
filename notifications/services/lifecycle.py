"""The only code that changes the state of a delivery.

Every move is one conditional UPDATE. It is told by no event: the chain of events ends
with deliveries, and their rows are the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from notifications.models import Delivery
from notifications.states import (
    DELIVERY_MOVES,
    Channel,
    DeliveryState,
    IllegalMoveError,
    Reason,
)


def begin(delivery: Delivery, *, wanted: bool) -> None:
    """Give a row that is not stored yet its first state.

    A line on the site needs nobody to carry it: it is there once its row is.
    """
    if not wanted:
        delivery.state, delivery.reason = DeliveryState.SKIPPED, Reason.UNWANTED
    elif delivery.channel == Channel.SITE:
        delivery.state = DeliveryState.SENT
        delivery.sent_at = delivery.created_at


def wait_again(ids: Collection[uuid.UUID]) -> int:
    """Let deliveries wait again that were skipped for what is over now."""
    skipped = Delivery.objects.filter(id__in=ids, state=DeliveryState.SKIPPED)
    return skipped.update(
        state=DeliveryState.WAITING, reason="", detail="", begun_at=None
    )


def move_delivery(delivery: Delivery, to: DeliveryState, **fields: Any) -> None:
    """Move a delivery and set the fields that belong to its new state."""
    sources = [state for state, targets in DELIVERY_MOVES.items() if to in targets]
    changes = {
        "state": to,
        "reason": "",
        "detail": "",
        "begun_at": None,
        **fields,
    }
    rows = Delivery.objects.filter(id=delivery.id, state__in=sources)
    if not rows.update(**changes):
        raise IllegalMoveError(f"{delivery.id}: {delivery.state} -> {to}")
    for name, value in changes.items():
        setattr(delivery, name, value)
