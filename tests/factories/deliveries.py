"""What somebody was told, as rows."""

from __future__ import annotations

import uuid

from examgen.jobs.clock import now
from exams.models import Exam
from notifications.models import Delivery
from notifications.states import Channel, DeliveryState


def told(exam: Exam) -> Delivery:
    """A line on the site that tells the owner of a draft."""
    at = now()
    return Delivery.objects.create(
        event=uuid.uuid4(),
        recipient=exam.owner,
        message="exam_ready",
        channel=Channel.SITE,
        subject_id=exam.id,
        facts={"title": exam.title},
        state=DeliveryState.SENT,
        created_at=at,
        sent_at=at,
    )
