"""Courses for those who attend them: coming by a code, and leaving."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from rest_framework.response import Response

from accounts import entrance
from accounts.models import Enrolment
from accounts.querysets import EnrolmentQuerySet
from accounts.services import courses as services
from accounts.services import guesses, invitations
from accounts.services.enrolments import CannotJoinError
from api.operations import listing, operation
from api.paging import paged
from api.problems import Refusal
from api.requests import ApiRequest
from api.serializers.courses import (
    AttendedShape,
    CodeShape,
    InvitationToken,
    TargetShape,
)
from api.views.base import ApiView
from api.views.rows import one, read
from scoring.services.joining import find_target


class Attended(ApiView):
    """The courses that one attends."""

    scope = "courses"

    @listing("courses_attended", AttendedShape)
    def get(self, request: ApiRequest) -> Response:
        """List the courses in which one is a student."""
        rows = _own(request).select_related("course__owner")
        return paged(request, rows, AttendedShape, "created_at", "id")


class OneAttended(ApiView):
    """A course that one attends."""

    scope = "courses"

    @operation("course_leave", status=HTTPStatus.NO_CONTENT)
    def delete(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Leave a course."""
        enrolment = one(_own(request), course=course_id)
        services.leave(enrolment=enrolment, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class Join(ApiView):
    """Codes of courses and exams."""

    scope = "courses"

    @operation("join", sends=CodeShape, returns=TargetShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest) -> Response:
        """Join by a code, and learn where it leads; once more changes nothing.

        Wrong codes are counted as on the page: too many are answered with 429.
        """
        guesser = entrance.guesser(request._request)  # noqa: SLF001 - what DRF wraps
        if guesses.too_many(guesser):
            many = HTTPStatus.TOO_MANY_REQUESTS
            wait = guesses.WINDOW_SECONDS
            raise Refusal("too_many_codes", many, retry_after=wait)
        typed = read(CodeShape, request)["code"]
        target = find_target(typed=typed, user=request.user)
        if target is None:
            guesses.count_wrong(guesser)
            raise Refusal("wrong_code", HTTPStatus.NOT_FOUND)
        if target.teaches:
            raise Refusal("you_teach", HTTPStatus.CONFLICT)
        if target.course is not None and not target.inside:
            try:
                services.join(course=target.course, user=request.user)
            except services.CannotJoinError as error:
                raise Refusal("joining_closed", HTTPStatus.FORBIDDEN) from error
        course, version = target.course, target.version
        return Response(
            {
                "course_id": course and str(course.id),
                "exam_id": version and str(version.exam_id),
            }
        )


class Accept(ApiView):
    """Invitations that one was sent."""

    scope = "courses"

    @operation(
        "invitation_accept",
        sends=InvitationToken,
        returns=TargetShape,
        also=[HTTPStatus.CONFLICT, HTTPStatus.GONE],
    )
    def post(self, request: ApiRequest) -> Response:
        """Accept what the link of a mail offers; once more changes nothing.

        `course_id` is None where it makes an educator of whoever accepts.
        """
        token = read(InvitationToken, request)["token"]
        found = invitations.invitation_of(token)
        if found is None:
            raise Refusal("not_found", HTTPStatus.NOT_FOUND)
        try:
            invitations.accept_invitation(invitation=found, user=request.user)
        except invitations.InvitationClosedError as error:
            code = f"invitation_{error.reason}"
            raise Refusal(code, HTTPStatus.GONE) from error
        except CannotJoinError as error:
            raise Refusal("you_teach", HTTPStatus.CONFLICT) from error
        # Whoever has the link has read the mail.
        entrance.confirm(request.user, found.email)
        course_id = found.course_id and str(found.course_id)
        return Response({"course_id": course_id, "exam_id": None})


def _own(request: ApiRequest) -> EnrolmentQuerySet:
    return Enrolment.objects.for_user(request.user).of(request.user).students()
