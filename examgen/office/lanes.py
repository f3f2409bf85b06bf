"""How background work stands: what waits in each queue, who works, what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.fields.json import KT
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from examgen.jobs import beats
from examgen.jobs.models import Beat, Event, Job
from examgen.jobs.states import OPEN, WAITING, JobState
from examgen.jobs.wiring import QUEUES
from examgen.office.rows import Related
from exams.wording import exam_problem, reading_problem
from notifications.models import Delivery
from notifications.states import DeliveryState
from notifications.wording import reason_words

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Work that is due waits for less than that while workers keep up.
SLOW, STUCK = timedelta(minutes=1), timedelta(minutes=10)
# So many reasons are listed; more than these have one cause.
_MOST_REASONS = 20
# The owner stopped it, or it is counted with its lecture.
_NO_FAILURES = ("cancelled", "lecture_failed")
_FAILED = ("exam.failed", "job.dead", "lecture.failed")


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue. `due` could be started now, `later` waits for its hour.

    `waited` is how long the oldest of those that are due has been due.
    """

    queue: str
    due: int
    later: int
    running: int
    waited: timedelta | None
    workers: Sequence[Beat]
    alive: int

    @property
    def tone(self) -> str:
        waited = self.waited or timedelta()
        if not self.alive or waited > STUCK:
            return "bad"
        return "warn" if waited > SLOW else "ok"

    @property
    def advice(self) -> Promise:
        if not self.alive:
            return _("No worker of this queue lives. Start manage.py work or serve.")
        if self.tone == "ok":
            return _("Workers keep up.")
        return _("Work waits. See which jobs run and how long, then add a worker.")

    @property
    def url(self) -> str:
        query = {"queue": self.queue, "state__in": ",".join(OPEN)}
        return Related("", "jobs.job", query).url


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed for one reason: how often in a day and in a week."""

    what: str | Promise
    reason: str
    day: int
    week: int
    rows: Related


def lanes(at: datetime) -> list[Lane]:
    """Every queue, in two queries however many jobs there are."""
    due = Q(state__in=WAITING, run_after__lte=at)
    counted = {
        row["queue"]: row
        for row in Job.objects.filter(state__in=OPEN)
        .order_by()
        .values("queue")
        .annotate(
            due=Count("pk", filter=due),
            later=Count("pk", filter=Q(state__in=WAITING, run_after__gt=at)),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            oldest=Min("run_after", filter=due),
        )
    }
    workers = list(Beat.objects.order_by("worker"))
    return [
        _lane(queue, counted.get(queue, {}), workers, at)
        for queue in sorted({*QUEUES, *counted})
    ]


def failures(at: datetime) -> list[Failure]:
    """What failed in the last week, by reason, the most frequent first.

    Read from the log of events, which is kept whatever becomes of the rows, and from
    the mails that were not sent.
    """
    return sorted([*_from_events(at), *_from_mails(at)], key=_most_first)


def _lane(
    queue: str, counted: Mapping[str, Any], workers: Sequence[Beat], at: datetime
) -> Lane:
    mine = [worker for worker in workers if worker.queue == queue]
    oldest = counted.get("oldest")
    return Lane(
        queue=queue,
        due=counted.get("due", 0),
        later=counted.get("later", 0),
        running=counted.get("running", 0),
        waited=at - oldest if oldest else None,
        workers=mine,
        alive=sum(map(beats.is_alive, mine)),
    )


def _from_events(at: datetime) -> list[Failure]:
    ended = Event.objects.filter(name__in=_FAILED, created_at__gte=at - WEEK)
    counted = (
        ended.order_by()
        .annotate(code=KT("data__code"), consumer=KT("data__consumer"))
        .values("name", "code", "consumer")
        .annotate(week=Count("pk"), day=Count("pk", filter=Q(created_at__gte=at - DAY)))
        .order_by("-week", "name")[:_MOST_REASONS]
    )
    return [_told(row) for row in counted if row["code"] not in _NO_FAILURES]


def _told(row: Mapping[str, Any]) -> Failure:
    code, counts = row["code"] or "", {"day": row["day"], "week": row["week"]}
    match row["name"]:
        case "lecture.failed":
            query = {"state__exact": "failed", "error_code": code}
            rows = Related("", "exams.lecture", query)
            return Failure(
                _("Lectures"), reading_problem(code, {}), rows=rows, **counts
            )
        case "exam.failed":
            rows = Related(
                "", "exams.exam", {"state__exact": "failed", "error_code": code}
            )
            return Failure(_("Drafts"), exam_problem(code), rows=rows, **counts)
    query = {"state__exact": "dead", "error_code": code, "consumer": row["consumer"]}
    reason = f"{row['consumer']}: {code}"
    return Failure(_("Jobs"), reason, rows=Related("", "jobs.job", query), **counts)


def _from_mails(at: datetime) -> list[Failure]:
    failed = Delivery.objects.filter(
        state=DeliveryState.FAILED, created_at__gte=at - WEEK
    )
    counted = (
        failed.order_by()
        .values("reason")
        .annotate(week=Count("pk"), day=Count("pk", filter=Q(created_at__gte=at - DAY)))
    )
    return [
        Failure(
            _("Mails"),
            reason_words(row["reason"]),
            day=row["day"],
            week=row["week"],
            rows=Related(
                "",
                "notifications.delivery",
                {"state__exact": "failed", "reason__exact": row["reason"]},
            ),
        )
        for row in counted
    ]


def _most_first(failure: Failure) -> tuple[int, int, str]:
    return -failure.day, -failure.week, failure.reason
