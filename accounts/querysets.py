"""Which people, courses and enrolments a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

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

    def asking_to_teach(self) -> Self:
        """Those whose wish to make exams waits for an admin."""
        return self.exclude(educator_requested_at=None).filter(is_active=True)


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

    def with_counts(self) -> Self:
        """Add `student_count` and `pending_count` (invitations) in the same query."""
        students = Q(role=Role.STUDENT, left_at=None)
        return self.annotate(
            student_count=_count(self.model, "enrolments", students),
            pending_count=_count(self.model, "invitations", Q(accepted_at=None)),
        )


def _count(model: Any, name: str, which: Q) -> Coalesce:
    """How many rows of a relation each course has; joins would multiply each other."""
    rows = model._meta.get_field(name).related_model.objects.filter(which)  # noqa: SLF001
    counted = (
        rows.filter(course=OuterRef("pk"))
        .order_by()
        .values("course")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_user(self, user: User) -> Self:
        """Their own, and those of the courses that they teach."""
        taught = Q(course__owner=user) | Q(
            course__in=self.model.objects.filter(
                user=user, role=Role.EDUCATOR, left_at=None
            ).values("course")
        )
        return self.filter(Q(user=user) | taught)

    def of(self, user: User) -> Self:
        """Their own alone, in whatever role."""
        return self.filter(user=user)

    def students(self) -> Self:
        """Those who take exams there now."""
        return self.filter(role=Role.STUDENT, left_at=None)

    def former_students(self) -> Self:
        return self.filter(role=Role.STUDENT).exclude(left_at=None)

    def educators(self) -> Self:
        """Those who teach there now beside the owner."""
        return self.filter(role=Role.EDUCATOR, left_at=None)

    def found(self, words: str) -> Self:
        """Those whose name or address holds every one of the words."""
        rows = self
        for word in words.split():
            rows = rows.filter(
                Q(user__name__icontains=word) | Q(user__email__icontains=word)
            )
        return rows


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

    def pending(self) -> Self:
        """Those that nobody has accepted yet."""
        return self.filter(accepted_at=None)
