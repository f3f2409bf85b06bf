"""Who wants to be told what, and every message that is to be told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.querysets import DeliveryQuerySet, OwnQuerySet
from notifications.states import Channel, DeliveryState, Reason


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

    `event` is the event's id; for a result that several events may bring to light it
    is the id of the grade, so that it is told once whichever comes first. The row's own
    id is made from event, addressee, message and channel.

    Whoever was invited and has no account yet is reached by `invitation` instead of
    `recipient`; addresses are looked up when the message is sent, never copied.
    `message_id` is the mail's own and stays the same however often it is tried.

    `begun_at` is set while a mail is on its way to the server: found set by the next
    try, nobody knows whether it arrived. `repeats` counts what was sent again then.
    `facts` is what the message's line on the site needs.
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
    message = models.CharField(_("message"), max_length=40)
    channel = models.CharField(
        _("channel"), max_length=5, choices=Channel, default=Channel.EMAIL
    )
    subject_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=DeliveryState,
        default=DeliveryState.WAITING,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("created"))
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["recipient", "channel", "-created_at"],
                name="delivery_of_person",
            ),
            # The count in the header of every page.
            models.Index(
                fields=["recipient"],
                condition=models.Q(
                    channel=Channel.SITE, state=DeliveryState.SENT, read_at=None
                ),
                name="delivery_unread",
            ),
            models.Index(
                fields=["subject_id", "message", "-created_at"], name="delivery_about"
            ),
            models.Index(fields=["-created_at"], name="delivery_newest"),
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
            models.CheckConstraint(
                condition=models.Q(channel=Channel.SITE) | models.Q(message_id__gt=""),
                name="mail_has_its_message_id",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.SENT)
                | models.Q(sent_at__isnull=False),
                name="sent_delivery_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.id}"
