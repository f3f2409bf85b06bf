"""An exam that is being taken: who works, more time, a word to all."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from rest_framework.response import Response

from api.operations import KEY, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.running import (
    AnnouncedShape,
    AnnounceShape,
    ExtendShape,
    ExtensionShape,
    RoomShape,
)
from api.views.base import ApiView
from api.views.doing_once import done_once
from api.views.rows import one, read
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.forms.running import EVERYBODY, AnnounceForm, ExtendForm
from scoring.models import Attempt, Extension
from scoring.services import announcements, extensions, live
from scoring.services.closing import RefusedError
from scoring.views.versions import own_version


class Live(ApiView):
    """Who is taking an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation("exam_live", returns=RoomShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Tell who works, who is done and who has not come."""
        version = own_version(request.user, exam_id)
        return Response(RoomShape(live.room(version, at=now())).data)


class Extend(ApiView):
    """The time of those who take an exam."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_extend",
        sends=ExtendShape,
        returns=ExtensionShape,
        status=HTTPStatus.CREATED,
        also=[HTTPStatus.CONFLICT],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Give one attempt, or everybody who is working, more time.

        409 where that changes nothing: it is over, has no limit, or nobody is at it.
        """
        version = own_version(request.user, exam_id)
        wish = read(ExtendShape, request)
        attempt = _named(request, version, wish["attempt_id"])
        takers = [(attempt.id, str(attempt.user))] if attempt else []
        named = attempt.id if attempt else EVERYBODY
        form = ExtendForm({**wish, "attempt": str(named)}, takers=takers)
        if not form.is_valid():
            raise not_valid(form)

        def extend() -> Response:
            made = _extended(request, version, attempt, form)
            return Response(ExtensionShape(made).data, status=HTTPStatus.CREATED)

        return done_once(request, extend, whole=True)


class Announcements(ApiView):
    """What is told to everybody who is working."""

    scope = "exams"
    permission_classes = [Educator]

    @listing("announcements", AnnouncedShape)
    def get(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """List what was announced, newest first."""
        rows = own_version(request.user, exam_id).announcements.all()
        return paged(request, rows, AnnouncedShape, "-created_at", "-id")

    @operation(
        "announce",
        sends=AnnounceShape,
        returns=AnnouncedShape,
        status=HTTPStatus.CREATED,
        also=[HTTPStatus.CONFLICT],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, exam_id: uuid.UUID) -> Response:
        """Show a sentence on every open exam page."""
        version = own_version(request.user, exam_id)
        form = AnnounceForm(read(AnnounceShape, request))
        if not form.is_valid():
            raise not_valid(form)

        def announce() -> Response:
            made = announcements.announce(
                version=version, text=form.cleaned_data["text"], actor=request.user
            )
            return Response(AnnouncedShape(made).data, status=HTTPStatus.CREATED)

        return done_once(request, announce, whole=True)


def _named(
    request: ApiRequest, version: ExamVersion, attempt_id: uuid.UUID | None
) -> Attempt | None:
    if attempt_id is None:
        return None
    attempts = Attempt.objects.held_by(request.user).filter(version=version)
    return one(attempts.select_related("user", "version"), id=attempt_id)


def _extended(
    request: ApiRequest, version: ExamVersion, attempt: Attempt | None, form: ExtendForm
) -> Extension:
    reason, actor = form.cleaned_data["reason"], request.user
    try:
        if attempt is None:
            return extensions.extend_all(
                version=version, span=form.span, reason=reason, actor=actor
            )
        return extensions.extend_one(
            attempt=attempt, span=form.span, reason=reason, actor=actor
        )
    except RefusedError as error:
        conflict = HTTPStatus.CONFLICT
        raise Refusal("no_more_time", conflict, reason=error.code) from error
