from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from examgen.settings.environment import BASE_DIR
from tests.servers import Postgres
from tests.servers.process import free_port


def check(url: str) -> tuple[int, str]:
    """What `manage.py check` ends with and says."""
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_a_database_that_lets_us_in_is_right(postgres: Postgres) -> None:
    code, said = check(postgres.url)
    assert (code, "no issues" in said) == (0, True), said


@pytest.fixture
def guarded(postgres: Postgres) -> Iterator[str]:
    """A server that asks mira for her password: her address of it, without one."""
    with postgres.connect() as connection:
        row = connection.execute("SHOW hba_file").fetchone()
        assert row is not None
        (name,) = row
        rules = Path(name)
        before = rules.read_text()
        rules.write_text(f"host all mira 127.0.0.1/32 scram-sha-256\n{before}")
        connection.execute("CREATE ROLE mira LOGIN PASSWORD 'right'")
        connection.execute("SELECT pg_reload_conf()")
        yield f"postgresql://mira@127.0.0.1:{postgres.port}/examgen"
        rules.write_text(before)
        connection.execute("DROP ROLE mira")
        connection.execute("SELECT pg_reload_conf()")


def assert_refused(url: str, words: str, cure: str) -> None:
    """The check names the variable, what the server said, and the cure."""
    code, said = check(url)
    assert code == 1
    assert "(examgen.E040) The database that DATABASE_URL names" in said
    assert words in said
    assert f"\tHINT: {cure}\n" in said
    assert "Traceback" not in said
    assert "s3cret" not in said


def test_a_password_that_does_not_fit_is_named(guarded: str) -> None:
    wrong = guarded.replace("mira@", "mira:s3cret@")
    assert_refused(
        wrong,
        'password authentication failed for user "mira"',
        "Correct user and password in DATABASE_URL.",
    )
    assert_refused(
        guarded,
        "no password supplied",
        "DATABASE_URL has no password: user:password@host.",
    )
    assert check(guarded.replace("mira@", "mira:right@"))[0] == 0


def test_a_server_that_is_not_there_is_named() -> None:
    url = f"postgresql://mira:s3cret@127.0.0.1:{free_port()}/examgen"
    cure = "Start PostgreSQL, or correct host and port in DATABASE_URL."
    assert_refused(url, "Connection refused", cure)


def test_a_host_that_is_not_there_is_named() -> None:
    url = "postgresql://mira:s3cret@nowhere.invalid/examgen"
    cure = "Correct the host in DATABASE_URL."
    assert_refused(url, "failed to resolve host 'nowhere.invalid'", cure)


def test_a_server_that_says_nothing_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        url = f"postgresql://mira:s3cret@127.0.0.1:{port}/examgen?connect_timeout=2"
        cure = "Start PostgreSQL, or correct host and port in DATABASE_URL."
        assert_refused(url, "connection timeout expired", cure)


def test_a_server_without_tls_is_named(postgres: Postgres) -> None:
    cure = "Correct sslmode after the ? of DATABASE_URL."
    assert_refused(f"{postgres.url}?sslmode=require", "does not support SSL", cure)


def test_a_user_that_is_not_there_is_named(postgres: Postgres) -> None:
    url = f"postgresql://noor:s3cret@127.0.0.1:{postgres.port}/examgen"
    cure = "Create the user, or correct it in DATABASE_URL."
    assert_refused(url, 'role "noor" does not exist', cure)


def test_a_database_that_is_not_there_is_named(postgres: Postgres) -> None:
    cure = "Create the database, or correct its name in DATABASE_URL."
    assert_refused(f"{postgres.url}-2", 'database "examgen-2" does not exist', cure)


def test_an_encoding_that_cannot_hold_every_lecture_is_refused(
    postgres: Postgres,
) -> None:
    with postgres.connect("postgres") as connection:
        connection.execute(
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0"
        )
    code, said = check(postgres.url.replace("/examgen", "/ascii"))
    assert code == 1
    assert "(examgen.E041) The database that DATABASE_URL names is encoded as" in said
    assert "HINT: Lectures come in every script" in said
