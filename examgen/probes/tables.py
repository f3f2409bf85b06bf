"""The tables: whether they are those of this release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.checks import CheckMessage
from django.core.checks import Error as CheckError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from examgen.outage import database_is_away


def probe_tables(**_: Any) -> list[CheckMessage]:
    """Asked only before something is started, since `migrate` itself is the cure."""
    try:
        with _briefly():
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        if database_is_away(error):
            # Other probes tell of it, and of its cure.
            return []
        return [
            CheckError(
                f"The database does not let us read its tables: {error}".strip(),
                hint="Let the user of DATABASE_URL own them.",
                id="examgen.E043",
            )
        ]
    if not plan:
        return []
    first, _backwards = plan[0]
    others = f" and {len(plan) - 1} more" if plan[1:] else ""
    return [
        CheckError(
            "The database is older than this release: it lacks migration "
            f"{first.app_label}.{first.name}{others}.",
            hint="Run manage.py migrate, then start again.",
            id="examgen.E042",
        )
    ]


@contextmanager
def _briefly() -> Iterator[None]:
    """Leave no connection open that was not open before, and no pool of them."""
    was_open = connection.connection is not None
    try:
        yield
    finally:
        if not was_open:
            connection.close()
            if connection.vendor == "postgresql":
                connection.close_pool()  # type: ignore[attr-defined]
