"""Which people a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User  # noqa: F401 - names the row type below


class UserQuerySet(models.QuerySet["User"]):
    def for_user(self, user: Any) -> Self:
        """Themselves; admins see everyone."""
        if user.is_staff:
            return self
        return self.filter(pk=user.pk)
