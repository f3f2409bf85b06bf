"""The home of whoever is signed in, and the landing page for all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch, QuerySet, Window
from django.shortcuts import render
from django.views.decorators.http import require_safe

from examgen.jobs.clock import now
from exams.models import Exam, Lecture
from exams.services.progress import progress_of
from exams.states import ExamState, LectureState
from scoring.services import homes
from scoring.services.homes import LANE

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated:
        return render(request, "landing.html")
    at = now()
    shelf = homes.shelf(user, at=at)
    if not user.is_educator:
        return render(request, "home_student.html", {"shelf": shelf})
    needs, running = _needs(user), _running(user, at)
    context = {
        **needs,
        **running,
        "ways": progress_of(running["ways"].rows),
        "on_the_way": running["ways"].total,
        "ended": homes.ended(user, at=at),
        "needs": sum(lane.total for lane in needs.values()),
        "needs_hidden": sum(lane.hidden for lane in needs.values()),
        "running_hidden": sum(lane.hidden for lane in running.values()),
        "shelf": shelf,
    }
    return render(request, "home_educator.html", context)


@dataclass(frozen=True, slots=True)
class Lane:
    """The first of some rows, and how many there are."""

    rows: Sequence[Any]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


def _lane(rows: QuerySet[Any]) -> Lane:
    # The database counts all of them while it finds the first.
    found = list(rows.annotate(in_all=Window(Count("*")))[:LANE])
    return Lane(found, found[0].in_all if found else 0)


def _needs(user: User) -> dict[str, Lane]:
    """Drafts to decide or to publish, failures, answers to grade."""
    exams = Exam.objects.for_user(user).with_counts().select_related("lecture")
    lectures = Lecture.objects.for_user(user)
    failed = exams.filter(state=ExamState.FAILED, lecture__state=LectureState.READ)
    return {
        "to_review": _lane(exams.to_review()),
        "decided": _lane(exams.decided()),
        "failed_lectures": _lane(lectures.filter(state=LectureState.FAILED)),
        "failed_exams": _lane(failed),
        "to_grade": _lane(homes.to_grade(user)),
    }


def _running(user: User, at: datetime) -> dict[str, Lane]:
    """Exams that run or will, and lectures on their way to a draft."""
    newest_first = Exam.objects.with_counts().order_by("-created_at")
    lectures = Lecture.objects.for_user(user).prefetch_related(
        Prefetch("exams", queryset=newest_first)
    )
    return {
        "live": _lane(homes.live(user, at=at)),
        "planned": _lane(homes.planned(user, at=at)),
        "ways": _lane(lectures.on_the_way()),
    }
