"""Tokens of programs, and requests that are answered once however often they come."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.querysets import OwnRequestQuerySet, TokenQuerySet


class Token(models.Model):
    """What a program shows instead of a password.

    The token itself is told once and kept nowhere: `digest` is its SHA-256, which is
    enough for a text that nobody can guess. `start` is its beginning, by which people
    tell theirs apart. `last_used_at` is right to the hour.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(_("name"), max_length=100)
    start = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("runs out"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects: ClassVar[TokenQuerySet] = TokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


class OnceRequest(models.Model):
    """A request with an `Idempotency-Key`, and what was answered to it.

    `status` is None while it is being done. `fingerprint` tells another request under
    the same key from the same one again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)

    objects: ClassVar[OwnRequestQuerySet] = OwnRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="request_once")
        ]
        indexes = [models.Index(fields=["user", "begun_at"], name="request_of_user")]

    def __str__(self) -> str:
        return f"request {self.pk}"
