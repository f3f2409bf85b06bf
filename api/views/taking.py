"""Taking an exam: what awaits one, start, paper, save, hand in, receipt."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from rest_framework.response import Response

from api.operations import KEY, listing, operation
from api.paging import paged
from api.problems import Refusal
from api.requests import ApiRequest
from api.serializers.attempts import (
    AttemptShape,
    EntitlementShape,
    MessageShape,
    ReceiptShape,
    SheetShape,
    ShelfShape,
    StandingShape,
)
from api.serializers.filters import AttemptFilter
from api.views.base import ApiView
from api.views.doing_once import done_once
from api.views.keeping import kept
from api.views.rows import asked, one
from examgen.jobs.clock import now
from scoring import wording
from scoring.models import Attempt
from scoring.protocol import Message, ProtocolError
from scoring.services import attempts, closing, homes, paper_facts, visibility
from scoring.services.receipts import seal_of
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState
from scoring.views import wire
from scoring.views.exam_page import answers_of, sheets_of
from scoring.views.taking import version_to_take

# What the entitlement says by itself.
_ASKED = (
    *("may_start", "reason", "attempts_left", "accommodated", "minutes"),
    *("deadline_if_started", "opens_at", "ends_at"),
)
_STATUS = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "not_json": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "void": HTTPStatus.CONFLICT,
}


class OwnExams(ApiView):
    """The exams that one takes."""

    scope = "attempts"

    @operation("exams_to_take", returns=ShelfShape)
    def get(self, request: ApiRequest) -> Response:
        """Tell what one can take now, what comes, and what was."""
        return Response(ShelfShape(homes.shelf(request.user, at=now())).data)


class Take(ApiView):
    """An exam for whoever may take it."""

    scope = "attempts"

    @operation("entitlement", returns=EntitlementShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Tell whether one may start, and how long one would have."""
        version = version_to_take(request.user, exam_id)
        asked = attempts.entitlement(user=request.user, version=version, at=now())
        told = {
            **{name: getattr(asked, name) for name in _ASKED},
            "exam_id": version.exam_id,
            "title": version.title,
            "questions": len(version.questions),
            "attempt_id": asked.attempt and asked.attempt.id,
            "counting": version.rules.counting,
            "release": version.rules.release,
        }
        return Response(EntitlementShape(told).data)  # type: ignore[arg-type]

    @operation(
        "attempt_start",
        returns=AttemptShape,
        status=HTTPStatus.CREATED,
        also=[HTTPStatus.CONFLICT],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Start an attempt; the open one comes back however often this is sent."""
        version = version_to_take(request.user, exam_id)
        try:
            attempt = attempts.start(user=request.user, version=version, at=now())
        except attempts.RefusedError as error:
            words = str(wording.REFUSALS[error.code])
            conflict = HTTPStatus.CONFLICT
            raise Refusal(
                "cannot_start", conflict, title=words, reason=error.code
            ) from error
        return Response(AttemptShape(attempt).data, status=HTTPStatus.CREATED)


class Attempts(ApiView):
    """One's own attempts."""

    scope = "attempts"

    @listing("attempts", AttemptShape, parameters=[AttemptFilter])
    def get(self, request: ApiRequest) -> Response:
        """List one's own attempts, newest first."""
        rows = Attempt.objects.for_user(request.user).select_related("version")
        rows = rows.filter(**asked(AttemptFilter, request))
        rows = rows.defer("version__paper", "version__key", "snapshot")
        return paged(request, rows, AttemptShape, "-started_at", "-id")


class OneAttempt(ApiView):
    """One of one's own attempts."""

    scope = "attempts"

    @operation("attempt", returns=AttemptShape)
    def get(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Look at an attempt; one whose time is over is closed by it."""
        attempt = _own(request, attempt_id)
        attempt = attempts.close_if_over(attempt=attempt, at=now())
        return Response(AttemptShape(attempt).data)


class Paper(ApiView):
    """The paper of an open attempt."""

    scope = "attempts"

    @operation("paper", returns=SheetShape(many=True), also=[HTTPStatus.CONFLICT])
    @kept(paper_facts.FACTS)
    def get(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Get the questions in the order of this attempt, with the answers so far."""
        attempt = _own(request, attempt_id)
        # What only looks closes nothing: the clock does, within seconds.
        if attempt.state != AttemptState.OPEN or closing.is_over(attempt, now()):
            raise Refusal("attempt_over", HTTPStatus.CONFLICT)
        context = {"answers": answers_of(attempt)}
        sheets: Any = sheets_of(attempt)
        told = SheetShape(sheets, many=True, context=context)
        return Response(told.data)


class Answers(ApiView):
    """The answers of an attempt."""

    scope = "attempts"

    @operation("standing", returns=StandingShape)
    def get(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Tell how the attempt stands, and what was announced."""
        at = now()
        attempt = attempts.close_if_over(attempt=_own(request, attempt_id), at=at)
        return _standing(wire.standing(attempt, at))

    @operation("answers_save", sends=MessageShape, returns=StandingShape)
    def post(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Save answers; tell of each item what became of it.

        `v` grows with each change of an answer. `saved` and `replay` are stored,
        `stale` tells what another program stored, `closed` comes too late, `invalid`
        is no answer to its question.
        """
        at = now()
        attempt = _own(request, attempt_id)
        message = _message(request)
        reply = attempts.save(
            attempt=attempt, items=message.items, tab=message.tab, received_at=at
        )
        items = [wire.told(item) for item in reply.items]
        return _standing(wire.standing(reply.attempt, at, items=items))


class Submit(ApiView):
    """The end of an attempt."""

    scope = "attempts"

    @operation(
        "submit",
        sends=MessageShape,
        returns=StandingShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Hand in, with the last answers; once more gives the same receipt.

        `manifest` names the newest version of each answer: what the server lacks is
        told as 409 with the code `missing_versions`.
        """
        at = now()
        attempt = _own(request, attempt_id)
        message = _message(request)

        def hand_in() -> Response:
            return _standing(wire.standing(_submitted(attempt, message, at), at))

        return done_once(request, hand_in)


class Receipt(ApiView):
    """The receipt of an attempt."""

    scope = "attempts"

    @operation("receipt", returns=ReceiptShape, also=[HTTPStatus.CONFLICT])
    def get(self, request: ApiRequest, attempt_id: uuid.UUID) -> Response:
        """Get what shows later that this was handed in."""
        at = now()
        attempt = attempts.close_if_over(attempt=_own(request, attempt_id), at=at)
        if attempt.state == AttemptState.OPEN:
            raise Refusal("attempt_open", HTTPStatus.CONFLICT)
        snapshot = attempt.snapshot or {}
        promise = visibility.promise(attempt.version)
        told = {
            "attempt_id": attempt.id,
            "state": attempt.state,
            "closed_at": attempt.closed_at,
            "closed_by": attempt.closed_by,
            "receipt": attempt.receipt,
            "seal": seal_of(attempt) if attempt.state == AttemptState.CLOSED else "",
            "answered": sum(value is not None for _, value in snapshot.values()),
            "total": len(attempt.version.questions),
            "late": attempt.late.count(),
            "release": promise.release,
            "release_at": promise.at,
            "has_result": can_see(attempt, What.ANSWERS, request.user, at),
        }
        return Response(ReceiptShape(told).data)


def _own(request: ApiRequest, attempt_id: uuid.UUID) -> Attempt:
    """One's own attempt without its key: everybody else's do not exist."""
    return one(Attempt.objects.for_user(request.user).with_paper(), id=attempt_id)


def _message(request: ApiRequest) -> Message:
    try:
        return wire.read(request._request)  # type: ignore[arg-type] # noqa: SLF001 - what DRF wraps
    except ProtocolError as error:
        where = {"where": error.where} if error.where else {}
        raise _refused(error.code, **where) from error


def _submitted(attempt: Attempt, message: Message, at: Any) -> Attempt:
    try:
        return attempts.submit(
            attempt=attempt,
            items=message.items,
            manifest=message.manifest,
            auto=message.auto,
            tab=message.tab,
            received_at=at,
        )
    except attempts.MissingVersionsError as error:
        conflict = HTTPStatus.CONFLICT
        words = str(wording.PROBLEMS["missing_versions"])
        raise Refusal(
            "missing_versions", conflict, title=words, missing=error.missing
        ) from error
    except attempts.InvalidItemsError as error:
        items = [wire.told(item) for item in error.items]
        raise _refused("invalid_items", items=items) from error
    except attempts.RefusedError as error:
        raise _refused(error.code) from error


def _refused(code: str, **facts: Any) -> Refusal:
    status = _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return Refusal(code, status, title=str(wording.PROBLEMS[code]), **facts)


def _standing(told: JsonResponse) -> Response:
    """What the script of an exam page is told as well."""
    return Response(json.loads(told.content))
