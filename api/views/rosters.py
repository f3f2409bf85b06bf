"""Who is in a course: students with what they are granted, and invitations."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts.forms import AccommodationForm, InviteForm, SearchForm
from accounts.services import courses as services
from accounts.services.invitations import sort_out
from api.operations import SEEN, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, invalid, not_valid
from api.requests import ApiRequest
from api.serializers.courses import (
    AddressesShape,
    EnrolmentShape,
    InvitationShape,
    InvitedShape,
    TimeChange,
)
from api.serializers.filters import InvitationFilter
from api.views.base import ApiView
from api.views.courses import taught
from api.views.rows import asked, hold, one, read
from api.views.seen import as_seen
from api.wording import PROBLEMS


class Students(ApiView):
    """The students of a course."""

    scope = "courses"
    permission_classes = [Educator]

    @listing(
        "students",
        EnrolmentShape,
        parameters=[OpenApiParameter("q", str), OpenApiParameter("left", bool)],
    )
    def get(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """List the students, found by `q` in names and addresses; or who has `left`."""
        course = one(taught(request), id=course_id)
        left = _left(request)
        people = course.enrolments
        rows = people.former_students() if left else people.students()
        found = rows.found(SearchForm(request.query_params).words())
        rows = found.select_related("user")
        return paged(request, rows, EnrolmentShape, "created_at", "id")


class OneStudent(ApiView):
    """A student of a course."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("student", returns=EnrolmentShape)
    def get(
        self, request: ApiRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
    ) -> Response:
        """Look at a student."""
        course = one(taught(request), id=course_id)
        students = course.enrolments.students().select_related("user")
        return Response(EnrolmentShape(one(students, id=enrolment_id)).data)

    def hold(
        self, request: ApiRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
    ) -> None:
        course = one(taught(request), id=course_id)
        hold(course.enrolments.students(), id=enrolment_id)

    @operation(
        "student_accommodate",
        sends=TimeChange,
        returns=EnrolmentShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def patch(
        self, request: ApiRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
    ) -> Response:
        """Grant time from the next start on."""
        course = one(taught(request), id=course_id)
        students = course.enrolments.students().select_related("user")
        enrolment = one(students, id=enrolment_id)
        granted = {
            "multiplier": enrolment.multiplier,
            "extra_minutes": enrolment.extra_minutes,
        }
        form = AccommodationForm(granted | read(TimeChange, request))
        if not form.is_valid():
            raise not_valid(form)
        services.accommodate(
            enrolment=enrolment, actor=request.user, **form.cleaned_data
        )
        return Response(EnrolmentShape(enrolment).data)

    @operation(
        "student_remove",
        status=HTTPStatus.NO_CONTENT,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def delete(
        self, request: ApiRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
    ) -> Response:
        """Take a student out; what they were granted is kept."""
        course = one(taught(request), id=course_id)
        enrolment = one(course.enrolments.students(), id=enrolment_id)
        services.leave(enrolment=enrolment, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class FormerStudent(ApiView):
    """Somebody who has left a course."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("student_bring_back", returns=EnrolmentShape)
    def post(
        self, request: ApiRequest, course_id: uuid.UUID, former_id: uuid.UUID
    ) -> Response:
        """Bring a student back, with what they were granted."""
        course = one(taught(request), id=course_id)
        former = course.enrolments.former_students().select_related("user")
        enrolment = one(former, id=former_id)
        services.bring_back(enrolment=enrolment, actor=request.user)
        return Response(EnrolmentShape(enrolment).data)


class Invitations(ApiView):
    """Who was asked to join a course."""

    scope = "courses"
    permission_classes = [Educator]

    @listing("invitations", InvitationShape, parameters=[InvitationFilter])
    def get(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """List who was asked, and who has come."""
        course = one(taught(request), id=course_id)
        rows = course.invitations.filter(**asked(InvitationFilter, request))
        return paged(request, rows, InvitationShape, "created_at", "id")

    @operation("invite", sends=AddressesShape, returns=InvitedShape)
    def post(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Invite by addresses, up to 500 at a time; each gets a mail."""
        course = one(taught(request), id=course_id)
        form = InviteForm(read(AddressesShape, request))
        if not form.is_valid():
            raise not_valid(form)
        pasted = form.cleaned_data["addresses"]
        found = sort_out(course=course, emails=pasted.valid)
        made = services.invite(course=course, emails=found.new, actor=request.user)
        return Response(
            {
                "invited": [invitation.email for invitation in made],
                "waiting": found.invited,
                "members": found.members,
                "invalid": pasted.invalid,
            }
        )


class OneInvitation(ApiView):
    """An invitation that waits."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("invitation_withdraw", status=HTTPStatus.NO_CONTENT)
    def delete(
        self, request: ApiRequest, course_id: uuid.UUID, invitation_id: uuid.UUID
    ) -> Response:
        """Take an invitation back; its link leads nowhere then."""
        course = one(taught(request), id=course_id)
        waiting = one(course.invitations.pending(), id=invitation_id)
        services.withdraw(invitation=waiting, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class Resend(ApiView):
    """The mail of an invitation."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("invitation_resend", returns=InvitationShape, also=[HTTPStatus.CONFLICT])
    def post(
        self, request: ApiRequest, course_id: uuid.UUID, invitation_id: uuid.UUID
    ) -> Response:
        """Have the mail sent once more; 409 when it left minutes ago."""
        course = one(taught(request), id=course_id)
        waiting = one(course.invitations.pending(), id=invitation_id)
        if not services.send_again(invitation=waiting, actor=request.user):
            raise Refusal("sent_just_now", HTTPStatus.CONFLICT, retry_after=600)
        return Response(InvitationShape(waiting).data)


def _left(request: ApiRequest) -> bool:
    typed = request.query_params.get("left", "false")
    if typed not in ("true", "false"):
        raise invalid("left", "invalid", str(PROBLEMS["wrong_kind"]))
    return typed == "true"
