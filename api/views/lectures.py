"""Lectures: upload, watch, ask for exams, delete."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.models import User
from api.operations import KEY, SEEN, STORE, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.problems import Refusal, not_valid
from api.reading import JsonParser
from api.requests import ApiRequest
from api.serializers.exams import ExamShape
from api.serializers.filters import LectureFilter
from api.serializers.lectures import LectureShape, UploadShape, WishShape
from api.views.base import ApiView
from api.views.doing_once import done_once
from api.views.exams import exams_of
from api.views.rows import asked, hold, one, read
from api.views.seen import as_seen
from examgen.uploads import has_no_room
from exams.forms import WishForm
from exams.models import Exam, Lecture
from exams.reading import ReadingError
from exams.services import lectures as services
from exams.services.files import StoreFullError
from exams.services.progress import Progress, progress_of
from exams.services.wishes import Wish
from exams.states import IllegalMoveError
from exams.wording import reading_problem


class Lectures(ApiView):
    """One's lectures."""

    scope = "lectures"
    permission_classes = [Educator]
    parser_classes = [MultiPartParser, JsonParser]

    @listing("lectures", LectureShape, parameters=[LectureFilter])
    def get(self, request: ApiRequest) -> Response:
        """List one's lectures, newest first, each with its progress."""
        rows = lectures_of(request.user).filter(**asked(LectureFilter, request))
        return paged(request, rows, LectureShape, "-created_at", "-id", told=_ways)

    @operation(
        "lecture_upload",
        sends={"multipart/form-data": UploadShape},
        returns=LectureShape,
        status=HTTPStatus.CREATED,
        same=HTTPStatus.OK,
        also=[HTTPStatus.CONFLICT, *STORE],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest) -> Response:
        """Upload a PDF; an exam from it is asked for at once.

        The same bytes again give the lecture that is there, with 200.
        """
        return done_once(request, lambda: _upload(request))


class OneLecture(ApiView):
    """One of one's lectures."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("lecture", returns=LectureShape)
    def get(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Tell what became of a lecture, and how far it is."""
        return Response(_told(request.user, lecture_id))

    def hold(self, request: ApiRequest, lecture_id: uuid.UUID) -> None:
        hold(Lecture.objects.for_user(request.user), id=lecture_id)

    @operation(
        "lecture_delete",
        status=HTTPStatus.NO_CONTENT,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def delete(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Delete a lecture with its exams and files.

        One that a published exam quotes stays: 409 with the code `published`.
        """
        lecture = one(lectures_of(request.user), id=lecture_id)
        try:
            services.delete_lecture(lecture=lecture, actor=request.user)
        except services.PublishedError as error:
            raise Refusal("published", HTTPStatus.CONFLICT) from error
        return Response(status=HTTPStatus.NO_CONTENT)


class LectureExams(ApiView):
    """Exams from one lecture."""

    scope = "exams"
    permission_classes = [Educator]

    @operation(
        "exam_request",
        sends=WishShape,
        returns=ExamShape,
        status=HTTPStatus.CREATED,
        also=[HTTPStatus.CONFLICT],
        parameters=[KEY],
    )
    def post(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Ask for one more exam from a lecture."""
        lecture = one(Lecture.objects.for_user(request.user), id=lecture_id)
        wish = wish_of(read(WishShape, request))

        def ask() -> Response:
            try:
                exam = services.request_exam(
                    lecture=lecture, actor=request.user, wish=wish
                )
            except IllegalMoveError as error:
                raise Refusal("still_uploading", HTTPStatus.CONFLICT) from error
            told = ExamShape(one(exams_of(request.user), id=exam.id)).data
            return Response(told, status=HTTPStatus.CREATED)

        return done_once(request, ask, whole=True)


class LectureRetry(ApiView):
    """The stage of a lecture that failed."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("lecture_retry", returns=LectureShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Try again from the stage that failed."""
        lecture = one(lectures_of(request.user), id=lecture_id)
        exam = next(iter(lecture.exams.all()), None)
        try:
            if exam is not None:
                services.retry_exam(exam=exam, actor=request.user)
            else:
                services.retry_lecture(lecture=lecture, actor=request.user)
        except IllegalMoveError as error:
            raise Refusal("nothing_to_retry", HTTPStatus.CONFLICT) from error
        return Response(_told(request.user, lecture_id))


class LectureReadAgain(ApiView):
    """The reading of a lecture by an older reader."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("lecture_read_again", returns=LectureShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Read the lecture again, by a newer reader; what was read stays meanwhile."""
        lecture = one(Lecture.objects.for_user(request.user), id=lecture_id)
        try:
            services.read_again(lecture=lecture, actor=request.user)
        except IllegalMoveError as error:
            raise Refusal("not_read_again", HTTPStatus.CONFLICT) from error
        return Response(_told(request.user, lecture_id))


class LectureCancel(ApiView):
    """What is being made from a lecture."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("lecture_cancel", returns=LectureShape, also=[HTTPStatus.CONFLICT])
    def post(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """Stop reading and drafting; what was uploaded stays."""
        lecture = one(Lecture.objects.for_user(request.user), id=lecture_id)
        try:
            services.cancel(lecture=lecture, actor=request.user)
        except IllegalMoveError as error:
            raise Refusal("too_late", HTTPStatus.CONFLICT) from error
        return Response(_told(request.user, lecture_id))


def lectures_of(user: User) -> QuerySet[Lecture]:
    newest_first = Exam.objects.with_counts()
    return Lecture.objects.for_user(user).prefetch_related(
        Prefetch("exams", queryset=newest_first)
    )


def wish_of(data: dict[str, Any]) -> Wish:
    """What is asked of an exam, as the form of the pages takes it."""
    form = WishForm(data)
    if not form.is_valid():
        raise not_valid(form)
    return form.wish()


def _ways(lectures: Iterable[Lecture]) -> list[Progress]:
    return progress_of(lectures)


def _told(user: User, lecture_id: uuid.UUID) -> dict[str, Any]:
    (way,) = progress_of([one(lectures_of(user), id=lecture_id)])
    told: dict[str, Any] = LectureShape(way).data
    return told


def _upload(request: ApiRequest) -> Response:
    data = read(UploadShape, request)
    file = data.pop("file")
    if has_no_room(file):
        raise StoreFullError
    try:
        upload = services.upload_lecture(
            owner=request.user, file=file, name=file.name or "", wish=wish_of(data)
        )
    except ReadingError as error:
        raise Refusal(
            "not_a_lecture",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            title=reading_problem(error.code, error.params),
            reason=error.code,
            params=dict(error.params),
        ) from error
    except IllegalMoveError as error:
        raise Refusal("deleted_meanwhile", HTTPStatus.CONFLICT) from error
    where = reverse("api:lecture", args=[upload.lecture.id])
    return Response(
        _told(request.user, upload.lecture.id),
        status=HTTPStatus.OK if upload.known else HTTPStatus.CREATED,
        headers={"Location": where},
    )
