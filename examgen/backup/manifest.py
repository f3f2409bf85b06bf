"""The first entry of a backup: what it is, and who can read it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from examgen.backup.errors import BackupError

FORMAT = "examgen-backup/1"

Migration = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the rest of the archive is.

    `made_at` is in ISO 8601, UTC. `database` is Django's name of its kind. `migrations`
    are those applied, as (app, name). `tables` has the columns of each table in the
    order of its COPY, and is empty for SQLite. `objects` counts those that rows name.
    """

    made_at: str
    database: str
    migrations: list[Migration]
    tables: dict[str, list[str]]
    objects: int

    def to_bytes(self) -> bytes:
        content = {"format": FORMAT, **asdict(self)}
        return (json.dumps(content, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Raise BackupError when this release cannot read it."""
        try:
            given: dict[str, Any] = json.loads(content)
            form = given.pop("format")
            if form != FORMAT:
                raise BackupError(
                    f"The backup has the form {form!r}, and this release reads {FORMAT}: "
                    "restore it by a newer release."
                )
            migrations = [(app, name) for app, name in given.pop("migrations")]
            return cls(migrations=migrations, **given)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BackupError(
                "The backup is damaged: its manifest cannot be read."
            ) from error
