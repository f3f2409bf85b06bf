"""The states of a delivery. `notifications.services.delivery` assigns them."""

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
