"""What is configured wrongly starts nothing, and what is away for now is told."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.databases import PostgreSQL, SQLite, on_every_database
from tests.processes.site import ROOT, Site
from tests.processes.web import serve
from tests.servers import Postgres, Valkey
from tests.servers.process import free_port


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey", password="hush")
    server.start()
    yield server
    server.stop()


def start(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `make run` starts."""
    return subprocess.run(
        [sys.executable, "-m", "examgen.start", *arguments],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run(site: Site, command: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a start; it must end by itself."""
    port = str(free_port())
    commands: dict[str, Callable[[], subprocess.CompletedProcess[str]]] = {
        "web": lambda: site.manage("web", f"--bind=127.0.0.1:{port}"),
        "serve": lambda: site.manage("serve", "--port", port),
        "check": lambda: site.manage("check"),
        "start": lambda: start(site, "--port", port),
        "work": lambda: site.manage("work"),
        "work alone": lambda: site.manage("work", "--queue", "fast"),
    }
    return commands[command]()


@pytest.fixture
def bare_site(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A site whose database has no tables."""
    home = tmp_path / "bare"
    home.mkdir()
    if kind == "sqlite":
        site = Site(home, SQLite(home))
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        site = Site(home, PostgreSQL(postgres, f"bare-{uuid.uuid4()}"))
    yield site
    site.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "command", ["web", "serve", "check", "start", "work", "work alone"]
)
def test_with_a_wrong_password_nothing_starts(
    empty_site: Site, valkey: Valkey, command: str
) -> None:
    address = valkey.url.replace("hush", "wrong-one")
    empty_site.extra |= {"REDIS_URL": address, "EXAMGEN_BELL": "celery"}
    done = run(empty_site, command)
    assert done.returncode == 1
    assert (
        f"?: (examgen.E051) The Redis at 127.0.0.1:{valkey.port} does not accept the "
        "password of REDIS_URL.\n\tHINT: Write it into REDIS_URL: "
        "redis://:password@host:6379/0, or redis://user:password@... where users have "
        "names."
    ) in done.stderr
    assert "Traceback" not in done.stderr
    assert "wrong-one" not in done.stdout + done.stderr
    assert empty_site.processes() == {}


def test_a_site_starts_without_its_redis_and_says_so(empty_site: Site) -> None:
    port = free_port()
    empty_site.extra["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    web = serve(empty_site)
    assert (
        f"?: (examgen.W050) The Redis at 127.0.0.1:{port} is away: Connection refused."
    ) in web.process.said()
    web.process.stop()


def test_a_site_is_looked_after_while_its_redis_is_away(empty_site: Site) -> None:
    empty_site.extra["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    checked = empty_site.manage("check")
    assert (checked.returncode, "examgen.W050" in checked.stderr) == (0, True)
    verified = empty_site.manage("verify_invariants")
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize("command", ["web", "serve", "start", "work", "work alone"])
def test_without_its_store_nothing_starts(
    empty_site: Site, tmp_path: Path, command: str
) -> None:
    store = empty_site.home / "store"
    store.touch()
    done = run(empty_site, command)
    assert done.returncode == 1
    assert (
        f"?: (examgen.E061) The store cannot be used: {store} is no folder that can be "
        "read and written: give it to the account of the site, or set EXAMGEN_DATA to "
        "another place.\n"
        "\tHINT: Lectures and exams are kept there, so nothing is started."
    ) in done.stderr
    assert "Traceback" not in done.stderr
    assert empty_site.processes() == {}


def test_a_folder_for_data_that_cannot_be_made_is_named(
    empty_site: Site, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    empty_site.extra |= {"EXAMGEN_DATA": str(folder), "DATABASE_URL": ""}
    done = empty_site.manage("check")
    assert done.returncode == 1
    assert done.stderr == (
        f"Wrong configuration: (examgen.E111) EXAMGEN_DATA cannot be {folder}: Not a directory. Name "
        "a folder that the account of the site may write to.\n"
    )


def test_a_database_file_that_cannot_be_opened_is_named(
    empty_site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "db.sqlite3"
    empty_site.extra["DATABASE_URL"] = f"sqlite:///{file}"
    done = empty_site.manage("web", f"--bind=127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert (
        f"?: (examgen.E060) {file} cannot be opened: unable to open database file.\n"
        "\tHINT: Give its folder to the account of the site, or name another file in "
        "DATABASE_URL."
    ) in done.stderr
    assert "Traceback" not in done.stderr


@on_every_database
@pytest.mark.parametrize("command", ["web", "serve", "work", "work alone"])
def test_without_its_tables_nothing_starts(bare_site: Site, command: str) -> None:
    done = run(bare_site, command)
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said[0].endswith("The site cannot be started:"), done.stderr
    assert said[1].startswith(
        "?: (examgen.E042) The database is older than this release: it lacks migration "
    )
    assert said[2:] == ["\tHINT: Run manage.py migrate, then start again."]
    assert bare_site.processes() == {}


def test_a_check_needs_no_tables_and_the_cure_works(bare_site: Site) -> None:
    checked = bare_site.manage("check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert bare_site.manage("migrate", "--verbosity", "0").returncode == 0
    worker = bare_site.start_worker("fast")
    wait_for(lambda: bare_site.rows("SELECT * FROM jobs_beat"), "a worker that works")
    worker.stop()
