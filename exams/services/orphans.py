"""Objects that no row names: what dead or undone work left behind in the store."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Self

import structlog
from django.conf import settings

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from examgen.store import StoredObject
from exams.models import Exam, ExamVersion, Lecture, Page, StoreCount
from exams.services import files

log = structlog.get_logger(__name__)

# The store is looked at by sixteenths, so that no look lasts long however large it is.
SHARDS = "0123456789abcdef"
# So many names are compared with the rows at once.
_COMPARED = 500
_KEY = re.compile(r"u/(?P<owner>[^/]+)/(?:lectures|exams)/(?P<subject>[^/]+)/.+")


@dataclass(frozen=True, slots=True)
class Orphan:
    """An object that is old enough to belong to a row, and belongs to none."""

    found: StoredObject
    owner: uuid.UUID
    subject: uuid.UUID

    @classmethod
    def suspect(cls, found: StoredObject) -> Self | None:
        """Read the name; None for what this site would never have written."""
        match = _KEY.fullmatch(found.name)
        if match is None:
            return None
        try:
            return cls(found, uuid.UUID(match["owner"]), uuid.UUID(match["subject"]))
        except ValueError:
            return None


def collect(shard: str) -> int:
    """Delete the orphans among the objects of owners whose ids begin with `shard`.

    No more than a batch: the rest waits for the next look. A person this database has
    never heard of is left alone: then two sites share the bucket, or this is not the
    database that belongs to it.
    """
    known = cache(_is_known)
    counted = _Counted()
    ours = (
        orphan.found
        for orphan in _orphans(counted.passing(files.listed(f"u/{shard}")))
        if known(orphan.owner)
    )
    found = list(islice(ours, settings.ORPHAN_BATCH))
    if found:
        files.remove([one.name for one in found])
        log.info("orphans_removed", count=len(found))
    if len(found) < settings.ORPHAN_BATCH:
        # Looked at to its end, so what remains is known.
        StoreCount.objects.update_or_create(
            shard=shard,
            defaults={
                "objects_found": counted.number - len(found),
                "bytes_found": counted.size - sum(one.size for one in found),
                "counted_at": now(),
            },
        )
    return len(found)


@dataclass(slots=True)
class _Counted:
    """How many objects went by, and their bytes."""

    number: int = 0
    size: int = 0

    def passing(self, listed: Iterable[StoredObject]) -> Iterator[StoredObject]:
        for found in listed:
            self.number += 1
            self.size += found.size
            yield found


def collect_next() -> int:
    """Collect the shard whose turn it is by the clock; all have theirs in four hours."""
    turn = int(now().timestamp()) // settings.ORPHAN_SECONDS
    return collect(SHARDS[turn % len(SHARDS)])


def orphans(prefix: str = "u/") -> Iterator[Orphan]:
    """Find old objects that no row names.

    A name is used once and by one run, so nobody can come to count on an old one.
    """
    return _orphans(files.listed(prefix))


def _orphans(listed: Iterable[StoredObject]) -> Iterator[Orphan]:
    long_ago = now() - settings.ORPHAN_PATIENCE
    old = (found for found in listed if found.at < long_ago)
    suspects = filter(None, map(Orphan.suspect, old))
    while batch := list(islice(suspects, _COMPARED)):
        named = _named(batch)
        yield from (one for one in batch if one.found.name not in named)


def _named(suspects: Sequence[Orphan]) -> set[str]:
    """Those of the names that rows know; looked for by id, which is indexed."""
    subjects = {suspect.subject for suspect in suspects}
    names = [suspect.found.name for suspect in suspects]
    pages = Page.objects.filter(lecture__in=subjects)
    columns: Iterable[Iterable[str]] = (
        Lecture.objects.filter(id__in=subjects).values_list("file", flat=True),
        Exam.objects.filter(id__in=subjects).values_list("document", flat=True),
        ExamVersion.objects.filter(exam__in=subjects).values_list(
            "document", flat=True
        ),
        pages.filter(thumbnail__in=names).values_list("thumbnail", flat=True),
        pages.filter(image__in=names).values_list("image", flat=True),
    )
    return set(chain.from_iterable(columns))


def _is_known(owner: uuid.UUID) -> bool:
    """Whether the person is or was one of this database's: what they did remains."""
    if User.objects.filter(id=owner).exists():
        return True
    return Event.objects.filter(actor=owner).exists()
