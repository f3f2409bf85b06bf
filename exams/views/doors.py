"""Closing and reopening a published exam, moving its end, releasing its results."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Protocol

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from examgen.jobs.clock import now
from exams.forms import ClosingForm
from exams.models import ExamVersion
from exams.publishing_wording import refusal
from exams.services import publishing
from exams.services.publishing import RefusedError
from exams.states import IllegalMoveError
from exams.views.access import educators_only

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from examgen.typing import UserRequest


class NewEnd(Protocol):
    """What gives an exam another end: reopening it, or moving the end."""

    def __call__(
        self, *, version: ExamVersion, closes_at: datetime | None, actor: User
    ) -> None: ...


@educators_only
def close(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Ask, then let nobody start any more."""
    version = _version(request, exam_id)
    if request.method != "POST":
        return _ask(request, "exams/close.html", version)
    try:
        publishing.close_exam(version=version, actor=request.user.id)
    except IllegalMoveError:
        messages.info(request, _("This exam is closed already."))
    else:
        said = _("“%(title)s” is closed. You can reopen it.")
        messages.success(request, said % {"title": version.title})
    return redirect("share", exam_id)


@educators_only
def reopen(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Ask for a new end, then open the doors again."""
    version = _version(request, exam_id)
    if version.closed_at is None:
        messages.info(request, _("This exam is open already."))
        return redirect("share", exam_id)
    return _new_end(
        request,
        version,
        publishing.reopen_exam,
        suggested=publishing.suggested_end(request.user, now()),
        said=_("“%(title)s” is open again."),
    )


@educators_only
def end(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Ask for another end of an exam that is open."""
    version = _version(request, exam_id)
    if version.closed_at is not None:
        messages.info(request, _("This exam is closed. You can reopen it."))
        return redirect("share", exam_id)
    return _new_end(
        request,
        version,
        publishing.move_closing,
        suggested=version.closes_at,
        said=_("The end of “%(title)s” is moved."),
    )


def _new_end(
    request: UserRequest,
    version: ExamVersion,
    change: NewEnd,
    *,
    suggested: datetime | None,
    said: str,
) -> HttpResponse:
    form = ClosingForm(
        request.POST if request.method == "POST" else None,
        end_needed=publishing.needs_end(version, now()),
        initial={"closes_at": suggested},
    )
    if form.is_valid():
        until = form.cleaned_data["closes_at"]
        try:
            change(version=version, closes_at=until, actor=request.user)
        except RefusedError as error:
            form.add_error("closes_at", refusal(error.code))
        except IllegalMoveError:
            messages.info(request, _("Somebody opened or closed this exam meanwhile."))
            return redirect("share", version.exam_id)
        else:
            messages.success(request, said % {"title": version.title})
            return redirect("share", version.exam_id)
    status = 422 if form.is_bound else 200
    return _ask(request, "exams/end.html", version, form=form, status=status)


@educators_only
def release(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Ask, then show students their results."""
    version = _version(request, exam_id)
    if request.method != "POST":
        return _ask(request, "exams/release.html", version)
    try:
        publishing.release_results(version=version, actor=request.user)
    except RefusedError as error:
        messages.warning(request, refusal(error.code))
    else:
        said = _("The results of “%(title)s” are released.")
        messages.success(request, said % {"title": version.title})
    return redirect("share", exam_id)


def _version(request: UserRequest, exam_id: uuid.UUID) -> ExamVersion:
    version = ExamVersion.objects.for_user(request.user).newest_of(exam_id)
    if version is None:
        raise Http404
    return version


def _ask(
    request: UserRequest,
    template: str,
    version: ExamVersion,
    *,
    form: ClosingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"version": version, "exam": version.exam, "form": form}
    return render(request, template, context, status=status)
