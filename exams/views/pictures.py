"""Private files of a lecture: pictures of its pages, and the PDF itself."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags, quote_etag
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from examgen.along import asks, found
from exams.models import Lecture
from exams.services import files, picture_facts
from exams.views.access import educators_only
from exams.views.away import store_away

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from accounts.models import User
    from examgen.typing import UserRequest

# Kept by the browser, but asked for again each time: it must not outlive sign-out.
_KEPT = {"Cache-Control": "private, no-cache"}


@asks(picture_facts.FACTS)
@educators_only
@require_GET
def page_picture(
    request: UserRequest, lecture_id: uuid.UUID, number: int, size: str
) -> HttpResponseBase:
    """A picture of one page: `small` of every page, `large` of the cited ones."""
    which = {"lecture_id": lecture_id, "number": number}
    return picture_response(request, key_of(request, request.user, which, size))


def key_of(
    request: HttpRequest, person: User, which: Mapping[str, Any], size: str
) -> str:
    """The name in the store of a picture that this person may see; 404 without one."""
    (pictures,) = found(request, person, picture_facts.FACTS, which)
    key: str | None = (pictures or {}).get(size)
    if not key:
        raise Http404
    return key


def picture_response(request: UserRequest, key: str) -> HttpResponseBase:
    """Send a picture from the store to whom it was just decided that they may see it."""
    try:
        return send_picture(request, key)
    except files.StoreError:
        return store_away(request)


def send_picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """The same for whoever says in another way that the store is away."""
    # A picture never changes under its key, so the key is all that need be compared.
    etag = quote_etag(hashlib.sha256(key.encode()).hexdigest()[:16])
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag, **_KEPT})
    if address := files.link_to(key, content_type="image/webp"):
        return _lent(address)
    file = files.open_object(key)
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = _KEPT["Cache-Control"]
    response["ETag"] = etag
    response["Content-Security-Policy"] = "sandbox"
    return response


@educators_only
@require_GET
def lecture_file(request: UserRequest, lecture_id: uuid.UUID) -> HttpResponseBase:
    """The PDF as uploaded, always as a download: it is somebody else's content."""
    lecture = get_object_or_404(Lecture.objects.for_user(request.user), id=lecture_id)
    try:
        return send_lecture(lecture)
    except files.StoreError:
        return store_away(request)


def send_lecture(lecture: Lecture) -> HttpResponseBase:
    """The PDF for whoever may have it; raises StoreError when the store is away."""
    # Whatever it was called when uploaded, a computer must take it for a PDF.
    stem = slugify(PurePath(lecture.file_name).stem, allow_unicode=True) or "lecture"
    name, kind = f"{stem}.pdf", "application/pdf"
    if address := files.link_to(lecture.file, content_type=kind, file_name=name):
        return _lent(address)
    file = files.open_object(lecture.file)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    response["Content-Security-Policy"] = "sandbox"
    return response


def _lent(address: str) -> HttpResponse:
    """Send the browser to the store, by an address that is good for a minute."""
    response = HttpResponseRedirect(address)
    # Kept, it would lead nowhere a minute later, or somebody else to the object.
    response["Cache-Control"] = "private, no-store"
    return response
