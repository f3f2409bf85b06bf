"""Everybody sees their own tokens; admins look in the admin."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from api.models import Token  # noqa: F401 - names the row type below
    from examgen.prepared import Given


class TokenQuerySet(models.QuerySet["Token"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def usable(self, at: datetime | Given) -> Self:
        """Those that open something at `at`."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)


class OwnRequestQuerySet(models.QuerySet[Any]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)
