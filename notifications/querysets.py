"""Everybody sees their own subscriptions and deliveries; admins look in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from notifications.states import Channel, DeliveryState

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Delivery  # noqa: F401 - names the row type below


class OwnQuerySet(models.QuerySet[Any]):
    def for_user(self, user: User) -> Self:
        return self.filter(recipient=user)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def for_user(self, user: User) -> Self:
        return self.filter(recipient=user)

    def on_site(self) -> Self:
        """What is shown on the site itself."""
        return self.filter(channel=Channel.SITE, state=DeliveryState.SENT)

    def unread(self) -> Self:
        return self.on_site().filter(read_at=None)
