"""The list of exams, one exam as a whole, and its document."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from examgen.jobs.clock import now
from exams.forms import RenameForm
from exams.models import Exam
from exams.services import authoring, documents, files
from exams.services import lectures as services
from exams.services.progress import progress_of
from exams.states import FROZEN, ExamState, IllegalMoveError
from exams.views.access import educators_only
from exams.views.away import store_away
from exams.views.lectures import PER_PAGE

if TYPE_CHECKING:
    from examgen.typing import UserRequest


@educators_only
@require_GET
def exam_list(request: UserRequest) -> HttpResponse:
    exams = Exam.objects.for_user(request.user).with_counts().with_versions()
    exams = exams.select_related("lecture")
    page = Paginator(exams, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/exams.html", {"page": page, "at": now()})


@educators_only
@require_GET
def exam_detail(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """All questions of an exam at a glance; while it is made, its progress."""
    exam = get_object_or_404(
        Exam.objects.for_user(request.user)
        .with_counts()
        .with_versions()
        .select_related("lecture"),
        id=exam_id,
    )
    questions = list(exam.questions.all())
    return render(
        request,
        "exams/exam.html",
        {
            "exam": exam,
            "version": exam.version,
            "at": now(),
            "questions": questions,
            "coverage": documents.coverage(exam, questions),
            "way": progress_of([exam.lecture], {exam.lecture_id: exam})[0],
            "rename_form": RenameForm(initial={"title": exam.title}),
        },
    )


@educators_only
@require_GET
def exam_progress(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """The stage bar of one exam, polled; a finished one asks the page to reload."""
    exam = get_object_or_404(
        Exam.objects.for_user(request.user).select_related("lecture"), id=exam_id
    )
    if not request.htmx:
        return redirect("exam", exam_id=exam.id)
    (way,) = progress_of([exam.lecture], {exam.lecture_id: exam})
    response = render(request, "exams/_exam_way.html", {"way": way, "exam": exam})
    if not way.moving:
        response["HX-Refresh"] = "true"
    return response


@educators_only
@require_POST
def exam_rename(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    exam = get_object_or_404(Exam.objects.for_user(request.user), id=exam_id)
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            authoring.rename_exam(exam=exam, title=form.cleaned_data["title"])
        except IllegalMoveError:
            messages.info(request, _("What was published keeps its title."))
    else:
        messages.error(request, _("An exam needs a title of at most 200 characters."))
    return redirect("exam", exam_id=exam.id)


@educators_only
@require_POST
def exam_retry(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    exam = get_object_or_404(
        Exam.objects.for_user(request.user).select_related("lecture"), id=exam_id
    )
    try:
        services.retry_exam(exam=exam, actor=request.user)
    except IllegalMoveError:
        messages.info(request, _("Nothing to try again: it is already under way."))
    return redirect("exam", exam_id=exam.id)


@educators_only
def exam_delete(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Ask, then remove an exam; its lecture stays, and so does what was published."""
    exam = get_object_or_404(
        Exam.objects.for_user(request.user).with_counts(), id=exam_id
    )
    if request.method == "POST":
        title = exam.title
        try:
            services.delete_exam(exam=exam, actor=request.user)
        except services.PublishedError:
            messages.warning(request, _("What was published is closed, not deleted."))
            return redirect("exam", exam_id=exam.id)
        messages.success(request, _("Exam “%(title)s” deleted.") % {"title": title})
        return redirect("exams")
    context = {"exam": exam, "exams_that_stay": [exam]}
    return render(request, "exams/exam_delete.html", context)


@educators_only
@require_GET
def exam_document(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """The exam as an `examgen/1` document: as published, else what is not rejected."""
    exam = get_object_or_404(
        Exam.objects.for_user(request.user).with_versions().select_related("lecture"),
        id=exam_id,
        state__in=[ExamState.DRAFT, *FROZEN],
    )
    try:
        document = documents.as_bytes(exam)
    except files.StoreError:
        return store_away(request)
    response = HttpResponse(document, content_type="application/json")
    name = slugify(exam.title) or "exam"
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
