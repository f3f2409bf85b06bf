"""Upload a lecture, watch it become an exam, look at what was read."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from examgen.jobs.clock import now
from examgen.uploads import has_no_room
from exams.forms import UploadForm, WishForm
from exams.models import Exam, Lecture
from exams.reading import ReadingError
from exams.services import lectures as services
from exams.services import left_out
from exams.services.files import StoreError, StoreFullError
from exams.services.progress import progress_of
from exams.states import IllegalMoveError
from exams.views.access import educators_only
from exams.views.away import RETRY_SECONDS
from exams.wording import reading_problem

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

    from accounts.models import User
    from examgen.typing import UserRequest
    from exams.services.wishes import Wish

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
    refused: list[Refusal] = []
    if request.method == "POST" and form.is_valid():
        refused = _upload(request, form)
        if not refused:
            return redirect("lectures")
    page = Paginator(_lectures(request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    statuses = [refusal.status for refusal in refused]
    response = render(
        request,
        "exams/lectures.html",
        {
            "form": form,
            "refused": refused,
            "page": page,
            "ways": progress_of(page.object_list),
        },
        # What the site cannot do weighs more than what a file is not.
        status=max(statuses, default=422 if form.errors else 200),
    )
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


class Refusal(NamedTuple):
    """A file that was not taken, and why not in words."""

    name: str
    reason: str
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY


def _upload(request: UserRequest, form: UploadForm) -> list[Refusal]:
    """Take every file that can be taken; return what was refused."""
    refused: list[Refusal] = []
    for file in form.cleaned_data["lectures"]:
        if refused and refused[-1].status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # Nobody need wait for the same silence again, file by file.
            refused.append(refused[-1]._replace(name=file.name))
        elif refusal := _take(request, file, form.wish()):
            refused.append(refusal)
    return refused


def _take(request: UserRequest, file: UploadedFile[Any], wish: Wish) -> Refusal | None:
    name = file.name or ""
    if has_no_room(file):
        return _no_room(name)
    try:
        upload = services.upload_lecture(
            owner=request.user, file=file, name=name, wish=wish
        )
    except ReadingError as error:
        return Refusal(name, reading_problem(error.code, error.params))
    except StoreFullError:
        return _no_room(name)
    except StoreError:
        reason = _("The file store does not answer. Try again in a minute.")
        return Refusal(name, reason, HTTPStatus.SERVICE_UNAVAILABLE)
    except IllegalMoveError:
        return Refusal(name, _("You deleted this while it was uploading."))
    if upload.known:
        messages.info(
            request,
            _(
                "You uploaded “%(title)s” before. Open its exam, or make "
                "another from it."
            )
            % {"title": upload.lecture.title},
        )
    return None


def _no_room(name: str) -> Refusal:
    reason = _("There is no room left for files. Tell your administrator.")
    return Refusal(name, reason, HTTPStatus.INSUFFICIENT_STORAGE)


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
    pages = list(left_out.listed_pages(lecture))
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
            "report": left_out.report(lecture, pages),
            "newer": services.may_be_read_again(lecture),
            "new_pictures": services.has_new_pictures(lecture),
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
def lecture_read_again(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponse:
    """Read a lecture again in which more can be found."""
    lecture = get_object_or_404(Lecture.objects.for_user(request.user), id=lecture_id)
    try:
        services.read_again(lecture=lecture, actor=request.user)
    except IllegalMoveError:
        messages.info(request, _("This cannot be read again now."))
    return redirect("lecture", lecture_id=lecture.id)


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
