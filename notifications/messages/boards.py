"""The message to the owner of an exam that its scoreboard has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exams.models import ExamVersion
from notifications.messages.base import Message, Notice, Timing, UnfitError
from notifications.states import Reason
from scoring.models import Attempt, ScoreCount
from scoring.states import AttemptState

if TYPE_CHECKING:
    from examgen.jobs.models import Event
    from notifications.models import Delivery


def _owner(event: Event) -> Iterator[Notice]:
    """The owner of the exam: the board is theirs alone."""
    versions = ExamVersion.objects.select_related("exam").defer("paper", "key")
    for version in versions.filter(id=event.subject_id):
        yield Notice(
            message=SCOREBOARD_UPDATED.name,
            occasion=event.id,
            subject=version.id,
            recipient=version.exam.owner_id,
            facts={"title": version.title, "exam": str(version.exam_id)},
        )


def _board_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    versions = ExamVersion.objects.select_related("exam").defer("paper", "key")
    version = versions.filter(id=delivery.subject_id).first()
    if version is None:
        raise UnfitError(Reason.GONE)
    if version.exam.owner_id != delivery.recipient_id:
        raise UnfitError(Reason.LEFT)
    counts = list(
        ScoreCount.objects.filter(version=version).values_list("points", "people")
    )
    people = sum(count for _points, count in counts)
    total = sum((points * count for points, count in counts), Decimal(0))
    closed = Attempt.objects.filter(version=version, state=AttemptState.CLOSED)
    return {
        "title": version.title,
        "people": people,
        "mean": _plain(total / people) if people else None,
        "to_grade": closed.exclude(grades__complete=True).count(),
    }


def _plain(points: Decimal) -> str:
    """Two places at most, as people write them: 7.5, not 7.5000."""
    return f"{points.quantize(Decimal('0.01')).normalize():f}"


SCOREBOARD_UPDATED = Message(
    name="scoreboard_updated",
    title=_("New scores in an exam of yours"),
    icon="chart",
    events=("scoreboard.updated", "exam.closed"),
    audience=_owner,
    words=_board_words,
    link=lambda delivery: reverse("scoreboard", args=[delivery.facts["exam"]]),
    timing=Timing.COALESCED,
    for_educators=True,
)

MESSAGES = (SCOREBOARD_UPDATED,)
