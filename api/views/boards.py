"""Scoreboards: live for the exam's owner, after the release for those who took part."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts.models import User
from api.operations import operation
from api.problems import Refusal, invalid
from api.requests import ApiRequest
from api.serializers.boards import BoardShape
from api.views.base import ApiView
from api.views.keeping import kept
from api.wording import PROBLEMS
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.services import board_facts, scoreboard
from scoring.services.visibility import What, can_see, promise
from scoring.views.scoreboard import (
    PER_PAGE,
    attempt_on_board,
    is_named,
    names_for_students,
    rows_of,
)

_LAST = 999_999


class Board(ApiView):
    """The scoreboard of an exam."""

    scope = "boards"

    @operation(
        "scoreboard",
        returns=BoardShape,
        also=[HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[
            OpenApiParameter(
                "after", {"type": "integer", "minimum": 0, "maximum": _LAST}
            )
        ],
    )
    @kept(board_facts.FACTS, known_queries={"after"})
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Get fifty lines of the board, those `after` so many.

        Students see it once results are out: 409 with the code `not_released` before.
        """
        after = _after(request)
        version, teaches = _visible(request.user, exam_id)
        by_name = teaches or is_named(version)
        entries = scoreboard.board(version, by_name=by_name)
        found = list(entries[after : after + PER_PAGE + 1])
        page, more = found[:PER_PAGE], len(found) > PER_PAGE
        names = None
        if not teaches:
            names = names_for_students(version, page, named=by_name)
        told = {
            "summary": scoreboard.summary(version),
            "results": rows_of(version, page, request.user, names),
            "next": after + PER_PAGE if more else None,
        }
        return Response(BoardShape(told).data)


def _visible(user: User, exam_id: uuid.UUID) -> tuple[ExamVersion, bool]:
    """The version whose board this person may see, and whether it is theirs."""
    if user.is_educator:
        version = board_facts.of_educator(user, exam_id)
        # An educator may be somebody's student.
        if version is not None:
            return version, True
    attempt = attempt_on_board(user, exam_id)
    if not can_see(attempt, What.BOARD, user, now()):
        due = promise(attempt.version)
        raise Refusal(
            "not_released",
            HTTPStatus.CONFLICT,
            release=due.release.value,
            release_at=due.at and due.at.isoformat(),
        )
    return attempt.version, False


def _after(request: ApiRequest) -> int:
    typed = request.query_params.get("after", "0")
    short = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(_LAST))
    if not short:
        raise invalid("after", "invalid", str(PROBLEMS["malformed"]))
    return int(typed)
