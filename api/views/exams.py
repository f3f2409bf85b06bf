"""Exams of their owner."""

from __future__ import annotations

from accounts.models import User
from exams.models import Exam
from exams.querysets import ExamQuerySet


def exams_of(user: User) -> ExamQuerySet:
    return Exam.objects.for_user(user).with_counts().with_versions()
