"""The scoreboard: rebuilt whole from grades, so it always equals a recomputation."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Enrolment, User
from examgen.jobs.events import record
from exams.models import ExamVersion
from scoring import ranking, statistics
from scoring.aliases import alias_of
from scoring.models import Attempt, Grade, ScoreboardEntry, ScoreCount
from scoring.ranking import Rank, Result, Standing
from scoring.states import AttemptState
from scoring.statistics import Summary


@dataclass(frozen=True, slots=True)
class Place:
    """One person on the board."""

    entry: ScoreboardEntry
    rank: Rank
    percent: Decimal


def rebuild(*, version_id: uuid.UUID) -> bool:
    """Bring the board up to date; whether anything changed. Only in a transaction.

    Two rebuilds of one board wait for each other: the later one has read more.
    """
    versions = ExamVersion.objects.select_for_update(no_key=True)
    version = versions.filter(id=version_id).first()
    if version is None:
        return False
    wanted = recomputed(version)
    changed = _store_entries(version, wanted)
    if changed:
        _store_counts(version, wanted)
        record("scoreboard.updated", version)
    return changed


def recomputed(version: ExamVersion) -> list[Standing]:
    """What the board should hold, from attempts and their newest grades alone."""
    newest = Grade.objects.filter(attempt=OuterRef("pk")).order_by("-revision")
    graded = Attempt.objects.filter(
        version=version, state=AttemptState.CLOSED
    ).annotate(
        points=Subquery(newest.values("points")[:1]),
        complete=Subquery(newest.values("complete")[:1]),
    )
    results = [
        Result(*row)
        for row in graded.filter(complete=True).values_list(
            "user_id", "id", "number", "points"
        )
    ]
    return ranking.standings(results, version.rules.counting)


def _store_entries(version: ExamVersion, wanted: Sequence[Standing]) -> bool:
    """Write only what differs."""
    had = {entry.user_id: entry for entry in version.board.all()}
    changed, new = [], []
    for standing in wanted:
        entry = had.pop(standing.user, None)
        if entry is None:
            entry = ScoreboardEntry(version=version, user_id=standing.user)
            new.append(entry)
        elif _is_as(entry, standing):
            continue
        else:
            changed.append(entry)
        entry.attempt_id = standing.attempt
        entry.points, entry.attempts = standing.points, standing.attempts
    ScoreboardEntry.objects.bulk_create(new, batch_size=500)
    fields = ["attempt", "points", "attempts"]
    ScoreboardEntry.objects.bulk_update(changed, fields, batch_size=500)
    gone = [entry.pk for entry in had.values()]
    ScoreboardEntry.objects.filter(pk__in=gone).delete()
    return bool(new or changed or gone)


def _is_as(entry: ScoreboardEntry, standing: Standing) -> bool:
    return (entry.attempt_id, entry.points, entry.attempts) == (
        standing.attempt,
        standing.points,
        standing.attempts,
    )


def _store_counts(version: ExamVersion, wanted: Sequence[Standing]) -> None:
    version.score_counts.all().delete()
    ScoreCount.objects.bulk_create(
        ScoreCount(version=version, points=points, people=people)
        for points, people in ranking.counts(wanted).items()
    )


def counts(version: ExamVersion) -> list[tuple[Decimal, int]]:
    """How many people reached each score, lowest first."""
    return list(version.score_counts.values_list("points", "people"))


def max_points(version: ExamVersion) -> Decimal:
    """What all questions of the paper are worth together."""
    return sum((Decimal(sheet["points"]) for sheet in version.questions), Decimal(0))


def summary(version: ExamVersion) -> Summary | None:
    """The board as a whole; None while nobody is on it."""
    return statistics.summarise(
        counts(version),
        max_points=max_points(version),
        pass_mark=version.rules.pass_percent,
    )


def standing(version: ExamVersion, user: User) -> Place | None:
    """Where one person stands: two queries, however many are on the board."""
    entry = version.board.filter(user=user).first()
    if entry is None:
        return None
    rank = ranking.rank(entry.points, counts(version))
    return Place(entry, rank, statistics.percent(entry.points, max_points(version)))


def board(
    version: ExamVersion, *, by_name: bool = True, called: str = ""
) -> QuerySet[ScoreboardEntry]:
    """All entries, best first, each with its `place`, and whether it is `shared`.

    Equals stand by name, unless their order must not tell it. Whoever is `called` so
    keeps the place among all: it is one more than the people who have more.
    """
    entries = ScoreboardEntry.objects.filter(version=version).select_related("user")
    more = ScoreCount.objects.filter(version=version, points__gt=OuterRef("points"))
    people = more.order_by().values("version").annotate(n=Sum("people")).values("n")
    several = ScoreCount.objects.filter(
        version=version, points=OuterRef("points"), people__gt=1
    )
    ranked: QuerySet[ScoreboardEntry] = entries.annotate(
        place=Coalesce(Subquery(people), 0) + 1, shared=Exists(several)
    )
    if called:
        by_address = Q(user__email__icontains=called)
        ranked = ranked.filter(Q(user__name__icontains=called) | by_address)
    equals = ("user__name", "user_id") if by_name else ("user_id",)
    return ranked.order_by("-points", *equals)


def is_awaited(version: ExamVersion) -> bool:
    """Whether somebody has handed in whom the board may come to show."""
    closed = Attempt.objects.filter(version=version, state=AttemptState.CLOSED)
    return closed.exists()


def aliases(
    version: ExamVersion, people: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """What boards call these people: as their course does, else as this board does."""
    enrolled = Enrolment.objects.filter(course=version.course_id, user__in=people)
    known = dict(enrolled.values_list("user", "alias"))
    return {who: known.get(who) or alias_of(version.id, who) for who in people}


def people(version: ExamVersion) -> int:
    """How many are on the board."""
    total: int | None = version.score_counts.aggregate(n=Sum("people"))["n"]
    return total or 0
