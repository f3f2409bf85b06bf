"""Reviewing: questions of a draft are decided and edited as the person has seen them."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from rest_framework.response import Response

from api.operations import IF_MATCH, KEY, TAG, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, invalid, not_valid
from api.requests import ApiRequest
from api.serializers.filters import QuestionFilter
from api.serializers.questions import (
    DecisionShape,
    QuestionChange,
    QuestionShape,
    WrittenShape,
)
from api.views.base import ApiView
from api.views.doing_once import done_once
from api.views.exams import drafted
from api.views.rows import asked, one, read
from api.wording import PROBLEMS
from exams import content
from exams.formats.examgen_json import body_from_dict
from exams.forms import QuestionForm, WrittenForm
from exams.forms.writing import blank
from exams.models import Exam, Question
from exams.querysets import QuestionQuerySet
from exams.services import authoring, writing
from exams.states import IllegalMoveError, QuestionState

_CONFLICTS = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_REQUIRED)
_TAG = re.compile(TAG)


class Questions(ApiView):
    """The questions of an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("questions", QuestionShape, parameters=[QuestionFilter])
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """List the questions in their order, keys included."""
        rows = questions_of(request, exam_id)
        rows = rows.filter(**asked(QuestionFilter, request))
        return paged(request, rows, QuestionShape, "position")

    @operation(
        "question_write",
        sends=WrittenShape,
        returns=QuestionShape,
        status=HTTPStatus.CREATED,
        also=[HTTPStatus.CONFLICT],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Add a question of one's own after all others; it is accepted by that.

        What breaks a rule of the gate is refused, with the rule as the code.
        """
        exam = one(drafted(request.user), id=exam_id)
        form = _written(exam, read(WrittenShape, request))

        def write() -> Response:
            try:
                question = writing.write_question(
                    exam=exam,
                    actor=request.user,
                    written=form.edited(),
                    once=uuid.uuid4().hex,
                )
            except authoring.NotFitError as error:
                form.add_findings(error.findings)
                raise not_valid(form) from error
            except IllegalMoveError as error:
                raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
            answer = told(one(questions_of(request, exam_id), id=question.id))
            answer.status_code = HTTPStatus.CREATED
            return answer

        return done_once(request, write, whole=True)


class OneQuestion(ApiView):
    """A question of an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("question", returns=QuestionShape)
    def get(
        self, request: ApiRequest, exam_id: uuid.UUID, question_id: uuid.UUID
    ) -> Response:
        """Look at a question; its ETag is what edits and decisions show."""
        return told(one(questions_of(request, exam_id), id=question_id))

    @operation(
        "question_edit",
        sends=QuestionChange,
        returns=QuestionShape,
        also=_CONFLICTS,
        parameters=[IF_MATCH],
    )
    def patch(
        self, request: ApiRequest, exam_id: uuid.UUID, question_id: uuid.UUID
    ) -> Response:
        """Edit a question, which accepts it.

        What breaks a rule of the gate is refused, with the rule as the code.
        When somebody else was quicker: 409 with both versions, `yours` and `theirs`.
        """
        question = one(questions_of(request, exam_id), id=question_id)
        change = read(QuestionChange, request)
        revision = revision_seen(request, question.revision)
        form = _filled(question.as_content(), change)
        try:
            authoring.edit_question(
                question=question,
                edited=form.edited(),
                actor=request.user,
                revision=revision,
            )
        except authoring.EditConflictError as error:
            raise _conflict(request, question, change) from error
        except authoring.NotFitError as error:
            form.add_findings(error.findings)
            raise not_valid(form) from error
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        return told(one(questions_of(request, exam_id), id=question_id))


class Decision(ApiView):
    """What is decided of a question."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "question_decide",
        sends=DecisionShape,
        returns=QuestionShape,
        also=_CONFLICTS,
        parameters=[IF_MATCH],
    )
    def post(
        self, request: ApiRequest, exam_id: uuid.UUID, question_id: uuid.UUID
    ) -> Response:
        """Accept, reject or reopen a question as it was seen."""
        question = one(questions_of(request, exam_id), id=question_id)
        wish = read(DecisionShape, request)
        try:
            authoring.decide(
                question=question,
                decision=QuestionState(wish["decision"]),
                actor=request.user,
                revision=revision_seen(request, question.revision),
            )
        except authoring.EditConflictError as error:
            raise _conflict(request, question, wish) from error
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        return told(one(questions_of(request, exam_id), id=question_id))


def questions_of(request: ApiRequest, exam_id: uuid.UUID) -> QuestionQuerySet:
    exam = one(drafted(request.user), id=exam_id)
    return (
        Question.objects.for_user(request.user)
        .filter(exam=exam)
        .select_related("exam__lecture")
    )


def told(question: Question) -> Response:
    tag = f'"{question.revision}-{question.state}"'
    return Response(QuestionShape(question).data, headers={"ETag": tag})


def revision_seen(request: ApiRequest, current: int) -> int:
    """The revision in If-Match; one that was never an ETag of ours matches nothing."""
    seen = request.headers.get("If-Match", "").strip()
    if not seen:
        required = HTTPStatus.PRECONDITION_REQUIRED
        raise Refusal("if_match_required", required)
    if seen == "*":
        return current
    tag = _TAG.fullmatch(seen)
    return int(tag.group(1)) if tag else 0


def _conflict(request: ApiRequest, question: Question, yours: Any) -> Refusal:
    rows = Question.objects.for_user(request.user).select_related("exam")
    theirs = one(rows, id=question.id)
    return Refusal(
        "changed_meanwhile",
        HTTPStatus.CONFLICT,
        yours=yours,
        theirs=QuestionShape(theirs).data,
    )


def _written(exam: Exam, wish: dict[str, Any]) -> WrittenForm:
    """The form of the page for writing, valid, with this question."""
    body = _body(wish["body"])
    quoted = partial(writing.quoted, exam)
    empty = replace(blank(body.kind, 0), body=body)
    form = WrittenForm(question=empty, quoted=quoted)
    typed = {**form.initial, **_typed(wish)}
    form = WrittenForm(typed, question=empty, quoted=quoted)
    if not form.is_valid():
        raise not_valid(form)
    return form


def _body(told: dict[str, Any]) -> content.Body:
    try:
        return body_from_dict(told)
    except content.ContentError as error:
        code = str(PROBLEMS["bad_body"])
        raise invalid("body", error.code, code) from error


def _typed(change: dict[str, Any]) -> dict[str, Any]:
    """What somebody would have typed who wants this change, but for the body."""
    typed = {k: v for k, v in change.items() if k != "body"}
    if "tags" in typed:
        typed["tags"] = ", ".join(typed["tags"])
    return typed


def _filled(question: content.Question, change: dict[str, Any]) -> QuestionForm:
    """The form of the review page, valid, with the question as it is to be.

    The form is filled with the wish and asked, so that both doors know one rule.
    """
    body = _body(change["body"]) if "body" in change else question.body
    if body.kind != question.body.kind:
        raise invalid("body.kind", "changed", str(PROBLEMS["bad_body"]))
    wish = QuestionForm(question=replace(question, body=body)).initial
    form = QuestionForm({**wish, **_typed(change)}, question=question)
    if not form.is_valid():
        raise not_valid(form)
    if form.edited().body != body:
        raise invalid("body", "changed", str(PROBLEMS["bad_body"]))
    return form
