"""Writing a question beside the page that it is about."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exams.content import Kind
from exams.forms import StartForm, WrittenForm
from exams.forms.writing import blank
from exams.services import writing
from exams.services.authoring import NotFitError
from exams.services.wishes import Wish
from exams.states import IllegalMoveError
from exams.views.access import educators_only
from exams.views.review import drafted_exam

if TYPE_CHECKING:
    from examgen.typing import UserRequest


@educators_only
@require_http_methods(["GET", "POST"])
def write(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """The fields of a question of the kind, and the page, that the address names."""
    exam = drafted_exam(request, exam_id)
    if exam.is_frozen:
        messages.info(request, _("This exam is no draft any more."))
        return redirect("exam", exam.id)
    asked = {"kind": Kind.SINGLE_CHOICE, "page": "1", **request.GET.dict()}
    start = StartForm(asked, pages=exam.lecture.page_count)
    known = start.is_valid()
    kind = Kind(start.cleaned_data.get("kind", Kind.SINGLE_CHOICE))
    number = start.cleaned_data.get("page", 1)
    form = WrittenForm(
        _sent(request, number),
        question=blank(kind, Wish.from_json(exam.settings).options),
        quoted=partial(writing.quoted, exam),
    )
    status = 200 if known else 422
    if request.method == "POST" and known:
        status = 422
        if form.is_valid():
            try:
                question = writing.write_question(
                    exam=exam,
                    actor=request.user,
                    written=form.edited(),
                    once=request.POST.get("once", ""),
                )
            except NotFitError as error:
                form.add_findings(error.findings)
            except IllegalMoveError:
                messages.info(request, _("This exam is no draft any more."))
                return redirect("exam", exam.id)
            else:
                messages.success(request, _("Question added and accepted."))
                return redirect("review_question", exam.id, question.id)
    context = {
        "exam": exam,
        "page": get_object_or_404(exam.lecture.pages.all(), number=number),
        "start": start,
        "form": form,
        "question": {"kind": kind.value},
        "once": request.POST.get("once") or uuid.uuid4().hex,
    }
    return render(request, "exams/write.html", context, status=status)


def _sent(request: UserRequest, page: int) -> QueryDict | None:
    """What was typed, about the page that the address names; None: nothing yet."""
    if request.method != "POST":
        return None
    sent = request.POST.copy()
    sent["page"] = str(page)
    return sent
