"""Pages that are made once and shown again while nothing that they show has changed.

A page is kept under a hash of everything that it is made of: the facts that its view
read in this very request, the person, their language and colours, its address, and the
code of this release. What has changed has another name, so nothing is ever taken back,
and a cache that is away, emptied or behind can only cost time. Whether somebody may see
a page is decided before anything here is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

from examgen.settings.environment import BASE_DIR

if TYPE_CHECKING:
    from examgen.typing import UserRequest

_KEPT_SECONDS = 600
_OK = 200
_PACKAGES = ("accounts", "api", "examgen", "exams", "notifications", "scoring")


def page(
    request: UserRequest, facts: tuple[object, ...], make: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer with 304, a page that was kept, or a new one.

    `facts` hold all that the page shows and that is not the person's own row. They are
    compared by what `repr` says of them, so they are plain values.
    """
    if len(get_messages(request)):
        # A message is shown once: such a page is like no other.
        return make()
    tag = tag_of(_person(request), request.get_full_path(), facts)
    if is_known(request, tag):
        return _marked(HttpResponseNotModified(), tag)
    kept = caches["pages"].get(tag)
    if kept is not None:
        return _marked(HttpResponse(kept), tag)
    made = make()
    if made.status_code != _OK:
        return made
    caches["pages"].set(tag, made.content.decode(), _KEPT_SECONDS)
    return _marked(made, tag)


def tag_of(*facts: object) -> str:
    """An ETag of these facts, as this release shows them."""
    said = repr((release(), settings.SITE_NAME, settings.LOGO, facts))
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether whoever asks has this answer already."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


@cache
def release() -> str:
    """A hash of the code and the templates, the same on every machine."""
    found = hashlib.sha256()
    for folder in (*_PACKAGES, "templates", "static", "locale"):
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(str(path.relative_to(BASE_DIR)).encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def _person(request: UserRequest) -> tuple[object, ...]:
    user = request.user
    fields = (user.pk, user.name, user.email, user.role, user.theme, user.time_zone)
    return (*fields, get_language(), request.headers.get("HX-Request"))


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    # Kept by the browser of this person, who asks each time; sign-out clears it.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
