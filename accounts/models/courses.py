"""A course, who is in it, and who was asked to come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import CourseQuerySet, EnrolmentQuerySet, InvitationQuerySet
from accounts.states import Role
from examgen.jobs.clock import now

# How long the link in a mail is good; sending it again starts anew.
INVITATION_LASTS = timedelta(days=30)


class Course(models.Model):
    """People who take exams together.

    Whoever has `code` may join while `open_to_join`. With `aliases` boards show each
    student under a name that only they know to be theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="courses"
    )
    name = models.CharField(_("name"), max_length=150)
    code = models.CharField(max_length=8, unique=True)
    open_to_join = models.BooleanField(_("open to join"), default=True)
    aliases = models.BooleanField(_("aliases on boards"), default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[CourseQuerySet] = CourseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """One person in one course, with what they are granted there.

    `multiplier` stretches every time limit (1.5: half as long again); `extra_minutes`
    come on top. `left_at` is set for whoever left; the row stays, and with it what
    they were granted. `alias` is what boards call them where the course says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="enrolments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    multiplier = models.DecimalField(
        _("time multiplier"),
        max_digits=3,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )
    extra_minutes = models.PositiveSmallIntegerField(_("extra minutes"), default=0)
    alias = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["user__name", "user__email"]
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="enrolled_once"),
            models.UniqueConstraint(
                fields=["course", "alias"],
                condition=models.Q(alias__gt=""),
                name="alias_once_in_course",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="enrolment_role_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(multiplier__gte=1, multiplier__lte=5),
                name="enrolment_multiplier_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_id}"

    @property
    def accommodated(self) -> bool:
        return self.multiplier > 1 or self.extra_minutes > 0

    def stretch(self, span: timedelta) -> timedelta:
        """How long `span` is for this person."""
        return span * float(self.multiplier) + timedelta(minutes=self.extra_minutes)


class Invitation(models.Model):
    """An address that was asked to join a course, or, without one, to make exams.

    The mail's link carries the signed id: whoever brings it has shown that the address
    is theirs. Nothing secret is stored, and nobody but the mail is shown the link.
    `sent_at` is when it was last asked to be mailed; it is good for some weeks from
    then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="accepted_invitations",
    )

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["course", "email"], name="invited_once"),
            # Rows without a course are all different to the constraint above.
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(course=None),
                name="invited_to_teach_once",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def to_teach(self) -> bool:
        """Whether it makes an educator of whoever accepts it."""
        return self.course_id is None

    def expired(self, at: datetime) -> bool:
        return at > self.sent_at + INVITATION_LASTS
