"""How the site is used: what happened in each day or week, counted in the events.

Events are kept whatever becomes of what they are about, so a lecture that was deleted
since still counts as uploaded. Something that happened to one subject again in the same
span, as a lecture that is read once more, counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count
from django.db.models.functions import TruncDay, TruncWeek
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from examgen.jobs.models import Event
from exams.models import Question
from exams.states import KEPT

SERIES: tuple[tuple[str, Promise], ...] = (
    ("lecture.uploaded", _("Lectures uploaded")),
    ("exam.ready", _("Exams drafted")),
    ("exam.published", _("Exams published")),
    ("attempt.started", _("Attempts begun")),
    ("attempt.closed", _("Attempts handed in")),
    ("user.signed_up", _("People signed up")),
)
_MOST_TOPICS = 12


class By(StrEnum):
    """The spans that are counted, and how many of them are shown."""

    DAY = "day"
    WEEK = "week"

    @property
    def spans(self) -> int:
        return 30 if self is By.DAY else 26

    @property
    def length(self) -> timedelta:
        return timedelta(days=1) if self is By.DAY else timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trend:
    """One series: how many in each span, the oldest first."""

    name: str
    title: Promise
    points: Sequence[tuple[date, int]]

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.points)


@dataclass(frozen=True, slots=True)
class Topic:
    """What questions are about, and how many of them there are."""

    name: str
    questions: int


def trends(by: By, at: datetime) -> list[Trend]:
    """All series, in one query over the span that is shown."""
    days = _days(by, at)
    start = timezone.make_aware(datetime.combine(days[0], datetime.min.time()))
    span = TruncDay if by is By.DAY else TruncWeek
    counted = (
        Event.objects.filter(
            name__in=[name for name, _title in SERIES], created_at__gte=start
        )
        .order_by()
        .annotate(span=span("created_at"))
        .values("name", "span")
        .annotate(count=Count("subject_id", distinct=True))
    )
    found = {(row["name"], row["span"].date()): row["count"] for row in counted}
    return [
        Trend(name, title, [(day, found.get((name, day), 0)) for day in days])
        for name, title in SERIES
    ]


def topics(by: By, at: datetime) -> list[Topic]:
    """What the kept questions of the exams that were drafted in this span are about."""
    start = at - by.length * by.spans
    kept = Question.objects.filter(exam__created_at__gte=start, state__in=KEPT)
    counted = (
        kept.exclude(topic="")
        .order_by()
        .values("topic")
        .annotate(questions=Count("pk"))
        .order_by("-questions", "topic")[:_MOST_TOPICS]
    )
    return [Topic(row["topic"], row["questions"]) for row in counted]


def _days(by: By, at: datetime) -> list[date]:
    """The first day of each span; weeks begin on Monday."""
    last = timezone.localtime(at).date()
    if by is By.WEEK:
        last -= timedelta(days=last.weekday())
    return [last - by.length * back for back in reversed(range(by.spans))]
