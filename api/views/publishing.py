"""Publishing an exam, and its doors afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework.response import Response

from accounts.models import Course
from api.operations import STORE, operation
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.exams import (
    ChecklistShape,
    EndShape,
    ExamShape,
    PublishShape,
    RulesQuery,
)
from api.views.base import ApiView
from api.views.exams import drafted, told
from api.views.rows import asked, one, read
from examgen.jobs.clock import now
from exams.forms import PublishForm
from exams.models import Exam, ExamVersion
from exams.publishing_wording import check_words, refusal
from exams.services import publishing
from exams.services.checklist import Check, Level
from exams.services.publishing import (
    ChangedMeanwhileError,
    NotReadyError,
    RefusedError,
)
from exams.states import IllegalMoveError


class Publish(ApiView):
    """The publication of an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_publish",
        sends=PublishShape,
        returns=ExamShape,
        also=[HTTPStatus.CONFLICT, *STORE],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Freeze what was accepted under these rules, and open the doors.

        What stands in the way is told as 422 with the code `not_ready` and `problems`.
        """
        exam = one(drafted(request.user), id=exam_id)
        form = _form(request, exam, read(PublishShape, request))
        if not form.is_valid():
            raise not_valid(form)
        try:
            publishing.publish_exam(
                exam=exam,
                actor=request.user,
                policy=form.policy,
                course=form.chosen_course,
            )
        except NotReadyError as error:
            problems = [_line(check) for check in error.problems]
            unready = HTTPStatus.UNPROCESSABLE_ENTITY
            raise Refusal("not_ready", unready, problems=problems) from error
        except ChangedMeanwhileError as error:
            raise Refusal("changed_meanwhile", HTTPStatus.CONFLICT) from error
        except IllegalMoveError as error:
            raise Refusal("no_draft", HTTPStatus.CONFLICT) from error
        return told(request.user, exam_id)


class Checklist(ApiView):
    """What is worth knowing before an exam is published."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_checklist",
        returns=ChecklistShape,
        also=[HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[RulesQuery],
    )
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Check a draft against these rules, or those that the page suggests.

        While `ready` is false, publishing so is refused with the lines at `problem`.
        """
        exam = one(drafted(request.user), id=exam_id)
        if exam.is_frozen:
            raise Refusal("no_draft", HTTPStatus.CONFLICT)
        first = Course.objects.for_user(request.user).first()
        suggested = {"course": first and first.id}
        form = _form(request, exam, suggested | asked(RulesQuery, request))
        if not form.is_valid():
            raise not_valid(form)
        course = form.chosen_course
        found = publishing.checklist(exam=exam, policy=form.policy, course=course)
        told = {
            "ready": all(check.level != Level.PROBLEM for check in found),
            "course": course and course.id,
            "policy": form.policy,
            "checks": [{"level": check.level, **_line(check)} for check in found],
        }
        return Response(ChecklistShape(told).data)


class Close(ApiView):
    """The doors of a published exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_close", returns=ExamShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Let nobody start any more."""
        version = _version(request, exam_id)
        try:
            publishing.close_exam(version=version, actor=request.user.id)
        except IllegalMoveError as error:
            raise Refusal("already_closed", HTTPStatus.CONFLICT) from error
        return told(request.user, exam_id)


class Reopen(ApiView):
    """The doors of a closed exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_reopen", sends=EndShape, returns=ExamShape, also=[HTTPStatus.CONFLICT]
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Open the doors again until a new end; released results are hidden again."""
        version = _version(request, exam_id)
        if version.closed_at is None:
            raise Refusal("already_open", HTTPStatus.CONFLICT)
        return _new_end(request, version, publishing.reopen_exam)


class End(ApiView):
    """The end of a published exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_end", sends=EndShape, returns=ExamShape, also=[HTTPStatus.CONFLICT]
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Move the end; attempts that run keep the deadline they have."""
        version = _version(request, exam_id)
        if version.closed_at is not None:
            raise Refusal("is_closed", HTTPStatus.CONFLICT)
        return _new_end(request, version, publishing.move_closing)


class Release(ApiView):
    """The results of a published exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_release", returns=ExamShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Show students their results now; once more changes nothing."""
        version = _version(request, exam_id)
        try:
            publishing.release_results(version=version, actor=request.user)
        except RefusedError as error:
            raise _refused(error, HTTPStatus.CONFLICT) from error
        return told(request.user, exam_id)


def _form(request: ApiRequest, exam: Exam, wish: dict[str, Any]) -> PublishForm:
    """The form of the page with what is asked, and what it suggests for the rest."""
    at = now()
    suggested = publishing.suggested_policy(exam=exam, at=at)
    defaults: dict[str, Any] = {**suggested.to_json(), "opens_at": None}
    return PublishForm(
        {**defaults, **{name: _typed(value) for name, value in wish.items()}},
        suggested=suggested,
        courses=Course.objects.for_user(request.user),
        at=at,
    )


def _typed(value: Any) -> Any:
    """As it would come from a page; None is an empty field."""
    return "" if value is None else value


def _new_end(
    request: ApiRequest, version: ExamVersion, change: Callable[..., None]
) -> Response:
    until = read(EndShape, request)["closes_at"]
    try:
        change(version=version, closes_at=until, actor=request.user)
    except RefusedError as error:
        raise _refused(error, HTTPStatus.UNPROCESSABLE_ENTITY) from error
    except IllegalMoveError as error:
        raise Refusal("doors", HTTPStatus.CONFLICT) from error
    return told(request.user, version.exam_id)


def _refused(error: RefusedError, status: HTTPStatus) -> Refusal:
    words = str(refusal(error.code))
    return Refusal("refused", status, title=words, reason=error.code)


def _version(request: ApiRequest, exam_id: uuid.UUID) -> ExamVersion:
    version = ExamVersion.objects.for_user(request.user).newest_of(exam_id)
    if version is None:
        raise Http404
    return version


def _line(check: Check) -> dict[str, str]:
    words = str(check_words(check.code, check.params))
    return {"code": check.code, "about": check.about, "title": words}
