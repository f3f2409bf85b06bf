"""The user: an e-mail address, a role, and how pages should look."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserQuerySet
from accounts.states import Role, Theme


class UserManager(BaseUserManager["User"]):
    """Creates people by address; there are no user names."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        rights = {"is_staff": True, "is_superuser": True, "role": Role.EDUCATOR}
        return self.create_user(email, password, **(rights | fields))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `educator_requested_at` is set while the wish waits for an admin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(
        _("role"), max_length=10, choices=Role, default=Role.STUDENT
    )
    educator_requested_at = models.DateTimeField(null=True, blank=True)
    theme = models.CharField(
        _("colours"), max_length=5, choices=Theme, default=Theme.AUTO
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_educator(self) -> bool:
        return self.role == Role.EDUCATOR

    @property
    def initials(self) -> str:
        """Two letters for the round mark in the corner."""
        words = self.name.split() or [self.email.split("@")[0]]
        letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])
        return letters.upper()
