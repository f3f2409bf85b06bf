"""The home of whoever is signed in, and the landing page for all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from examgen.jobs.clock import now
from exams.models import Exam, Lecture
from exams.services.progress import progress_of
from exams.states import ExamState, LectureState
from scoring.services import homes
from scoring.services.homes import LANE

if TYPE_CHECKING:
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
    lanes = _needs(user) | _live(user) | _done(user)
    return render(request, "home_educator.html", lanes | {"shelf": shelf})


def _needs(user: User) -> dict[str, object]:
    """Drafts to decide or to publish, failures, answers to grade."""
    exams = Exam.objects.for_user(user).with_counts().select_related("lecture")
    return {
        "to_review": exams.to_review()[:LANE],
        "decided": exams.decided()[:LANE],
        "failed_lectures": Lecture.objects.for_user(user).filter(
            state=LectureState.FAILED
        )[:LANE],
        "failed_exams": exams.filter(
            state=ExamState.FAILED, lecture__state=LectureState.READ
        )[:LANE],
        "to_grade": homes.to_grade(user),
    }


def _live(user: User) -> dict[str, object]:
    """Exams that run or will, and lectures on their way to a draft."""
    newest_first = Exam.objects.with_counts().order_by("-created_at")
    lectures = Lecture.objects.for_user(user).prefetch_related(
        Prefetch("exams", queryset=newest_first)
    )
    working = lectures.filter(state=LectureState.STORED) | lectures.filter(
        exams__state__in=[ExamState.WAITING, ExamState.GENERATING]
    )
    at = now()
    return {
        "live": homes.live(user, at=at)[:LANE],
        "planned": homes.planned(user, at=at),
        "ways": progress_of(working.distinct()[:LANE]),
    }


def _done(user: User) -> dict[str, object]:
    return {"ended": homes.ended(user, at=now())}
