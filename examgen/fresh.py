"""Pages that are made once and shown again while nothing that they show has changed.

A page is kept under a hash of everything that it is made of: the facts that were read
in this very request (`examgen.along`), the person, their language and colours, its
address, and the code of this release. What has changed has another name, so nothing is
ever taken back, and a cache that is away, emptied or behind can only cost time. Whether
somebody may see a page is one of its facts.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from functools import cache, wraps
from importlib.metadata import distributions
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

from examgen import logo
from examgen.along import Facts, asks, found
from examgen.settings.environment import BASE_DIR

if TYPE_CHECKING:
    from accounts.models import User
    from examgen.typing import UserRequest

Page = TypeVar("Page", bound=Callable[..., HttpResponse])

_KEPT_SECONDS = 600
_OK = 200
_OF_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_PACKAGES = ("accounts", "api", "examgen", "exams", "notifications", "scoring")

# What pages read of whoever looks, and of the settings: templates/base.html above all.
OF_PERSON = ("pk", "name", "email", "role", "is_staff", "theme", "time_zone")
OF_SITE = ("SITE_NAME", "DEMO")

# No cache holds more than this of one person's pages, whatever they ask for.
SLOTS = 16
# Addresses with anything else are without number: none of their pages is kept.
_QUERIED = {"page"}


def kept(facts: Facts) -> Callable[[Page], Page]:
    """Let a page be kept, made of these `facts`; see `answer`."""

    def marked(view: Page) -> Page:
        @asks(facts)
        @wraps(view)
        def answered(request: UserRequest, **given: Any) -> HttpResponse:
            if settings.DEBUG or len(get_messages(request)):
                # A message is shown once: such a page is like no other.
                return view(request, **given)
            return answer(
                request,
                request.user,
                (facts, given),
                lambda: view(request, **given),
                known_queries=_QUERIED,
            )

        return cast("Page", answered)

    return marked


def answer(
    request: HttpRequest,
    person: User,
    asked: tuple[Facts, Mapping[str, Any]],
    make: Callable[[], HttpResponse],
    *,
    known_queries: AbstractSet[str],
) -> HttpResponse:
    """Answer with 304, what was kept, or what `make` makes.

    The facts hold all that the answer shows besides the person's own row, and all that
    decides whether they may see it: on a hit nothing else is looked at. They are
    compared by what `repr` says of them, so they are plain values. `make` writes nothing;
    what says by itself how it may be kept (`Cache-Control`) is not kept here.
    """
    facts, given = asked
    look = (*_person(request, person), request.get_full_path())
    seen = found(request, person, facts, given)
    tag = tag_of(look, seen)
    if is_known(request, tag):
        return _marked(HttpResponseNotModified(), tag)
    may_keep = not settings.DEBUG and known_queries >= set(request.GET)
    slot = slot_of(person.pk, tag)
    named, *content = (may_keep and caches["pages"].get(slot)) or (None,)
    if named == tag:
        return _marked(HttpResponse(content[0], content_type=content[1]), tag)
    with snapshot():
        made = make()
        # Of the moment of the page: what is of another must not be kept under this name.
        holds = facts.of(person, given) == seen
    if made.status_code != _OK or made.has_header("Cache-Control") or not holds:
        return made
    if may_keep:
        entry = [tag, made.content.decode(), made["Content-Type"]]
        caches["pages"].set(slot_of(person.pk, tag), entry, _KEPT_SECONDS)
    return _marked(made, tag)


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all that is read inside be of one moment; nothing may be written."""
    if connection.in_atomic_block:
        # It has begun already, with the isolation that it has.
        yield
        return
    database: Any = connection
    with ExitStack() as around:
        if database.vendor == "sqlite":
            # A reader, who holds up no writer, as all others are on SQLite.
            around.callback(
                setattr, database, "transaction_mode", database.transaction_mode
            )
            database.transaction_mode = None
        around.enter_context(transaction.atomic())
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute(_OF_ONE_MOMENT)
        yield


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


def _person(request: HttpRequest, person: User) -> tuple[object, ...]:
    fields = (getattr(person, name) for name in OF_PERSON)
    return (*fields, get_language(), "HX-Request" in request.headers)


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    # Kept by the browser of this person, who asks each time; sign-out clears it.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
