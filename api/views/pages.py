"""What was read of a lecture: its pages, their pictures, and the file itself."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.http import HttpResponseBase
from django.utils.http import quote_etag
from drf_spectacular.types import OpenApiTypes
from rest_framework.response import Response

from api.operations import LENT, listing, operation
from api.paging import paged
from api.permissions import Educator
from api.requests import ApiRequest
from api.serializers.lectures import PageShape, PageText
from api.views.base import CHECKED, ApiView, conditional
from api.views.rows import one
from examgen.along import asks
from exams.models import Lecture, Page
from exams.services import picture_facts, pictures
from exams.views.pictures import key_of, send_lecture, send_picture


class Pages(ApiView):
    """The pages of a lecture."""

    scope = "lectures"
    permission_classes = [Educator]

    @listing("pages", PageShape)
    def get(self, request: ApiRequest, lecture_id: uuid.UUID) -> Response:
        """List the pages that were read, without their texts."""
        lecture = one(Lecture.objects.for_user(request.user), id=lecture_id)
        rows = lecture.pages.defer("words", "text")
        return paged(request, rows, PageShape, "number")


class OnePage(ApiView):
    """One page of a lecture."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("page", returns=PageText)
    def get(self, request: ApiRequest, lecture_id: uuid.UUID, number: int) -> Response:
        """Tell what was read of a page, with its text."""
        return Response(PageText(_page(request, lecture_id, number)).data)


class PagePicture(ApiView):
    """A picture of one page."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation(
        "page_picture",
        returns=OpenApiTypes.BINARY,
        media="image/webp",
        parameters=[LENT],
    )
    @asks(picture_facts.FACTS)
    def get(
        self, request: ApiRequest, lecture_id: uuid.UUID, number: int, size: str
    ) -> HttpResponseBase:
        """Get a picture: `small` of every page, `large` of those that were asked for."""
        which = {"lecture_id": lecture_id, "number": number}
        asked = request._request  # noqa: SLF001 - what DRF wraps
        return send_picture(asked, key_of(asked, request.user, which, size))


class DrawPage(ApiView):
    """The large picture of a page that has none."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation("page_draw", returns=PageText, status=HTTPStatus.ACCEPTED)
    def post(self, request: ApiRequest, lecture_id: uuid.UUID, number: int) -> Response:
        """Ask for it; `has_large_picture` tells when it is there."""
        page = _page(request, lecture_id, number)
        pictures.want(page=page, actor=request.user.id)
        return Response(PageText(page).data, status=HTTPStatus.ACCEPTED)


class LectureFile(ApiView):
    """The file of a lecture."""

    scope = "lectures"
    permission_classes = [Educator]

    @operation(
        "lecture_file",
        returns=OpenApiTypes.BINARY,
        media="application/pdf",
        parameters=[LENT],
    )
    def get(self, request: ApiRequest, lecture_id: uuid.UUID) -> HttpResponseBase:
        """Get the PDF as it was uploaded."""
        lecture = one(Lecture.objects.for_user(request.user), id=lecture_id)
        tag = quote_etag(lecture.sha256)
        asked = request._request  # noqa: SLF001 - what DRF wraps
        # Asked first: what is known need not even be opened.
        if instead := conditional(asked, tag):
            return instead
        response = send_lecture(lecture)
        if response.status_code == HTTPStatus.OK:
            response["Cache-Control"], response["ETag"] = CHECKED, tag
        return response


def _page(request: ApiRequest, lecture_id: uuid.UUID, number: int) -> Page:
    rows = Page.objects.for_user(request.user).defer("words")
    return one(rows, lecture_id=lecture_id, number=number)
