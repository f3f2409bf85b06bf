"""Asking for questions of a draft: more, another one, one of another kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus

from rest_framework.response import Response

from api.operations import IF_MATCH, KEY, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.questions import QuestionShape
from api.serializers.requests import AddShape, AnotherShape, KindShape, RequestShape
from api.views.base import ApiView
from api.views.doing_once import done_once
from api.views.exams import drafted
from api.views.questions import questions_of, revision_seen, told
from api.views.rows import one, read
from exams.forms import AddForm, AnotherForm, KindForm
from exams.models import Question, QuestionRequest
from exams.querysets import QuestionRequestQuerySet
from exams.services import requests
from exams.services.authoring import EditConflictError
from exams.states import IllegalMoveError

_ASKED = (HTTPStatus.CONFLICT,)
_ASKED_INSTEAD = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_REQUIRED)


class Requests(ApiView):
    """What was asked for in a draft."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("requests", RequestShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """List what was asked for, newest first."""
        rows = _requests(request, exam_id)
        return paged(
            request, rows, RequestShape, "-created_at", "-id", told=requests.answering
        )

    @operation(
        "questions_add",
        sends=AddShape,
        returns=RequestShape,
        status=HTTPStatus.ACCEPTED,
        also=_ASKED,
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Ask for more questions on some pages; they come after all others."""
        exam = one(drafted(request.user), id=exam_id)
        form = AddForm(read(AddShape, request), pages=exam.lecture.page_count)
        if not form.is_valid():
            raise not_valid(form)
        return _asked(
            request,
            lambda: requests.add_questions(
                exam=exam,
                actor=request.user,
                number=form.cleaned_data["number"],
                first_page=form.cleaned_data["first_page"],
                last_page=form.cleaned_data["last_page"],
                kinds=form.chosen_kinds,
            ),
        )


class Another(ApiView):
    """Another question in the place of one."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "question_another",
        sends=AnotherShape,
        returns=RequestShape,
        status=HTTPStatus.ACCEPTED,
        also=_ASKED_INSTEAD,
        parameters=[IF_MATCH, KEY],
    )
    def post(
        self, request: ApiRequest, exam_id: uuid.UUID, question_id: uuid.UUID
    ) -> Response:
        """Ask for another question in this place; this one stays until it is found."""
        question = one(questions_of(request, exam_id), id=question_id)
        form = AnotherForm(read(AnotherShape, request))
        if not form.is_valid():
            raise not_valid(form)
        revision = revision_seen(request, question.revision)
        return _asked(
            request,
            lambda: requests.regenerate(
                question=question,
                actor=request.user,
                revision=revision,
                hint=form.cleaned_data["hint"],
            ),
        )


class Kind(ApiView):
    """The kind of a question."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "question_kind",
        sends=KindShape,
        returns=RequestShape,
        status=HTTPStatus.ACCEPTED,
        also=_ASKED_INSTEAD,
        parameters=[IF_MATCH, KEY],
    )
    def post(
        self, request: ApiRequest, exam_id: uuid.UUID, question_id: uuid.UUID
    ) -> Response:
        """Ask for a question of another kind in this place."""
        question = one(questions_of(request, exam_id), id=question_id)
        form = KindForm(read(KindShape, request), now=question.kind)
        if not form.is_valid():
            raise not_valid(form)
        revision = revision_seen(request, question.revision)
        return _asked(
            request,
            lambda: requests.change_kind(
                question=question,
                actor=request.user,
                revision=revision,
                kind=form.chosen,
            ),
        )


class OneRequest(ApiView):
    """A request."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("request", returns=RequestShape)
    def get(
        self, request: ApiRequest, exam_id: uuid.UUID, request_id: uuid.UUID
    ) -> Response:
        """Tell what became of a request; ask again while it is open."""
        return _told(one(_requests(request, exam_id), id=request_id))


class RequestCancel(ApiView):
    """A request under way."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("request_cancel", returns=RequestShape, also=_ASKED)
    def post(
        self, request: ApiRequest, exam_id: uuid.UUID, request_id: uuid.UUID
    ) -> Response:
        """Take a request back; the exam stays as it is."""
        row = one(_requests(request, exam_id), id=request_id)
        try:
            requests.cancel(request=row, actor=request.user)
        except IllegalMoveError as error:
            raise Refusal("too_late", HTTPStatus.CONFLICT) from error
        return _told(row)


class BringBack(ApiView):
    """A question that another took the place of."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "question_bring_back",
        returns=QuestionShape,
        also=_ASKED_INSTEAD,
        parameters=[IF_MATCH],
    )
    def post(
        self, request: ApiRequest, exam_id: uuid.UUID, request_id: uuid.UUID
    ) -> Response:
        """Give a replaced question its place back; what stands there now is kept."""
        row = one(_requests(request, exam_id), id=request_id)
        if row.question is None or not row.replaced:
            raise Refusal("replaced_nothing", HTTPStatus.CONFLICT)
        revision = revision_seen(request, row.question.revision)
        try:
            requests.bring_back(request=row, actor=request.user, revision=revision)
        except EditConflictError as error:
            raise Refusal("changed_meanwhile", HTTPStatus.CONFLICT) from error
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        rows = Question.objects.for_user(request.user).select_related("exam")
        return told(one(rows, id=row.question.id))


def _asked(request: ApiRequest, ask: Callable[[], QuestionRequest]) -> Response:
    def asked() -> Response:
        try:
            row = ask()
        except EditConflictError as error:
            raise Refusal("changed_meanwhile", HTTPStatus.CONFLICT) from error
        except requests.RefusedRequestError as error:
            raise Refusal(error.code, HTTPStatus.CONFLICT) from error
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        return _told(row, HTTPStatus.ACCEPTED)

    return done_once(request, asked, whole=True)


def _requests(request: ApiRequest, exam_id: uuid.UUID) -> QuestionRequestQuerySet:
    exam = one(drafted(request.user), id=exam_id)
    rows = QuestionRequest.objects.for_user(request.user)
    return rows.filter(exam=exam).select_related("exam__lecture", "question")


def _told(row: QuestionRequest, status: int = HTTPStatus.OK) -> Response:
    (answering,) = requests.answering([row])
    return Response(RequestShape(answering).data, status=status)
