"""Grading by people: what waits, one mark after the other; and receipts."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from rest_framework.response import Response

from api.operations import IF_MATCH, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.marking import (
    GenuineShape,
    MarkShape,
    QueueShape,
    ShownShape,
    ToGradeShape,
    WrittenShape,
)
from api.views.base import ApiView
from api.views.questions import revision_seen
from api.views.rows import one, read
from exams.models import Exam
from scoring.forms.running import MarkForm
from scoring.services import homes, marking
from scoring.services.marking import Written
from scoring.services.receipts import find_sealed


class ToGrade(ApiView):
    """Exams in which answers wait."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("to_grade", ToGradeShape)
    def get(self, request: ApiRequest) -> Response:
        """List one's exams with answers that only a person can grade."""
        rows = homes.to_grade(request.user)
        return paged(request, rows, ToGradeShape, "-published_at", "-id")


class Queue(ApiView):
    """The answers of one exam that wait."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_to_grade", returns=QueueShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Get the answer that comes next: question by question, then as handed in."""
        one(Exam.objects.for_user(request.user), id=exam_id)
        found = marking.first_of(request.user, exam_id)
        here = marking.written(request.user, *found) if found else None
        left = marking.left(here.attempt.version) if here else 0
        return Response(QueueShape({"left": left, "next": here}).data)


class Mark(ApiView):
    """One answer and its mark."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("answer_to_grade", returns=WrittenShape)
    def get(
        self, request: ApiRequest, attempt_id: uuid.UUID, question: uuid.UUID
    ) -> Response:
        """Look at an answer; its ETag is what the mark shows."""
        return _told(_written(request, attempt_id, question))

    @operation(
        "answer_grade",
        sends=MarkShape,
        returns=WrittenShape,
        also=[HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_REQUIRED],
        parameters=[IF_MATCH],
    )
    def put(
        self, request: ApiRequest, attempt_id: uuid.UUID, question: uuid.UUID
    ) -> Response:
        """Give points and a comment; the grade of before stays below the new one.

        When the attempt was graded meanwhile: 409 with both, `yours` and `theirs`.
        """
        here = _written(request, attempt_id, question)
        wish = read(MarkShape, request)
        revision = revision_seen(request, here.grade.revision)
        typed = {**wish, "revision": here.grade.revision}
        form = MarkForm(typed, most=here.sheet["points"])
        if not form.is_valid():
            raise not_valid(form)
        try:
            marking.mark_by_hand(
                attempt=here.attempt,
                question=here.question,
                points=form.cleaned_data["points"],
                comment=form.cleaned_data["comment"],
                actor=request.user,
                revision=revision,
            )
        except marking.MarkConflictError as error:
            raise Refusal(
                "changed_meanwhile",
                HTTPStatus.CONFLICT,
                yours=MarkShape(wish).data,
                theirs=WrittenShape(_written(request, attempt_id, question)).data,
            ) from error
        except marking.MarkRefusedError as error:
            raise Refusal("nothing_to_grade", HTTPStatus.CONFLICT) from error
        return _told(_written(request, attempt_id, question))


class Receipts(ApiView):
    """Receipts that students show."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("receipt_check", sends=ShownShape, returns=GenuineShape)
    def post(self, request: ApiRequest) -> Response:
        """Tell what was handed in for this receipt and seal; 404 when none is."""
        attempt = find_sealed(request.user, read(ShownShape, request)["shown"])
        if attempt is None:
            raise Refusal("unknown_receipt", HTTPStatus.NOT_FOUND)
        return Response(GenuineShape(attempt).data)


def _written(
    request: ApiRequest, attempt_id: uuid.UUID, question: uuid.UUID
) -> Written:
    """An answer that this educator may grade; everything else does not exist."""
    here = marking.written(request.user, attempt_id, str(question))
    if here is None:
        raise Refusal("not_found", HTTPStatus.NOT_FOUND)
    return here


def _told(here: Written) -> Response:
    state = "waiting" if here.points is None else "graded"
    tag = f'"{here.grade.revision}-{state}"'
    return Response(WrittenShape(here).data, headers={"ETag": tag})
