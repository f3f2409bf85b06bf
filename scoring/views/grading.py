"""The queue of answers that only a person can grade, one after the other."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from exams.views.access import educators_only
from exams.views.lectures import PER_PAGE
from scoring.forms.running import MarkForm
from scoring.grading import plain
from scoring.services import homes, marking
from scoring.services.marking import MarkConflictError, MarkRefusedError, Written

if TYPE_CHECKING:
    from examgen.typing import UserRequest

# Who came from the result of an attempt goes back to it.
FROM_RESULT = "result"


@educators_only
@require_GET
def grading(request: UserRequest) -> HttpResponse:
    """Lead to the next answer, of one exam or of all; or say that none waits."""
    exam = _exam_of(request)
    if exam is not None and (following := marking.first_of(request.user, exam)):
        return redirect("grade_answer", *following)
    exams = Paginator(homes.to_grade(request.user), PER_PAGE)
    page = exams.get_page(request.GET.get("page"))
    return render(request, "scoring/grading.html", {"page": page})


@educators_only
def grade_answer(
    request: UserRequest, attempt_id: uuid.UUID, question: uuid.UUID
) -> HttpResponse:
    """One answer, without its student's name; a POST gives points and leads on.

    One that was graded comes with its mark, which may be changed: the grade of before
    stays where it is, below the new one.
    """
    here = marking.written(request.user, attempt_id, str(question))
    if here is None:
        return _gone(request, attempt_id)
    if request.method != "POST":
        return _page(request, here, _form(here))
    form = MarkForm(request.POST, most=here.sheet["points"])
    if not form.is_valid():
        return _page(request, here, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _mark(request, here, form)
    except MarkConflictError as conflict:
        # The page keeps what was written and has seen the newer grade now.
        newer = marking.written(request.user, attempt_id, str(question)) or here
        status = HTTPStatus.CONFLICT
        return _page(request, newer, form, status=status, conflict=conflict)
    except MarkRefusedError:
        return _gone(request, attempt_id)
    return _on(request, here)


def _form(here: Written) -> MarkForm:
    mark = {}
    if here.points is not None:
        mark = {"points": plain(here.points), "comment": here.comment}
    return MarkForm(most=here.sheet["points"], initial=mark)


def _page(
    request: UserRequest,
    here: Written,
    form: MarkForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    conflict: MarkConflictError | None = None,
) -> HttpResponse:
    context = {
        "here": here,
        "form": form,
        "conflict": conflict,
        "left": marking.left(here.attempt.version),
    }
    return render(request, "scoring/grade_answer.html", context, status=status)


def _mark(request: UserRequest, here: Written, form: MarkForm) -> None:
    marking.mark_by_hand(
        attempt=here.attempt,
        question=here.question,
        points=form.cleaned_data["points"],
        comment=form.cleaned_data["comment"],
        actor=request.user,
        revision=form.cleaned_data["revision"],
    )
    messages.success(request, _("Graded."))


def _on(request: UserRequest, here: Written) -> HttpResponse:
    """Back to where one came from, else to the next answer of the same exam."""
    if request.GET.get("from") == FROM_RESULT:
        return redirect("result", here.attempt.pk)
    following = marking.next_of(here.attempt.version)
    return redirect("grade_answer", *following) if following else redirect("grading")


def _gone(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Taken out meanwhile, not handed in yet; or never this person's business."""
    if not marking.is_held_by(request.user, attempt_id):
        raise Http404
    messages.info(request, _("There is no answer to grade."))
    return redirect("grading")


def _exam_of(request: UserRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("exam", ""))
    except ValueError:
        return None
