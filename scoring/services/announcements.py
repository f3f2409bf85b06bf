"""What the educator tells everybody who is taking the exam."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from exams.models import ExamVersion
from scoring.models import Announcement


def announce(*, version: ExamVersion, text: str, actor: User) -> Announcement:
    """Show a sentence on every open exam page, from their next look on."""
    with transaction.atomic():
        announcement = Announcement.objects.create(
            version=version,
            text=" ".join(text.replace("\0", "").split())[:500],
            announced_by=actor,
            created_at=now(),
        )
        record(
            "exam.announced",
            version,
            actor=actor.id,
            announcement=str(announcement.id),
        )
    return announcement
