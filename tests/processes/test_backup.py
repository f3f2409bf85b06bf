"""A backup is made of one site while it runs, and makes the same site of an empty one."""

from __future__ import annotations

import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.backups import House, Houses, back_up, on_disk, refused
from tests.processes.databases import PostgreSQL, SQLite
from tests.processes.fixtures import Prepared
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, READ, Site
from tests.servers import Nanio

# The sites that were lived in are made once.

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def houses(
    prepared: Prepared, nanio: Nanio, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Houses]:
    houses = Houses(prepared, nanio, tmp_path_factory.mktemp("houses"))
    yield houses
    houses.close()


class Original:
    """A site that was lived in, and its backup; tests leave both as they are."""

    def __init__(self, houses: Houses, kind: str) -> None:
        self.house = houses.lived_in(kind)
        self.backup = houses.folder / f"{kind}.tar"
        self.said = self.house.site.manage("backup", str(self.backup))


@pytest.fixture(scope="module")
def originals(houses: Houses) -> dict[str, Original]:
    return {}


@pytest.fixture
def original(kind: str, houses: Houses, originals: dict[str, Original]) -> Original:
    if kind not in originals:
        originals[kind] = Original(houses, kind)
    return originals[kind]


@pytest.fixture
def scratch(kind: str, houses: Houses) -> House:
    return houses.empty(kind)


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_restored_site_is_the_one_that_was_backed_up(
    original: Original, scratch: House
) -> None:
    objects = original.house.contents()
    size = f"{original.backup.stat().st_size / 1e6:.1f} MB"
    assert (original.said.returncode, original.said.stderr) == (0, "")
    assert original.said.stdout == (
        f"{original.backup}: {len(objects)} objects, {size}, verified.\n"
    )
    assert len(objects) > 50

    done = scratch.site.manage("restore", str(original.backup))
    assert (done.returncode, done.stderr) == (0, "")
    restored, following = done.stdout.splitlines()
    assert restored.startswith(
        f"Restored {len(objects)} objects and the database as of 20"
    )
    assert following == "Next: manage.py verify_invariants --read."
    assert scratch.contents() == objects
    tables = scratch.tables()
    assert tables == original.house.tables()
    for table in ("scoring_grade", "notifications_delivery", "exams_block"):
        assert tables[table] != []
    assert scratch.site.rows("SELECT * FROM accounts_session") == []
    assert_sound(scratch.site)


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_restored_site_goes_on(original: Original, scratch: House) -> None:
    done = scratch.site.manage("restore", str(original.backup))
    assert done.returncode == 0, done.stderr
    # Lectures of another person, so that everything is inserted anew.
    scratch.site.call("tests.processes.uploading", "send_as_newcomer", "plant-cells")
    before = len(scratch.site.exam_states())
    worker = scratch.site.start_worker()
    wait_for(
        lambda: (
            "generating" not in scratch.site.exam_states()
            and "waiting" not in scratch.site.exam_states()
        ),
        "the new draft",
        every=0.05,
    )
    worker.stop()
    scratch.site.call("tests.processes.uploading", "do_the_rest")
    assert len(scratch.site.exam_states()) == before
    assert_sound(scratch.site)
    # What the database itself refuses, it refuses again.
    with pytest.raises(Exception, match=r"(?i)event"):
        scratch.site.change("UPDATE jobs_event SET name = 'other'")


@pytest.mark.parametrize(
    ("kind", "consumer"),
    [("sqlite", READ), ("postgresql", GENERATE)],
    indirect=["kind"],
)
def test_what_was_half_done_is_done_by_the_restored_site(
    site: Site, scratch: House, tmp_path: Path, consumer: str
) -> None:
    """Pictures lie in the store and no row names them yet: they are not taken along."""
    worker = site.start_worker()
    site.freeze_at(worker.pid, consumer, "pictures")
    path = back_up(site, tmp_path / "a.tar")
    done = scratch.site.manage("restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    scratch.site.complete()
    lost = {READ: 0, GENERATE: 0} | {consumer: 1}
    assert_one_exam(scratch.site, lost=lost)


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_database_without_any_table_can_be_restored_into(
    kind: str, original: Original, houses: Houses, tmp_path: Path
) -> None:
    home = tmp_path / f"bare-{kind}"
    home.mkdir()
    if kind == "sqlite":
        bare = on_disk(Site(home, SQLite(home)))
    else:
        server = original.house.site.database.server
        database = PostgreSQL(server, f"bare-{houses.folder.name}")
        bare = houses.with_bucket(Site(home, database))
    done = bare.site.manage("restore", str(original.backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert bare.tables() == original.house.tables()
    assert bare.contents() == original.house.contents()
    bare.site.close()


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_site_that_is_not_empty_is_left_as_it_is(original: Original) -> None:
    before = original.house.tables()
    done = original.house.site.manage("restore", str(original.backup))
    assert refused(done) == (
        "This site is not empty: table account_emailaddress has rows. "
        "Restore into a site of its own: a new database and a new store."
    )
    assert original.house.tables() == before


def test_a_backup_is_for_its_owner_alone_and_holds_no_secret(
    kind: str, original: Original
) -> None:
    assert stat.S_IMODE(original.backup.stat().st_mode) == 0o600
    content = original.backup.read_bytes()
    assert b"key-of-somebody" not in content
    secret = original.house.site.environment["EXAMGEN_SECRET_KEY"]
    assert secret.encode() not in content
    assert [path.name for path in original.backup.parent.glob(".*")] == []


def test_what_was_deleted_from_the_database_is_not_in_the_backup(
    kind: str, original: Original, tmp_path: Path
) -> None:
    with tarfile.open(original.backup) as tar:
        tar.extract("database/db.sqlite3", tmp_path, filter="data")
    copy = sqlite3.connect(tmp_path / "database/db.sqlite3")
    ((free,),) = copy.execute("PRAGMA freelist_count")
    copy.close()
    assert free == 0


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_backup_can_be_verified_without_a_site(
    original: Original, tmp_path: Path
) -> None:
    elsewhere = Site(tmp_path, SQLite(tmp_path / "nowhere"))
    done = elsewhere.manage("backup", "--check", str(original.backup))
    assert (done.returncode, done.stderr) == (0, "")
    title = "SQLite" if original.backup.stem == "sqlite" else "PostgreSQL"
    assert done.stdout.startswith(f"{original.backup}: whole. {title} as of 20")
    number = len(original.house.contents())
    assert f"+00:00, {number} objects, " in done.stdout


def test_nothing_is_overwritten_and_a_folder_gets_a_name_of_its_own(
    kind: str, original: Original, tmp_path: Path
) -> None:
    site = original.house.site
    done = site.manage("backup", str(original.backup))
    assert refused(done) == (
        f"{original.backup} is there already, and nothing is overwritten."
    )
    back_up(site, tmp_path)
    (made,) = tmp_path.iterdir()
    assert made.name.startswith("examgen-20")
    assert made.name.endswith("Z.tar")
    missing = tmp_path / "no" / "a.tar"
    said = refused(site.manage("backup", str(missing)))
    assert said.startswith("No such file or directory: ")
