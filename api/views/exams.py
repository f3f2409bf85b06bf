"""Exams of their owner: look, rename, try again, delete, take the document."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.response import Response

from accounts.models import User
from api.operations import SEEN, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.exams import ExamShape, TitleShape
from api.serializers.filters import ExamFilter
from api.serializers.lectures import ProgressShape
from api.views.base import ApiView
from api.views.rows import asked, hold, one, read
from api.views.seen import as_seen
from exams.forms import RenameForm
from exams.models import Exam
from exams.querysets import ExamQuerySet
from exams.services import authoring, documents
from exams.services import lectures as services
from exams.services.progress import progress_of
from exams.states import FROZEN, ExamState, IllegalMoveError


class Exams(ApiView):
    """One's exams."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("exams", ExamShape, parameters=[ExamFilter])
    def get(self, request: ApiRequest) -> Response:
        """List one's exams, newest first."""
        rows = exams_of(request.user).filter(**asked(ExamFilter, request))
        return paged(request, rows, ExamShape, "-created_at", "-id")


class OneExam(ApiView):
    """One of one's exams."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam", returns=ExamShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Tell how an exam stands, and what was published of it."""
        return told(request.user, exam_id)

    def hold(self, request: ApiRequest, exam_id: uuid.UUID) -> None:
        hold(Exam.objects.for_user(request.user), id=exam_id)

    @operation(
        "exam_rename",
        sends=TitleShape,
        returns=ExamShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def patch(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Give an exam another title; what was published keeps its own."""
        exam = one(Exam.objects.for_user(request.user), id=exam_id)
        form = RenameForm(read(TitleShape, request))
        if not form.is_valid():
            raise not_valid(form)
        try:
            authoring.rename_exam(exam=exam, title=form.cleaned_data["title"])
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        return told(request.user, exam_id)

    @operation(
        "exam_delete",
        status=HTTPStatus.NO_CONTENT,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def delete(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Delete an exam; its lecture stays, and so does what was published."""
        exam = one(Exam.objects.for_user(request.user), id=exam_id)
        try:
            services.delete_exam(exam=exam, actor=request.user)
        except services.PublishedError as error:
            raise Refusal("published", HTTPStatus.CONFLICT) from error
        return Response(status=HTTPStatus.NO_CONTENT)


class ExamProgress(ApiView):
    """How far an exam is."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_progress", returns=ProgressShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Tell how far an exam is; ask again while it is moving."""
        rows = Exam.objects.for_user(request.user).select_related("lecture")
        exam = one(rows, id=exam_id)
        (way,) = progress_of([exam.lecture], {exam.lecture_id: exam})
        return Response(ProgressShape(way).data)


class ExamRetry(ApiView):
    """An exam that failed."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_retry", returns=ExamShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Draft a failed exam again."""
        rows = Exam.objects.for_user(request.user).select_related("lecture")
        exam = one(rows, id=exam_id)
        try:
            services.retry_exam(exam=exam, actor=request.user)
        except IllegalMoveError as error:
            raise Refusal("nothing_to_retry", HTTPStatus.CONFLICT) from error
        return told(request.user, exam_id)


class ExamDocument(ApiView):
    """An exam in the format `examgen/1`."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_document", returns=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> HttpResponse:
        """Get the exam document: as published, else what is not rejected.

        docs/exam-format.md describes it.
        """
        exam = one(drafted(request.user), id=exam_id)
        return HttpResponse(documents.as_bytes(exam), content_type="application/json")


def exams_of(user: User) -> ExamQuerySet:
    """One's exams with what lists tell of them."""
    return Exam.objects.for_user(user).with_counts().with_versions()


def drafted(user: User) -> ExamQuerySet:
    """Those that have questions."""
    rows = exams_of(user).select_related("lecture", "owner")
    return rows.filter(state__in=[ExamState.DRAFT, *FROZEN])


def told(user: User, exam_id: uuid.UUID) -> Response:
    return Response(ExamShape(one(exams_of(user), id=exam_id)).data)
