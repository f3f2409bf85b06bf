"""Pages that are made once and shown again while nothing that they show has changed.

A page is kept under a hash of everything that it is made of: the facts that its view
read in this very request, the person, their language and colours, its address, and the
code of this release. What has changed has another name, so nothing is ever taken back,
and a cache that is away, emptied or behind can only cost time. Whether somebody may see
a page is decided before anything here is asked.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import cache
from importlib.metadata import distributions
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

from examgen import logo
from examgen.settings.environment import BASE_DIR

if TYPE_CHECKING:
    from examgen.typing import UserRequest

_KEPT_SECONDS = 600
_OK = 200
_PACKAGES = ("accounts", "api", "examgen", "exams", "notifications", "scoring")

# What pages read of whoever looks, and of the settings: templates/base.html above all.
OF_PERSON = ("pk", "name", "email", "role", "is_staff", "theme", "time_zone")
OF_SITE = ("SITE_NAME", "DEMO")

# No cache holds more than this of one person's pages, whatever they ask for.
SLOTS = 16
# Addresses with anything else are without number: none of their pages is kept.
_QUERIED = {"page"}


def page(
    request: UserRequest,
    facts: tuple[object, ...],
    make: Callable[[], HttpResponse],
    still: Callable[[], bool],
) -> HttpResponse:
    """Answer with 304, a page that was kept, or a new one.

    `facts` hold all that the page shows and that is not the person's own row. They are
    compared by what `repr` says of them, so they are plain values. `still` asks anew
    whether they hold: `make` reads after they were read, and what it read meanwhile
    must not be kept under their name, which they may come to have again.
    """
    if settings.DEBUG or len(get_messages(request)):
        # A message is shown once: such a page is like no other.
        return make()
    tag = tag_of(_person(request), request.get_full_path(), facts)
    if is_known(request, tag):
        return _marked(HttpResponseNotModified(), tag)
    may_keep = _QUERIED.issuperset(request.GET)
    slot = slot_of(request.user.pk, tag)
    named, kept = (may_keep and caches["pages"].get(slot)) or (None, None)
    if named == tag:
        return _marked(HttpResponse(kept), tag)
    made = make()
    if made.status_code != _OK or not still():
        return made
    if may_keep:
        caches["pages"].set(slot, [tag, made.content.decode()], _KEPT_SECONDS)
    return _marked(made, tag)


def slot_of(person: uuid.UUID, tag: str) -> str:
    """Where a page of this person is kept, as [tag, page], until another takes it."""
    number = int(hashlib.sha256(tag.encode()).hexdigest(), 16) % SLOTS
    return f"{person}:{number}"


def tag_of(*facts: object) -> str:
    """An ETag of these facts, as this release shows them."""
    # Whoever works on a page sees it as it is: no two looks have the same tag.
    code = uuid.uuid4().hex if settings.DEBUG else release()
    site = tuple(getattr(settings, name) for name in OF_SITE)
    said = repr((code, site, logo.address(), facts))
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether whoever asks has this answer already."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


@cache
def release() -> str:
    """A hash of the code, the templates and the packages, the same on every machine.

    Pages name static files by their hashes, those of packages too; where these were
    collected, a hash of all their names is part of it.
    """
    found = hashlib.sha256()
    found.update(repr(packages()).encode())
    found.update(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder in (*_PACKAGES, "templates", "static", "locale"):
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(str(path.relative_to(BASE_DIR)).encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def packages() -> list[tuple[str, str]]:
    """Name and version of each package that is installed."""
    return sorted((str(found.name), found.version) for found in distributions())


def _person(request: UserRequest) -> tuple[object, ...]:
    fields = (getattr(request.user, name) for name in OF_PERSON)
    return (*fields, get_language(), "HX-Request" in request.headers)


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    # Kept by the browser of this person, who asks each time; sign-out clears it.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
