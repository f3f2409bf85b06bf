"""The queue of answers that only a person can grade, one after the other."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from exams.views.access import educators_only
from scoring.forms.running import MarkForm
from scoring.services import homes, marking
from scoring.services.marking import MarkConflictError, Waiting

if TYPE_CHECKING:
    from examgen.typing import UserRequest


@educators_only
@require_GET
def grading(request: UserRequest) -> HttpResponse:
    """Lead to the next answer, of one exam or of all; or say that none waits."""
    exam = _exam_of(request)
    waiting = marking.queue(request.user, exam=exam)
    if waiting and exam is not None:
        return _to(waiting[0])
    exams = homes.to_grade(request.user)
    return render(request, "scoring/grading.html", {"exams": exams})


@educators_only
def grade_answer(
    request: UserRequest, attempt_id: uuid.UUID, question: uuid.UUID
) -> HttpResponse:
    """One answer, without its student's name; a POST gives points and leads on."""
    waiting = marking.queue(request.user)
    here = next(
        (
            w
            for w in waiting
            if w.attempt.pk == attempt_id and w.question == str(question)
        ),
        None,
    )
    if here is None:
        return _gone(request, attempt_id)
    sent = request.POST if request.method == "POST" else None
    form = MarkForm(sent, most=here.sheet["points"])
    status = HTTPStatus.OK if sent is None else HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        if _mark(request, here, form):
            rest = [w for w in waiting if w is not here and _same(w, here)]
            return _to(rest[0]) if rest else redirect("grading")
        # The page keeps what was written and has seen the newer grade now.
        status = HTTPStatus.CONFLICT
    left = sum(_same(w, here) for w in waiting)
    context = {"here": here, "form": form, "left": left}
    return render(request, "scoring/grade_answer.html", context, status=status)


def _mark(request: UserRequest, here: Waiting, form: MarkForm) -> bool:
    try:
        marking.mark_by_hand(
            attempt=here.attempt,
            question=here.question,
            points=form.cleaned_data["points"],
            comment=form.cleaned_data["comment"],
            actor=request.user,
            revision=form.cleaned_data["revision"],
        )
    except MarkConflictError:
        messages.warning(
            request,
            _("Somebody graded this attempt meanwhile. Look again, then decide."),
        )
        return False
    messages.success(request, _("Graded."))
    return True


def _gone(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Graded in another tab, or by a colleague; or never this person's business."""
    if not marking.is_held_by(request.user, attempt_id):
        raise Http404
    messages.info(request, _("This answer is graded already."))
    return redirect("grading")


def _same(one: Waiting, other: Waiting) -> bool:
    return one.attempt.version_id == other.attempt.version_id


def _to(waiting: Waiting) -> HttpResponseRedirect:
    arguments = [waiting.attempt.pk, waiting.question]
    return HttpResponseRedirect(reverse("grade_answer", args=arguments))


def _exam_of(request: UserRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("exam", ""))
    except ValueError:
        return None
