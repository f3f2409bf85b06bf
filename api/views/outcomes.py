"""What an attempt came to, as far as it may be seen now."""

from __future__ import annotations

import uuid
from decimal import Decimal
from http import HTTPStatus

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.response import Response

from api.operations import LENT, operation
from api.problems import Refusal
from api.requests import ApiRequest
from api.serializers.attempts import ResultShape
from api.views.base import ApiView
from examgen.jobs.clock import now
from exams.views.pictures import send_picture
from scoring import statistics
from scoring.services import attempts, visibility
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState
from scoring.views import results

_TENTH = Decimal("0.1")


class Result(ApiView):
    """The result of an attempt."""

    scope = "attempts"

    @operation("result", returns=ResultShape, also=[HTTPStatus.CONFLICT])
    def get(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Get the result, for whoever took it and for the exam's owner.

        Before the release: 409 with the code `not_released`, and when it comes.
        """
        at = now()
        attempt = results.attempt_to_read(request.user, attempt_id)
        attempt = attempts.close_if_over(attempt=attempt, at=at)
        if attempt.state == AttemptState.OPEN:
            if attempt.user_id != request.user.id:
                raise Http404
            raise Refusal("attempt_open", HTTPStatus.CONFLICT)
        seen = {what for what in What if can_see(attempt, what, request.user, at)}
        grade = visibility.latest_grade(attempt)
        if grade is None or What.ANSWERS not in seen:
            promise = visibility.promise(attempt.version)
            raise Refusal(
                "not_released",
                HTTPStatus.CONFLICT,
                release=promise.release.value,
                release_at=promise.at and promise.at.isoformat(),
            )
        score = None
        if What.SCORE in seen and grade.complete:
            share = statistics.percent(grade.points, grade.max_points)
            score = {
                "points": grade.points,
                "max_points": grade.max_points,
                "percent": share.quantize(_TENTH),
                "passed": statistics.passes(share, attempt.version.rules.pass_percent),
            }
        has_key = What.KEY in seen
        told = {
            "attempt_id": attempt.id,
            "title": attempt.version.title,
            "score": score,
            "has_key": has_key,
            "questions": results.rows_of(attempt, grade, with_key=has_key),
        }
        return Response(ResultShape(told).data)


class ResultPage(ApiView):
    """A page of the lecture that a result cites."""

    scope = "attempts"

    @operation(
        "result_page",
        returns=OpenApiTypes.BINARY,
        media="image/webp",
        parameters=[LENT],
    )
    def get(
        self, request: ApiRequest, attempt_id: uuid.UUID, number: int
    ) -> HttpResponseBase:
        """Get the picture of a cited page, once the key may be seen."""
        key = results.cited_picture(request.user, attempt_id, number)
        return send_picture(request._request, key)  # noqa: SLF001 - what DRF wraps
