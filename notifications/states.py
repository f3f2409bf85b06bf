"""The states of a delivery, and which may follow which.

`notifications.services.lifecycle` is the only code that assigns them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """`skipped`: the person does not want it, or may no longer know it.

    `failed`: refused for good. What may still arrive stays `waiting`.
    """

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")
    FAILED = "failed", _("Failed")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SITE = "site", _("On this site")


class Reason(models.TextChoices):
    """Why a delivery was not sent, or not yet. `notifications.wording` says it."""

    # Nobody is at fault: it is not for them, or no longer.
    UNWANTED = "unwanted", _("Switched off")
    INACTIVE = "inactive", _("Account closed")
    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    GONE = "gone", _("No longer there")
    LEFT = "left", _("Left the course")
    HIDDEN = "hidden", _("Not to be seen now")
    OUTDATED = "outdated", _("No longer true")
    ACCEPTED = "accepted", _("Invitation accepted")
    UNKNOWN = "unknown", _("Unknown message")
    # The recipient's server said no, for good.
    RECIPIENT_REFUSED = "recipient_refused", _("Recipient refused")
    MESSAGE_REFUSED = "message_refused", _("Message refused")
    # Our way to it is not free; tried again.
    BUSY = "busy", _("Server busy")
    TIMEOUT = "timeout", _("No answer in time")
    NO_HOST = "no_host", _("No such server")
    CONNECTION_REFUSED = "connection_refused", _("Connection refused")
    UNREACHABLE = "unreachable", _("Server not reachable")
    DROPPED = "dropped", _("Connection dropped")
    TLS = "tls", _("No secure connection")
    AUTHENTICATION = "authentication", _("Sign-in refused")
    SENDER_REFUSED = "sender_refused", _("Sender refused")
    # The end of trying.
    HELD = "held", _("Perhaps sent")
    GAVE_UP = "gave_up", _("Given up")
    STOPPED = "stopped", _("Stopped")


# Someone who was not to see it yet may be told when that changes.
REVIVED = (Reason.HIDDEN,)

DELIVERY_MOVES: dict[DeliveryState, tuple[DeliveryState, ...]] = {
    DeliveryState.WAITING: (
        DeliveryState.SENT,
        DeliveryState.SKIPPED,
        DeliveryState.FAILED,
    ),
    DeliveryState.SENT: (),
    DeliveryState.SKIPPED: (DeliveryState.WAITING,),
    DeliveryState.FAILED: (DeliveryState.WAITING,),
}


class IllegalMoveError(Exception):
    """A state was to follow one that it may not follow."""
