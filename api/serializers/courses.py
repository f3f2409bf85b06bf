"""Courses as those see them who teach there."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.models import Course, Enrolment, Invitation
from accounts.services.courses import join_link
from api.serializers.results import PersonShape
from api.serializers.shared import Moment


class CourseShape(serializers.Serializer[Course]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    owner = PersonShape()
    code = serializers.CharField()
    link = serializers.SerializerMethodField()
    open_to_join = serializers.BooleanField()
    aliases = serializers.BooleanField()
    student_count = serializers.IntegerField()
    pending_count = serializers.IntegerField()
    created_at = Moment()

    def get_link(self, course: Course) -> str:
        return join_link(course)


class CourseWish(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)


class CourseChange(serializers.Serializer[Any]):
    """What is not given stays."""

    name = serializers.CharField(max_length=150, required=False)
    aliases = serializers.BooleanField(required=False)
    open_to_join = serializers.BooleanField(required=False)


class EnrolmentShape(serializers.Serializer[Enrolment]):
    """A student with what they are granted, for their educators."""

    id = serializers.UUIDField()
    person = PersonShape(source="user")
    multiplier = serializers.DecimalField(3, 2)
    extra_minutes = serializers.IntegerField()
    created_at = Moment()
    left_at = Moment(allow_null=True)


class EducatorShape(serializers.Serializer[Enrolment]):
    id = serializers.UUIDField()
    person = PersonShape(source="user")
    created_at = Moment()


class TimeChange(serializers.Serializer[Any]):
    multiplier = serializers.DecimalField(None, None, required=False)
    extra_minutes = serializers.IntegerField(required=False)


class EmailShape(serializers.Serializer[Any]):
    email = serializers.EmailField()


class InvitationShape(serializers.Serializer[Invitation]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    created_at = Moment()
    sent_at = Moment()
    accepted_at = Moment(allow_null=True)


class AddressesShape(serializers.Serializer[Any]):
    """Addresses in whatever way they stand in a list or a sheet."""

    addresses = serializers.CharField(max_length=100_000)


class InvitedShape(serializers.Serializer[Any]):
    """What became of each address."""

    invited = serializers.ListField(child=serializers.CharField())
    waiting = serializers.ListField(child=serializers.CharField())
    members = serializers.ListField(child=serializers.CharField())
    invalid = serializers.ListField(child=serializers.CharField())


class AttendedShape(serializers.Serializer[Enrolment]):
    """A course as its student sees it: who teaches, and nothing of the others."""

    id = serializers.UUIDField(source="course.id")
    name = serializers.CharField(source="course.name")
    educator = serializers.CharField(source="course.owner.name")
    since = Moment(source="created_at")


class CodeShape(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=100)


class InvitationToken(serializers.Serializer[Any]):
    """The last part of the link that the mail holds."""

    token = serializers.CharField(max_length=200)


class TargetShape(serializers.Serializer[Any]):
    """Where a code leads: into a course, to an exam, or to one through the other."""

    course_id = serializers.UUIDField(allow_null=True)
    exam_id = serializers.UUIDField(allow_null=True)
