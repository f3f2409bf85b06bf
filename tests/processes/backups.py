"""Sites to back up and to restore into, and what both must have in common."""

from __future__ import annotations

import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.factories import stores
from tests.processes.fixtures import Prepared
from tests.processes.site import Site
from tests.servers import Nanio
from tests.servers.s3 import KEY, SECRET

# What is left out, and what running processes write about themselves.
_OWN = {
    "accounts_session",
    "django_session",
    "jobs_beat",
    "jobs_tick",
    "sqlite_sequence",
}
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


@dataclass
class House:
    """A site with the folder in which its objects lie."""

    site: Site
    objects: Path

    def tables(self) -> dict[str, list[Any]]:
        """Every row of every table, in an order that depends on nothing else."""
        kind = "sqlite" if self.site.database.url.startswith("sqlite") else "postgresql"
        names = {row["name"] for row in self.site.rows(_TABLES[kind])} - _OWN
        return {
            name: sorted(
                (
                    sorted(row.items())
                    for row in self.site.rows(f'SELECT * FROM "{name}"')
                ),
                key=repr,
            )
            for name in sorted(names)
        }

    def contents(self) -> dict[str, bytes]:
        """Every object of the store."""
        return {
            name: (self.objects / name).read_bytes()
            for name in stores.objects(self.objects)
        }


@dataclass
class Houses:
    """Makes houses on SQLite with a disk, and on PostgreSQL with a bucket."""

    prepared: Prepared
    nanio: Nanio
    folder: Path
    made: list[Site] = field(default_factory=list)

    def empty(self, kind: str) -> House:
        """A house whose tables are made and empty, and nothing else."""
        home = self.folder / f"{kind}-{len(self.made)}"
        site = self.prepared.empty(kind).copy(home)
        self.made.append(site)
        return self.with_bucket(site) if kind == "postgresql" else on_disk(site)

    def with_bucket(self, site: Site, server: Nanio | None = None) -> House:
        server = server or self.nanio
        bucket = server.create(f"house-{uuid.uuid4().hex}")
        site.extra |= {
            "S3_BUCKET": bucket,
            "S3_ENDPOINT_URL": server.url,
            "S3_ACCESS_KEY_ID": KEY,
            "S3_SECRET_ACCESS_KEY": SECRET,
        }
        return House(site, server.folder(bucket))

    def lived_in(self, kind: str) -> House:
        """People, lectures, exams, attempts, grades, boards and mails."""
        house = self.empty(kind)
        told = house.site.extra
        house.site.extra = told | {"EXAMGEN_DEMO": "1"}
        done = house.site.manage("seed_demo")
        assert done.returncode == 0, done.stderr
        house.site.extra = told
        house.site.change(
            "INSERT INTO accounts_session (session_key, session_data, expire_date)"
            " VALUES ('key-of-somebody', 'x', '2099-01-01 00:00:00')"
        )
        return house

    def close(self) -> None:
        for site in self.made:
            site.close()


def on_disk(site: Site) -> House:
    return House(site, site.home / "store")


def back_up(site: Site, path: Path) -> Path:
    """Make a backup of a sound site."""
    done = site.manage("backup", str(path))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return path


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence with which a command refused."""
    assert done.returncode == 1, done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("CommandError: ")
    return line.removeprefix("CommandError: ")
