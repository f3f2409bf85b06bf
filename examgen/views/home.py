"""The landing page, or the home of whoever is signed in."""

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

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

_LANE = 6


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "landing.html")
    if not request.user.is_educator:
        return render(request, "home_student.html")
    return render(request, "home_educator.html", _lanes(request.user))


def _lanes(user: User) -> dict[str, object]:
    """Needs you: drafts and failures. Working: on its way, or published. Done: over."""
    exams = Exam.objects.for_user(user).with_counts().select_related("lecture")
    published = exams.with_versions()
    newest_first = Exam.objects.with_counts().order_by("-created_at")
    lectures = Lecture.objects.for_user(user).prefetch_related(
        Prefetch("exams", queryset=newest_first)
    )
    working = lectures.filter(state=LectureState.STORED) | lectures.filter(
        exams__state__in=[ExamState.WAITING, ExamState.GENERATING]
    )
    return {
        "to_review": exams.to_review()[:_LANE],
        "failed_lectures": lectures.filter(state=LectureState.FAILED)[:_LANE],
        "failed_exams": exams.filter(
            state=ExamState.FAILED, lecture__state=LectureState.READ
        )[:_LANE],
        "ways": progress_of(working.distinct()[:_LANE]),
        "to_publish": exams.decided()[:_LANE],
        "live": published.live()[:_LANE],
        "over": published.over()[:_LANE],
        "at": now(),
    }
