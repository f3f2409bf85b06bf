"""Who may see which lecture, page, exam and question. Views never filter by hand."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Course
from exams.states import (
    KEPT,
    ExamState,
    LectureState,
    QuestionState,
    RequestState,
)

if TYPE_CHECKING:
    from accounts.models import User

    # They name the row types below.
    from exams.models import (  # noqa: F401
        Exam,
        ExamVersion,
        Lecture,
        Page,
        Question,
        QuestionRequest,
    )


class LectureQuerySet(models.QuerySet["Lecture"]):
    def for_user(self, user: User) -> Self:
        """The lectures that `user` owns; everybody else's do not exist for them."""
        return self.filter(owner=user)

    def on_the_way(self) -> Self:
        """Those that are read, or from which an exam is made, now or soon."""
        exams: Any = self.model._meta.get_field("exams").related_model  # noqa: SLF001
        coming = exams.objects.filter(
            lecture=models.OuterRef("pk"),
            state__in=[ExamState.WAITING, ExamState.GENERATING],
        )
        # A subquery, not a join, which would name a lecture as often as it has exams.
        return self.filter(Q(state=LectureState.STORED) | models.Exists(coming))


class PageQuerySet(models.QuerySet["Page"]):
    def for_user(self, user: User) -> Self:
        return self.filter(lecture__owner=user)

    def cited_by(self, version: ExamVersion) -> Self:
        """The pages of the lecture that a published exam was made from.

        Who may see them is for those to say who know about attempts.
        """
        return self.filter(lecture=version.exam.lecture_id)


class ExamQuerySet(models.QuerySet["Exam"]):
    def for_user(self, user: User) -> Self:
        """The exams that `user` owns."""
        return self.filter(owner=user)

    def with_counts(self) -> Self:
        """Add `question_count`, `undecided` and `kept` in the same query.

        Grouping drops a model's own order, so the newest come first by name.
        """
        state = "questions__state"
        return self.annotate(
            question_count=Count("questions"),
            undecided=Count("questions", filter=Q(**{state: QuestionState.PROPOSED})),
            kept=Count("questions", filter=Q(**{f"{state}__in": KEPT})),
        ).order_by("-created_at")

    def with_question_count(self) -> Self:
        """Add `question_count` alone, without grouping by every column of an exam."""
        questions: Any = self.model._meta.get_field("questions").related_model  # noqa: SLF001
        counted = (
            questions.objects.filter(exam=OuterRef("pk"))
            .order_by()
            .values("exam")
            .annotate(n=Count("pk"))
            .values("n")
        )
        count = Subquery(counted, output_field=models.IntegerField())
        return self.annotate(question_count=Coalesce(count, 0))

    def with_versions(self) -> Self:
        """Prefetch what was published, newest first, without papers and keys."""
        versions: Any = self.model._meta.get_field("versions").related_model  # noqa: SLF001
        headlines = versions.objects.headlines()
        return self.prefetch_related(models.Prefetch("versions", queryset=headlines))

    def to_review(self) -> Self:
        """Drafts with questions that nobody has decided yet."""
        return self.filter(state=ExamState.DRAFT, pk__in=self._undecided())

    def decided(self) -> Self:
        """Drafts in which every question is decided."""
        return self.filter(state=ExamState.DRAFT).exclude(pk__in=self._undecided())

    def live(self) -> Self:
        """Published ones: their doors are open, or will be."""
        return self.filter(state=ExamState.PUBLISHED)

    def over(self) -> Self:
        """Published ones whose doors are closed."""
        return self.filter(state=ExamState.CLOSED)

    def _undecided(self) -> models.QuerySet[Any, Any]:
        # A subquery, not a join: a join would multiply the counts beside it.
        undecided = self.model.objects.filter(questions__state=QuestionState.PROPOSED)
        return undecided.values("pk")


class ExamVersionQuerySet(models.QuerySet["ExamVersion"]):
    def for_user(self, user: User) -> Self:
        """Those of the exams that `user` owns."""
        return self.filter(exam__owner=user)

    def headlines(self) -> Self:
        """Leave out papers and keys, which are long: for lists."""
        return self.defer("paper", "key")

    def newest_of(self, exam_id: uuid.UUID) -> ExamVersion | None:
        """The version of this exam that counts now; None when there is none."""
        versions = self.filter(exam_id=exam_id).select_related("exam", "course")
        return versions.order_by("-number").first()

    def by_code(self, code: str) -> ExamVersion | None:
        """The exam that this code leads to, without paper and key."""
        found = self.headlines().select_related("exam", "course__owner")
        return found.filter(code=code).first()

    def open_to(self, user: User) -> Self:
        """Those that `user` may take: of their courses, and those without a course.

        Whether the doors are open at this hour is another question.
        """
        attended = Course.objects.attended_by(user).values("pk")
        return self.filter(Q(course=None) | Q(course__in=attended))


class QuestionQuerySet(models.QuerySet["Question"]):
    def for_user(self, user: User) -> Self:
        return self.filter(exam__owner=user)


class QuestionRequestQuerySet(models.QuerySet["QuestionRequest"]):
    def for_user(self, user: User) -> Self:
        return self.filter(exam__owner=user)

    def open(self) -> Self:
        """Those that a worker is to answer."""
        return self.filter(state=RequestState.OPEN)
