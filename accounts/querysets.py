"""Which people, courses and enrolments a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.states import Role

if TYPE_CHECKING:
    # They name the row types below.
    from accounts.models import Course, Enrolment, Invitation, User  # noqa: F401


class UserQuerySet(models.QuerySet["User"]):
    def for_user(self, user: Any) -> Self:
        """Themselves; admins see everyone."""
        if user.is_staff:
            return self
        return self.filter(pk=user.pk)


class CourseQuerySet(models.QuerySet["Course"]):
    def for_user(self, user: User) -> Self:
        """The courses that `user` teaches: own ones and those they were let into."""
        # A subquery, so that counts beside it are not multiplied.
        taught = self.model.objects.filter(
            enrolments__user=user,
            enrolments__role=Role.EDUCATOR,
            enrolments__left_at=None,
        )
        return self.filter(Q(owner=user) | Q(pk__in=taught.values("pk")))

    def attended_by(self, user: User) -> Self:
        """The courses in which `user` is a student now."""
        return self.filter(
            enrolments__user=user,
            enrolments__role=Role.STUDENT,
            enrolments__left_at=None,
        )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_user(self, user: User) -> Self:
        """Their own, and those of the courses that they teach."""
        taught = Q(course__owner=user) | Q(
            course__in=self.model.objects.filter(
                user=user, role=Role.EDUCATOR, left_at=None
            ).values("course")
        )
        return self.filter(Q(user=user) | taught)

    def students(self) -> Self:
        """Those who take exams there now."""
        return self.filter(role=Role.STUDENT, left_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def for_user(self, user: User) -> Self:
        """Those to courses that `user` owns or teaches."""
        return self.filter(
            Q(course__owner=user)
            | Q(
                course__enrolments__user=user,
                course__enrolments__role=Role.EDUCATOR,
                course__enrolments__left_at=None,
            )
        ).distinct()
