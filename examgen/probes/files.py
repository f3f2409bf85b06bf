"""Where rows and files are kept: SQLite's file, and the store."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.files.storage import storages
from django.db import DatabaseError, connection


def probe_sqlite() -> list[CheckMessage]:
    if connection.vendor != "sqlite":
        return []
    was_open = connection.connection is not None
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return [
            Error(
                f"{connection.settings_dict['NAME']} cannot be opened: {error}.",
                hint="Give its folder to the account of the site, or name another file "
                "in DATABASE_URL.",
                id="examgen.E060",
            )
        ]
    finally:
        if not was_open:
            connection.close()
    return []


def probe_store() -> list[CheckMessage]:
    try:
        storages.create_storage(_hurried(settings.STORAGES["default"])).probe()  # type: ignore[attr-defined]
    except OSError as error:
        return [
            Error(
                f"The store cannot be used: {error}.",
                hint="Lectures and exams are kept there, so nothing is started.",
                id="examgen.E061",
            )
        ]
    return []


def _hurried(store: dict[str, Any]) -> dict[str, Any]:
    """The same store, asked once and not for long."""
    if not settings.S3_BUCKET:
        return store
    haste = {"connect_seconds": 3.0, "read_seconds": 5.0, "attempts": 1}
    return {**store, "OPTIONS": {**store["OPTIONS"], **haste}}
