"""How much room the site takes and has, and which releases it is made of.

Nothing here walks through a store or counts a table row by row without need: what rows
say of their files is summed up, workers count the store when they look for orphans, and a
disk is asked as a whole.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from examgen import VERSION
from exams.models import Lecture, StoreCount

# A disk with less than a tenth left is nearly full, with less than a twentieth full.
_LITTLE, _HARDLY_ANY = 0.10, 0.05
# What the site is made of, where it is installed: not every site has all of it.
_PACKAGES = (
    *("django-allauth", "celery", "redis", "psycopg", "boto3", "gunicorn"),
    *("pypdf", "pypdfium2", "Pillow", "typst"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """What is taken and free, in bytes; `disk_*` are of the disk with `EXAMGEN_DATA`.

    What the store holds is as workers counted it; the oldest part at `counted_since`.
    """

    lectures: int
    lecture_bytes: int
    database_bytes: int
    disk_free: int
    disk_total: int
    bucket: str
    objects: int
    object_bytes: int
    counted_since: datetime | None

    @property
    def disk_percent(self) -> int:
        """How much of the disk is taken."""
        return round(100 * (1 - self.disk_free / self.disk_total))

    @property
    def tone(self) -> str:
        free = self.disk_free / self.disk_total
        if free < _HARDLY_ANY:
            return "bad"
        return "warn" if free < _LITTLE else "ok"

    @property
    def advice(self) -> Promise:
        if self.tone == "ok":
            return _("There is room.")
        return _("Make room, or move EXAMGEN_DATA to a larger disk, before it is full.")


def room() -> Room:
    """Sum up what rows say, and ask database and disk for their sizes."""
    kept = Lecture.objects.aggregate(number=Count("pk"), size=Sum("size"))
    stored = StoreCount.objects.aggregate(
        number=Sum("objects_found"), size=Sum("bytes_found"), since=Min("counted_at")
    )
    disk = shutil.disk_usage(settings.DATA_DIR)
    return Room(
        lectures=kept["number"],
        lecture_bytes=kept["size"] or 0,
        database_bytes=_database_bytes(),
        disk_free=disk.free,
        disk_total=disk.total,
        bucket=settings.S3_BUCKET,
        objects=stored["number"] or 0,
        object_bytes=stored["size"] or 0,
        counted_since=stored["since"],
    )


def versions() -> list[tuple[str, str]]:
    """Names and releases of the product and of what it runs on."""
    parts = [
        ("Examgen", VERSION),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        _database(),
    ]
    for package in _PACKAGES:
        try:
            parts.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return parts


def _database() -> tuple[str, str]:
    if connection.vendor == "sqlite":
        return "SQLite", sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return "PostgreSQL", str(cursor.fetchone()[0])


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_count")
        pages = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_size")
        return pages * int(cursor.fetchone()[0])
