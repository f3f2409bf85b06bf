"""Whether there is anything here that a restore would mix with what it brings."""

from __future__ import annotations

from django.db import connection

from examgen.backup.databases import LEFT_OUT
from examgen.backup.errors import BackupError
from examgen.backup.postgresql import known_tables
from examgen.jobs import beats

_BEATS = "jobs_beat"
# What `migrate` writes, and a site that nobody has used yet.
_OF_ITSELF = LEFT_OUT | {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "exams_storecount",
    _BEATS,
    "jobs_tick",
}
CURE = "Restore into a site of its own: a new database and a new store."


def require_empty_database() -> None:
    """Raise BackupError when a table has rows, or is not of this site."""
    with connection.cursor() as cursor:
        found = set(connection.introspection.table_names(cursor))
        if strange := sorted(found - known_tables()):
            raise BackupError(
                f"The database has a table {strange[0]} that is not this site's. {CURE}"
            )
        for table in sorted(found - _OF_ITSELF):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {quoted})")  # noqa: S608
            if cursor.fetchone()[0]:
                raise BackupError(
                    f"This site is not empty: table {table} has rows. {CURE}"
                )
    if _BEATS in found and any(beats.alive().values()):
        raise BackupError("Workers of this site run: stop them, and run it again.")
