"""Asking for questions while reviewing: more, another one, another kind."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exams.forms import AddForm, AnotherForm, KindForm
from exams.models import QuestionRequest
from exams.request_wording import request_problem
from exams.services import requests
from exams.services.authoring import EditConflictError
from exams.services.requests import RefusedRequestError
from exams.states import IllegalMoveError
from exams.views.access import educators_only
from exams.views.review import drafted_exam, review_page, seen_revision

if TYPE_CHECKING:
    from collections.abc import Callable

    from examgen.typing import UserRequest
    from exams.models import Exam

# Where on the page of a question the answers stand.
ADDED, INSTEAD = "added", "instead"


@educators_only
@require_POST
def add(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Ask for more questions; this one is what the person looks at meanwhile."""
    exam = drafted_exam(request, exam_id)
    at = get_object_or_404(exam.questions.all(), id=question_id)
    form = AddForm(request.POST, pages=exam.lecture.page_count)
    if not form.is_valid():
        return review_page(request, exam, at.id, asking={"add_form": form}, status=422)

    def ask() -> None:
        requests.add_questions(
            exam=exam,
            actor=request.user,
            number=form.cleaned_data["number"],
            first_page=form.cleaned_data["first_page"],
            last_page=form.cleaned_data["last_page"],
            kinds=form.chosen_kinds,
        )

    return _asked(request, exam, at.id, ADDED, ask)


@educators_only
@require_POST
def another(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Ask for another question in the place of this one."""
    exam = drafted_exam(request, exam_id)
    question = get_object_or_404(exam.questions.all(), id=question_id)
    revision, form = seen_revision(request), AnotherForm(request.POST)
    if not form.is_valid():
        asking = {"another_form": form}
        return review_page(request, exam, question.id, asking=asking, status=422)

    def ask() -> None:
        requests.regenerate(
            question=question,
            actor=request.user,
            revision=revision,
            hint=form.cleaned_data["hint"],
        )

    return _asked(request, exam, question.id, INSTEAD, ask)


@educators_only
@require_POST
def kind(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Ask for a question of another kind in the place of this one."""
    exam = drafted_exam(request, exam_id)
    question = get_object_or_404(exam.questions.all(), id=question_id)
    revision, form = seen_revision(request), KindForm(request.POST, now=question.kind)
    if not form.is_valid():
        asking = {"kind_form": form}
        return review_page(request, exam, question.id, asking=asking, status=422)

    def ask() -> None:
        requests.change_kind(
            question=question, actor=request.user, revision=revision, kind=form.chosen
        )

    return _asked(request, exam, question.id, INSTEAD, ask)


@educators_only
@require_GET
def answer(
    request: UserRequest, exam_id: uuid.UUID, request_id: uuid.UUID
) -> HttpResponse:
    """What became of a request, polled; one that changed the page reloads it."""
    row = _row(request, exam_id, request_id)
    if not request.htmx:
        return redirect(_back(row))
    (told,) = requests.answering([row])
    context = {"exam": row.exam, "told": told}
    response = render(request, "exams/_answer_to_request.html", context)
    if row.question_id is not None and not row.is_open:
        response["HX-Refresh"] = "true"
    return response


@educators_only
@require_POST
def cancel(
    request: UserRequest, exam_id: uuid.UUID, request_id: uuid.UUID
) -> HttpResponse:
    """Take a request back; the exam stays as it is."""
    row = _row(request, exam_id, request_id)
    try:
        requests.cancel(request=row, actor=request.user)
    except IllegalMoveError:
        messages.info(request, _("Too late to cancel: it is already done."))
    return redirect(_back(row))


@educators_only
@require_POST
def bring_back(
    request: UserRequest, exam_id: uuid.UUID, request_id: uuid.UUID
) -> HttpResponse:
    """Give a replaced question its place back; the one that has it now is kept."""
    row = _row(request, exam_id, request_id)
    question_id = row.question_id or uuid.UUID(int=0)

    def ask() -> None:
        requests.bring_back(
            request=row, actor=request.user, revision=seen_revision(request)
        )

    return _asked(request, row.exam, question_id, INSTEAD, ask)


def _asked(
    request: UserRequest,
    exam: Exam,
    question_id: uuid.UUID,
    place: str,
    ask: Callable[[], None],
) -> HttpResponse:
    """Ask, then go back to the question; a refusal is said there."""
    here = reverse("review_question", args=[exam.id, question_id])
    try:
        ask()
    except EditConflictError:
        messages.warning(
            request,
            _("This question was edited meanwhile. Look at it again, then ask."),
        )
        return redirect(here)
    except RefusedRequestError as error:
        messages.info(request, request_problem(error.code))
    except IllegalMoveError:
        messages.info(request, _("This exam is no draft any more."))
        return redirect("exam", exam.id)
    return redirect(f"{here}#{place}")


def _row(
    request: UserRequest, exam_id: uuid.UUID, request_id: uuid.UUID
) -> QuestionRequest:
    rows = QuestionRequest.objects.for_user(request.user)
    return get_object_or_404(
        rows.select_related("exam__lecture", "question"), id=request_id, exam=exam_id
    )


def _back(row: QuestionRequest) -> str:
    """The page on which the request was made, at the place of its answer."""
    if row.question_id is None:
        return f"{reverse('review', args=[row.exam_id])}#{ADDED}"
    here = reverse("review_question", args=[row.exam_id, row.question_id])
    return f"{here}#{INSTEAD}"
