"""What became of the attempts at an exam, for its owner."""

from __future__ import annotations

import uuid

from rest_framework.response import Response

from api.operations import listing
from api.paging import paged
from api.permissions import Educator
from api.requests import ApiRequest
from api.serializers.filters import ResultFilter
from api.serializers.results import ResultLine
from api.views.base import ApiView
from api.views.rows import asked, one
from exams.models import Exam
from scoring.models import Attempt


class Results(ApiView):
    """The attempts at an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("exam_results", ResultLine, parameters=[ResultFilter])
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """List all attempts at an exam, newest first, with their scores."""
        exam = one(Exam.objects.for_user(request.user), id=exam_id)
        rows = Attempt.objects.held_by(request.user).filter(version__exam=exam)
        rows = rows.filter(**asked(ResultFilter, request))
        rows = rows.select_related("user", "version").defer(
            "version__paper", "version__key"
        )
        rows = rows.prefetch_related("grades")
        return paged(request, rows, ResultLine, "-started_at", "-id")
