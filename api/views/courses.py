"""Courses for those who teach there."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from rest_framework.response import Response

from accounts.forms import CourseForm, CourseSettingsForm, EducatorAddressForm
from accounts.models import Course
from accounts.querysets import CourseQuerySet
from accounts.services import courses as services
from api.operations import SEEN, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.courses import (
    CourseChange,
    CourseShape,
    CourseWish,
    EducatorShape,
    EmailShape,
)
from api.views.base import ApiView
from api.views.rows import hold, one, read
from api.views.seen import as_seen


class Courses(ApiView):
    """The courses that one teaches."""

    scope = "courses"
    permission_classes = [Educator]

    @listing("courses", CourseShape)
    def get(self, request: ApiRequest) -> Response:
        """List the courses that one owns or was let into."""
        return paged(request, taught(request), CourseShape, "-created_at", "-id")

    @operation(
        "course_create",
        sends=CourseWish,
        returns=CourseShape,
        status=HTTPStatus.CREATED,
    )
    def post(self, request: ApiRequest) -> Response:
        """Make a course, open to whoever has its code."""
        form = CourseForm(read(CourseWish, request))
        if not form.is_valid():
            raise not_valid(form)
        course = services.create_course(
            owner=request.user, name=form.cleaned_data["name"]
        )
        return Response(_told(request, course.id), status=HTTPStatus.CREATED)


class OneCourse(ApiView):
    """A course that one teaches."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("course", returns=CourseShape)
    def get(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Look at a course."""
        return Response(_told(request, course_id))

    def hold(self, request: ApiRequest, course_id: uuid.UUID) -> None:
        hold(Course.objects.for_user(request.user), id=course_id)

    @operation(
        "course_change",
        sends=CourseChange,
        returns=CourseShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def patch(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Change name, aliases, or whether its code lets people in."""
        course = one(taught(request), id=course_id)
        change = read(CourseChange, request)
        current = {"name": course.name, "aliases": course.aliases}
        form = CourseSettingsForm(current | change)
        if not form.is_valid():
            raise not_valid(form)
        services.change_course(
            course=course,
            actor=request.user,
            open_to_join=change.get("open_to_join"),
            **form.cleaned_data,
        )
        return Response(_told(request, course_id))


class CourseCode(ApiView):
    """The code of a course."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("course_renew_code", returns=CourseShape)
    def post(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Give the course another code; the old one leads nowhere from now on."""
        course = one(taught(request), id=course_id)
        services.renew_code(course=course, actor=request.user)
        return Response(_told(request, course_id))


class Educators(ApiView):
    """Who teaches a course beside its owner."""

    scope = "courses"
    permission_classes = [Educator]

    @listing("educators", EducatorShape)
    def get(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """List those who teach beside the owner."""
        course = one(taught(request), id=course_id)
        rows = course.enrolments.educators().select_related("user")
        return paged(request, rows, EducatorShape, "created_at", "id")

    @operation(
        "educator_add",
        sends=EmailShape,
        returns=EducatorShape,
        status=HTTPStatus.CREATED,
    )
    def post(self, request: ApiRequest, course_id: uuid.UUID) -> Response:
        """Let another educator teach the course, found by their address."""
        course = one(taught(request), id=course_id)
        form = EducatorAddressForm(read(EmailShape, request))
        if not form.is_valid():
            raise not_valid(form)
        try:
            added = services.add_educator(
                course=course, email=form.cleaned_data["email"], actor=request.user
            )
        except services.CannotTeachError as error:
            code = f"educator_{error.reason}"
            raise Refusal(code, HTTPStatus.UNPROCESSABLE_ENTITY) from error
        return Response(EducatorShape(added).data, status=HTTPStatus.CREATED)


class OneEducator(ApiView):
    """Somebody who teaches a course beside its owner."""

    scope = "courses"
    permission_classes = [Educator]

    @operation("educator_remove", status=HTTPStatus.NO_CONTENT)
    def delete(
        self, request: ApiRequest, course_id: uuid.UUID, educator_id: uuid.UUID
    ) -> Response:
        """Take a co-educator out; oneself as well."""
        course = one(taught(request), id=course_id)
        enrolment = one(course.enrolments.educators(), id=educator_id)
        services.leave(enrolment=enrolment, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


def taught(request: ApiRequest) -> CourseQuerySet:
    """The courses that this person teaches, with their counts."""
    rows = Course.objects.for_user(request.user).with_counts()
    return rows.select_related("owner")


def _told(request: ApiRequest, course_id: uuid.UUID) -> dict[str, Any]:
    told: dict[str, Any] = CourseShape(one(taught(request), id=course_id)).data
    return told
