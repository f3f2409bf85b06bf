"""The states of a job and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """`queued -> running -> done`, with `retry` between tries.

    `dead` has failed too often and waits for a person; `cancelled` was taken back.
    """

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    RETRY = "retry", _("Waiting to try again")
    DONE = "done", _("Done")
    DEAD = "dead", _("Failed for good")
    CANCELLED = "cancelled", _("Cancelled")


WAITING = (JobState.QUEUED, JobState.RETRY)
OPEN = (JobState.QUEUED, JobState.RETRY, JobState.RUNNING)
FINAL = (JobState.DONE, JobState.DEAD, JobState.CANCELLED)
