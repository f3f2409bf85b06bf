"""Which published exam a page of the educator is about."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404

from exams.models import ExamVersion

if TYPE_CHECKING:
    from accounts.models import User


def own_version(user: User, exam_id: uuid.UUID) -> ExamVersion:
    """The newest version of an exam of this educator; 404 for every other."""
    versions = ExamVersion.objects.for_user(user).filter(exam_id=exam_id)
    version = versions.select_related("exam", "course").order_by("-number").first()
    if version is None:
        raise Http404
    return version
