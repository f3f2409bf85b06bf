"""The scoreboard: live for educators, after the release for those who took part."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from examgen import fresh
from examgen.jobs.clock import now
from scoring import charts, statistics
from scoring.services import board_facts, scoreboard
from scoring.services.visibility import What, can_see, promise, released

if TYPE_CHECKING:
    from accounts.models import User
    from examgen.typing import UserRequest
    from exams.models import ExamVersion
    from scoring.models import Attempt, ScoreboardEntry

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board as it is shown to this person."""

    place: int
    shared: bool
    name: str
    points: Decimal
    percent: Decimal
    mine: bool


@require_GET
@fresh.kept(board_facts.FACTS)
def board(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    if request.user.is_educator:
        version = board_facts.of_educator(request.user, exam_id)
        # An educator may be somebody's student.
        if version is not None:
            return _educators(request, version)
    return _students(request, exam_id)


def _educators(request: UserRequest, version: ExamVersion) -> HttpResponse:
    """Names, search, and everything as it stands at this moment."""
    query = request.GET.get("q", "").strip()[:100]
    entries = scoreboard.board(version, called=query)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = _figures(version) | {
        "version": version,
        "exam": version.exam,
        "page": page,
        "rows": rows_of(version, page.object_list, request.user),
        "query": query,
        "teaches": True,
        "released": released(version, now()),
    }
    return render(request, "scoring/scoreboard.html", context)


def attempt_on_board(user: User, exam_id: uuid.UUID) -> Attempt:
    """The attempt by which somebody looks at the board; 404 for whoever has none."""
    attempt = board_facts.of_student(user, exam_id)
    if attempt is None:
        raise Http404
    return attempt


def _students(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """After the release: the own row first, others by name or alias."""
    attempt = attempt_on_board(request.user, exam_id)
    version = attempt.version
    if not can_see(attempt, What.BOARD, request.user, now()):
        context = {"version": version, "promise": promise(version)}
        later = render(request, "scoring/scoreboard_later.html", context)
        later["Cache-Control"] = "no-store"
        return later
    named = is_named(version)
    entries = scoreboard.board(version, by_name=named)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = _figures(version) | {
        "version": version,
        "page": page,
        "rows": rows_of(
            version,
            page.object_list,
            request.user,
            names=names_for_students(version, page.object_list, named=named),
        ),
        "mine": scoreboard.standing(version, request.user),
        "aliased": not named,
        "teaches": False,
    }
    return render(request, "scoring/scoreboard.html", context)


def is_named(version: ExamVersion) -> bool:
    """Whether students see each other by name."""
    return version.course is not None and not version.course.aliases


def _figures(version: ExamVersion) -> dict[str, object]:
    summary = scoreboard.summary(version)
    mark = version.rules.pass_percent
    chart = charts.histogram(summary.bins, pass_mark=mark) if summary else None
    return {
        "summary": summary,
        "chart": chart,
        "pass_mark": mark,
        "handed_in": summary is None and scoreboard.is_awaited(version),
    }


def rows_of(
    version: ExamVersion,
    entries: Iterable[ScoreboardEntry],
    viewer: User,
    names: Mapping[uuid.UUID, str] | None = None,
) -> list[Row]:
    """`names` are those that others go by; without them everybody has their own."""
    full = scoreboard.max_points(version)
    return [
        Row(
            place=getattr(entry, "place"),  # noqa: B009 - annotated by board()
            shared=getattr(entry, "shared"),  # noqa: B009 - and this
            name=str(entry.user) if names is None else names[entry.user_id],
            points=entry.points,
            percent=statistics.percent(entry.points, full),
            mine=entry.user_id == viewer.id,
        )
        for entry in entries
    ]


def names_for_students(
    version: ExamVersion, entries: Iterable[ScoreboardEntry], *, named: bool
) -> dict[uuid.UUID, str]:
    """What students see of each other: no address, also where somebody has no name."""
    people = {entry.user_id: entry.user for entry in entries}
    aliases = scoreboard.aliases(version, people)
    return {
        who: (user.name if named else "") or aliases[who]
        for who, user in people.items()
    }
