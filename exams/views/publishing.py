"""Publishing an exam, and the page by which students come to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.codes import spoken
from accounts.models import Course
from examgen.jobs.clock import now
from exams.forms import PublishForm
from exams.models import Exam, ExamVersion
from exams.services import checklist, publishing
from exams.services.files import StoreError
from exams.services.publishing import (
    ChangedMeanwhileError,
    Level,
    NotReadyError,
)
from exams.states import FROZEN, ExamState, IllegalMoveError
from exams.views.access import educators_only

if TYPE_CHECKING:
    from examgen.typing import UserRequest


# What stands in the way comes first.
_ORDER = (Level.PROBLEM, Level.NOTE, Level.OK)


@educators_only
def publish(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """The rules of an exam beside the checklist; with htmx, the checklist alone."""
    at = now()
    exams = Exam.objects.for_user(request.user).select_related("owner")
    exam = get_object_or_404(exams, id=exam_id, state__in=[ExamState.DRAFT, *FROZEN])
    if exam.state in FROZEN:
        return redirect("share", exam.id)
    typed = request.POST if request.method == "POST" else None
    if request.htmx and request.method == "GET":
        typed = request.GET
    form = PublishForm(
        typed,
        suggested=publishing.suggested_policy(exam=exam, at=at),
        courses=Course.objects.for_user(request.user),
        at=at,
    )
    wanted = request.method == "POST" and "check" not in request.POST
    if wanted and form.is_valid():
        return _publish(request, exam, form, at)
    return _page(request, exam, form, at)


def _publish(
    request: UserRequest, exam: Exam, form: PublishForm, at: datetime
) -> HttpResponse:
    try:
        publishing.publish_exam(
            exam=exam,
            actor=request.user,
            policy=form.policy,
            course=form.chosen_course,
        )
    except NotReadyError:
        return _page(request, exam, form, at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhileError:
        said = _("This exam was changed meanwhile. Look at the list, then publish.")
        messages.warning(request, said)
        exam.refresh_from_db()
        return _page(request, exam, form, at, status=HTTPStatus.CONFLICT)
    except StoreError:
        said = _("The file store does not answer. Nothing is published; try again.")
        messages.error(request, said)
        return _page(request, exam, form, at, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except IllegalMoveError:
        messages.info(request, _("Somebody published this exam already."))
        return redirect("exam", exam.id)
    messages.success(request, _("“%(title)s” is published.") % {"title": exam.title})
    return redirect("share", exam.id)


def _page(
    request: UserRequest,
    exam: Exam,
    form: PublishForm,
    at: datetime,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page, or only the checklist; what was sent with a problem is a 422."""
    checks = []
    if not form.is_bound or form.is_valid():
        checks = publishing.checklist(
            exam=exam, policy=form.policy, course=form.chosen_course, at=at
        )
    problems = [check for check in checks if check.level == Level.PROBLEM]
    if request.method == "POST":
        form.add_problems(problems)
        if status == HTTPStatus.OK and form.errors:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "exam": exam,
        "form": form,
        "checks": sorted(checks, key=lambda check: _ORDER.index(check.level)),
        "ready": bool(checks) and not problems,
        "undecided": any(check.code == "undecided" for check in problems),
    }
    template = "exams/_checklist.html" if request.htmx else "exams/publish.html"
    return render(request, template, context, status=status)


@educators_only
@require_GET
def share(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """How students come to an exam, its hours and rules, and its doors."""
    version = ExamVersion.objects.for_user(request.user).newest_of(exam_id)
    if version is None:
        drafts = Exam.objects.for_user(request.user).filter(state=ExamState.DRAFT)
        return redirect("publish", get_object_or_404(drafts, id=exam_id).id)
    at = now()
    return render(
        request,
        "exams/share.html",
        {
            "version": version,
            "exam": version.exam,
            "at": at,
            "may_release": version.may_release(at),
            "code": spoken(version.code),
            "link": publishing.join_link(version),
            "checks": checklist.summary(version),
        },
    )
