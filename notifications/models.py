"""Who wants to be told what, and every message that is to be told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.querysets import OwnQuerySet
from notifications.states import Channel, DeliveryState


class Subscription(models.Model):
    """A person's word on one kind of message by one channel.

    Without a row the message's own default holds.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions"
    )
    message = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    wanted = models.BooleanField()

    objects: ClassVar[OwnQuerySet] = OwnQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "message", "channel"], name="subscribed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message} by {self.channel}: {self.wanted}"


class Delivery(models.Model):
    """One message to one person by one channel, because of one event.

    Whoever was invited and has no account yet is reached by `invitation` instead of
    `recipient`; addresses are looked up when the message is sent, never copied.
    `message_id` is the mail's own and stays the same however often it is tried.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.UUIDField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="deliveries",
    )
    invitation = models.ForeignKey(
        "accounts.Invitation",
        on_delete=models.CASCADE,
        null=True,
        related_name="deliveries",
    )
    message = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    subject_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    state = models.CharField(
        max_length=7,
        choices=DeliveryState,
        default=DeliveryState.WAITING,
        editable=False,
    )
    reason = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[OwnQuerySet] = OwnQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["recipient", "channel", "-created_at"],
                name="delivery_of_person",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "message", "channel"],
                name="delivered_once",
            ),
            models.UniqueConstraint(
                fields=["event", "invitation", "message"], name="invited_by_mail_once"
            ),
            models.CheckConstraint(
                condition=models.Q(recipient=None) ^ models.Q(invitation=None),
                name="delivery_has_one_addressee",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DeliveryState.values),
                name="delivery_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.id}"
