"""Every object of the store that rows name: what a backup has to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from exams.models import Exam, ExamVersion, Lecture, Page
from exams.states import LectureState

# Rows that are held at once.
_CHUNK = 2000
# So many names are looked for by one query.
_COMPARED = 500


class Named(NamedTuple):
    """An object as its row tells of it: bytes and SHA-256 in hex, if it says so."""

    name: str
    size: int | None = None
    sha256: str | None = None


def named(using: str = "default") -> Iterator[Named]:
    """Yield each object once; lectures that are still being sent have none yet."""
    lectures = Lecture.objects.using(using).exclude(state=LectureState.UPLOADING)
    told = lectures.order_by("pk").values_list("file", "size", "sha256")
    for name, size, sha256 in told.iterator(chunk_size=_CHUNK):
        yield Named(name, size, sha256)
    columns = (
        (Exam.objects, "document"),
        (ExamVersion.objects, "document"),
        (Page.objects, "thumbnail"),
        (Page.objects, "image"),
    )
    first, *others = (
        rows.using(using)
        .exclude(**{column: ""})
        .order_by()
        .values_list(column, flat=True)
        for rows, column in columns
    )
    # Two rows may speak of one object; a union has it once.
    for name in first.union(*others).iterator(chunk_size=_CHUNK):
        yield Named(name)


def still_named(names: Collection[str]) -> set[str]:
    """Those of these names that a row speaks of now."""
    wanted = sorted(names)
    found: set[str] = set()
    for start in range(0, len(wanted), _COMPARED):
        batch = wanted[start : start + _COMPARED]
        found.update(
            Lecture.objects.filter(file__in=batch).values_list("file", flat=True),
            Exam.objects.filter(document__in=batch).values_list("document", flat=True),
            ExamVersion.objects.filter(document__in=batch).values_list(
                "document", flat=True
            ),
            Page.objects.filter(thumbnail__in=batch).values_list(
                "thumbnail", flat=True
            ),
            Page.objects.filter(image__in=batch).values_list("image", flat=True),
        )
    return found
