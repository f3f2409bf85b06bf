"""Who may see which attempts, grades and boards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from exams.models import ExamVersion
from scoring.states import AttemptState

if TYPE_CHECKING:
    from accounts.models import User
    from scoring.models import Attempt  # noqa: F401 - names the row type below


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def for_user(self, user: User) -> Self:
        """The person's own attempts."""
        return self.filter(user=user)

    def held_by(self, educator: User) -> Self:
        """All attempts at the exams of this educator."""
        return self.filter(version__in=ExamVersion.objects.for_user(educator))

    def readable_by(self, person: User) -> Self:
        """Their own, and those at the exams that they own."""
        return self.filter(
            Q(user=person) | Q(version__in=ExamVersion.objects.for_user(person))
        )

    def with_paper(self) -> Self:
        """Join what was published, and leave its key where it is."""
        return self.select_related("version__exam").defer("version__key")

    def headlines(self) -> Self:
        """Join what was published and its course, without anything long: for lists."""
        joined = self.select_related("version__exam", "version__course")
        return joined.defer("snapshot", "version__paper", "version__key")

    def expired(self, at: datetime) -> Self:
        """Open ones that ended before `at`; those without a deadline with their exam."""
        ended = Q(deadline__lt=at) | Q(deadline=None, version__closed_at__lt=at)
        return self.filter(ended, state=AttemptState.OPEN)


class OfVersionQuerySet(models.QuerySet[Any]):
    """Rows that belong to a published exam."""

    def for_user(self, user: User) -> Self:
        """Those of the exams that `user` owns."""
        return self.filter(version__in=ExamVersion.objects.for_user(user))


class OfAttemptQuerySet(models.QuerySet[Any]):
    """Rows that belong to an attempt."""

    def for_user(self, user: User) -> Self:
        """Those of attempts at the exams that `user` owns; takers come by theirs."""
        return self.filter(attempt__version__in=ExamVersion.objects.for_user(user))
