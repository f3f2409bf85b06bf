"""The user: an e-mail address, a role, and how pages should look."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserQuerySet
from accounts.states import Role, Theme
from examgen.jobs.clock import now

DECLINE_SHOWN = timedelta(days=30)


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
    """A person. `educator_requested_at` is set while the wish waits for an admin.

    `educator_declined_at` and the reason are set once it was declined, and empty again
    when they become an educator after all. `sessions_ended` counts how often all their
    sessions were ended by somebody else: those that were begun before it grew are over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(
        _("role"), max_length=10, choices=Role, default=Role.STUDENT
    )
    educator_requested_at = models.DateTimeField(
        _("asked to make exams"), null=True, blank=True
    )
    educator_declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    educator_decline_reason = models.CharField(
        _("reason for declining"), max_length=500, blank=True
    )
    theme = models.CharField(
        _("colours"), max_length=5, choices=Theme, default=Theme.AUTO
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(
        _("signed up"), default=timezone.now, editable=False
    )

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
    def was_declined_lately(self) -> bool:
        """Whether their home page still says that their wish was declined."""
        at = self.educator_declined_at
        return at is not None and now() - at < DECLINE_SHOWN

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be theirs: another one once all were ended."""
        usual: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sessions_ended:
            return usual
        of = f"{usual} {self.sessions_ended}"
        salt = "accounts.sessions"
        return salted_hmac(salt, of, secret=secret, algorithm="sha256").hexdigest()

    @property
    def initials(self) -> str:
        """Two letters for the round mark in the corner."""
        words = self.name.split() or [self.email.split("@")[0]]
        letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])
        return letters.upper()


class EducatorRequest(User):
    """A person whose wish to make exams waits for an admin. No table of its own.

    It has rights of its own, so that whoever decides wishes need not see all people.
    """

    class Meta:
        proxy = True
        verbose_name = _("wish to make exams")
        verbose_name_plural = _("wishes to make exams")
