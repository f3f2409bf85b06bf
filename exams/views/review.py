"""Reviewing a draft: the page at the left, the question at the right."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exams.forms import AddForm, AnotherForm, KindForm, QuestionForm
from exams.models import Exam, Question
from exams.services import authoring, documents
from exams.services.requests import asked_about
from exams.states import FROZEN, ExamState, IllegalMoveError, QuestionState
from exams.views.access import educators_only
from exams.views.lit_page import lit_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import Form

    from examgen.typing import UserRequest


@educators_only
@require_GET
def review(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID | None = None
) -> HttpResponse:
    """One question beside its page: the one named, else the next to decide.

    What was published can be looked at, but neither decided nor edited.
    """
    exam = drafted_exam(request, exam_id)
    if question_id is None:
        question = authoring.next_undecided(exam) or exam.questions.first()
        if question is None:
            raise Http404
        return redirect("review_question", exam.id, question.id)
    return review_page(request, exam, question_id)


@educators_only
@require_POST
def decide(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Accept, reject or reopen a question, then go on to the next to decide."""
    exam = drafted_exam(request, exam_id)
    question = get_object_or_404(exam.questions.all(), id=question_id)
    decision = request.POST.get("decision", "")
    if decision not in (
        QuestionState.ACCEPTED,
        QuestionState.REJECTED,
        QuestionState.PROPOSED,
    ):
        raise Http404
    try:
        authoring.decide(
            question=question,
            decision=QuestionState(decision),
            actor=request.user,
            revision=seen_revision(request),
        )
    except authoring.EditConflictError:
        messages.warning(
            request,
            _("This question was edited meanwhile. Look at it again, then decide."),
        )
        return redirect("review_question", exam.id, question.id)
    except IllegalMoveError:
        messages.info(request, _("This exam is no draft any more."))
        return redirect("exam", exam.id)
    following = authoring.next_undecided(exam, after=question.id)
    if decision == QuestionState.PROPOSED or following is None:
        following = question
    if request.htmx:
        response = review_page(request, exam, following.id)
        # Only what was really decided is said, and can be undone, on the page.
        response["HX-Trigger"] = "decided"
        response["HX-Push-Url"] = reverse(
            "review_question", args=[exam.id, following.id]
        )
        return response
    return redirect("review_question", exam.id, following.id)


@educators_only
def edit(
    request: UserRequest, exam_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Edit a question beside its page; saving accepts it."""
    exam = drafted_exam(request, exam_id)
    if exam.is_frozen:
        messages.info(request, _("This exam is no draft any more."))
        return redirect("exam", exam.id)
    question = get_object_or_404(exam.questions.all(), id=question_id)
    form = QuestionForm(request.POST or None, question=question.as_content())
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                authoring.edit_question(
                    question=question,
                    edited=form.edited(),
                    actor=request.user,
                    revision=seen_revision(request),
                )
            except authoring.EditConflictError:
                question = get_object_or_404(exam.questions.all(), id=question_id)
                form.add_error(
                    None,
                    _(
                        "Somebody else saved this question while you were editing. "
                        "Below is your text; saving again replaces theirs."
                    ),
                )
                status = 409
            except authoring.NotFitError as error:
                form.add_findings(error.findings)
                status = 422
            except IllegalMoveError:
                messages.info(request, _("This exam is no draft any more."))
                return redirect("exam", exam.id)
            else:
                messages.success(request, _("Question saved and accepted."))
                return redirect("review_question", exam.id, question.id)
        else:
            status = 422
    return review_page(request, exam, question.id, form=form, status=status)


def drafted_exam(request: UserRequest, exam_id: uuid.UUID) -> Exam:
    """One of the person's exams that has questions."""
    return get_object_or_404(
        Exam.objects.for_user(request.user).with_counts().select_related("lecture"),
        id=exam_id,
        state__in=[ExamState.DRAFT, *FROZEN],
    )


def review_page(
    request: UserRequest,
    exam: Exam,
    question_id: uuid.UUID,
    *,
    form: QuestionForm | None = None,
    asking: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One question beside its page; the forms in `asking` stand for fresh ones."""
    questions: list[Question] = list(exam.questions.all())
    place = next(
        (index for index, item in enumerate(questions) if item.id == question_id), None
    )
    if place is None:
        raise Http404
    question = questions[place]
    undecided = sum(item.state == QuestionState.PROPOSED for item in questions)
    template = "exams/_review.html" if request.htmx else "exams/review.html"
    return render(
        request,
        template,
        {
            "exam": exam,
            "question": question,
            "content": question.as_content(),
            "number": place + 1,
            "total": len(questions),
            "decided": len(questions) - undecided,
            "left": undecided,
            "previous": questions[place - 1] if place else None,
            "next": questions[place + 1] if place + 1 < len(questions) else None,
            "lit": lit_page(exam.lecture_id, question),
            "coverage": documents.coverage(exam, questions),
            "questions": questions,
            "form": form,
            "asked": asked_about(exam, question),
            "add_form": AddForm(pages=exam.lecture.page_count),
            "another_form": AnotherForm(),
            "kind_form": KindForm(now=question.kind),
            **(asking or {}),
            # After a conflict the row holds the other person's words.
            "theirs": status == HTTPStatus.CONFLICT,
        },
        status=status,
    )


def seen_revision(request: UserRequest) -> int:
    """The revision of the question that the person had on the page."""
    try:
        return int(request.POST.get("revision", ""))
    except ValueError as error:
        raise Http404 from error
