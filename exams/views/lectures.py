"""Upload a lecture, watch it become an exam, look at what was read."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from examgen.jobs.clock import now
from exams.forms import UploadForm, WishForm
from exams.models import Exam, Lecture
from exams.reading import ReadingError
from exams.services import lectures as services
from exams.services.files import StoreError
from exams.services.progress import progress_of
from exams.states import IllegalMoveError
from exams.views.access import educators_only
from exams.wording import reading_problem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from examgen.typing import UserRequest

PER_PAGE = 20


def _lectures(user: User) -> QuerySet[Lecture]:
    newest_first = Exam.objects.with_counts().with_versions()
    return Lecture.objects.for_user(user).prefetch_related(
        Prefetch("exams", queryset=newest_first)
    )


@educators_only
def lecture_list(request: UserRequest) -> HttpResponse:
    """List one's lectures with their progress; a POST uploads more."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refused: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        refused = _upload(request, form)
        if not refused:
            return redirect("lectures")
    page = Paginator(_lectures(request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "exams/lectures.html",
        {
            "form": form,
            "refused": refused,
            "page": page,
            "ways": progress_of(page.object_list),
        },
        status=422 if form.errors or refused else 200,
    )


def _upload(request: UserRequest, form: UploadForm) -> list[tuple[str, str]]:
    """Take every file that can be taken; return (name, why not) of the others."""
    refused: list[tuple[str, str]] = []
    for file in form.cleaned_data["lectures"]:
        try:
            upload = services.upload_lecture(
                owner=request.user, file=file, name=file.name, wish=form.wish()
            )
        except ReadingError as error:
            refused.append((file.name, reading_problem(error.code, error.params)))
        except StoreError:
            refused.append(
                (file.name, _("The file store does not answer. Try again in a minute."))
            )
        except IllegalMoveError:
            refused.append((file.name, _("You deleted this while it was uploading.")))
        else:
            if upload.known:
                messages.info(
                    request,
                    _(
                        "You uploaded “%(title)s” before. Open its exam, or make "
                        "another from it."
                    )
                    % {"title": upload.lecture.title},
                )
    return refused


@educators_only
@require_GET
def lecture_progress(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """The row of one lecture, asked for again and again while it moves."""
    lecture = get_object_or_404(_lectures(request.user), id=lecture_id)
    (way,) = progress_of([lecture])
    if not request.htmx:
        return redirect("lecture", lecture_id=lecture.id)
    return render(request, "exams/_way.html", {"way": way})


@educators_only
@require_GET
def lecture_detail(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """What was read of a lecture, and the exams made from it."""
    lecture = get_object_or_404(_lectures(request.user), id=lecture_id)
    (way,) = progress_of([lecture])
    pages = lecture.pages.defer("words", "text")
    return render(
        request,
        "exams/lecture.html",
        {
            "lecture": lecture,
            "at": now(),
            "way": way,
            "pages": pages,
            "exams": lecture.exams.all(),
            "form": WishForm(),
        },
    )


@educators_only
@require_POST
def lecture_request_exam(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """Ask for another exam from a lecture."""
    lecture = get_object_or_404(Lecture.objects.for_user(request.user), id=lecture_id)
    form = WishForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("lecture", lecture_id=lecture.id)
    try:
        exam = services.request_exam(
            lecture=lecture, actor=request.user, wish=form.wish()
        )
    except IllegalMoveError:
        messages.info(request, _("This lecture is still being uploaded."))
        return redirect("lecture", lecture_id=lecture.id)
    return redirect("exam", exam_id=exam.id)


@educators_only
@require_POST
def lecture_retry(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """Try again from the stage that failed."""
    lecture = get_object_or_404(_lectures(request.user), id=lecture_id)
    exam = next(iter(lecture.exams.all()), None)
    try:
        if exam is not None:
            services.retry_exam(exam=exam, actor=request.user)
        else:
            services.retry_lecture(lecture=lecture, actor=request.user)
    except IllegalMoveError:
        messages.info(request, _("Nothing to try again: it is already under way."))
    return redirect(_back(request, lecture))


@educators_only
@require_POST
def lecture_cancel(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    lecture = get_object_or_404(Lecture.objects.for_user(request.user), id=lecture_id)
    try:
        services.cancel(lecture=lecture, actor=request.user)
    except IllegalMoveError:
        messages.info(request, _("Too late to cancel: it is already done."))
    return redirect(_back(request, lecture))


@educators_only
def lecture_delete(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """Ask, then remove a lecture with its exams and files."""
    lecture = get_object_or_404(_lectures(request.user), id=lecture_id)
    if request.method == "POST":
        title = lecture.title
        try:
            services.delete_lecture(lecture=lecture, actor=request.user)
        except services.PublishedError:
            said = _("A published exam quotes this lecture, so it stays.")
            messages.warning(request, said)
            return redirect("lecture", lecture_id=lecture.id)
        except IllegalMoveError:
            return redirect("lectures")  # deleted in another tab
        messages.success(request, _("Lecture “%(title)s” deleted.") % {"title": title})
        return redirect("lectures")
    published = [exam for exam in lecture.exams.all() if exam.is_frozen]
    context = {"lecture": lecture, "published": published}
    return render(request, "exams/lecture_delete.html", context)


def _back(request: UserRequest, lecture: Lecture) -> str:
    """The list for what was asked from the list, else the lecture's own page."""
    if request.POST.get("from") == "list":
        return reverse("lectures")
    return reverse("lecture", args=[lecture.id])
