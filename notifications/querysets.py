"""Everybody sees their own subscriptions and deliveries; admins look in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class OwnQuerySet(models.QuerySet[Any]):
    def for_user(self, user: User) -> Self:
        return self.filter(recipient=user)
