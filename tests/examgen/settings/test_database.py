from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from examgen.settings import database
from examgen.settings.environment import BASE_DIR
from tests.servers import Postgres

URL = "postgresql://mira:s%2Fe%40c@db.example.org:5433/exams"


_ASK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW application_name")
    print(cursor.fetchone()[0])
"""
_MANAGE = f"""
import sys
sys.argv = ["manage.py", "shell", "--no-imports", "--command", {_ASK!r}]
exec(open("manage.py").read())
"""


def configured(monkeypatch, url: str, *, role: str = "", **env: str) -> dict[str, Any]:
    """What the settings make of an environment."""
    monkeypatch.setattr(database, "ROLE", role)
    for name, value in {"DATABASE_URL": url, **env}.items():
        monkeypatch.setenv(name, value)
    return database._database()


def run(code: str, url: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, against a real server."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_address_names_server_database_and_person(monkeypatch) -> None:
    made = configured(monkeypatch, URL)
    parts = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [made[part] for part in parts] == [
        "django.db.backends.postgresql",
        "exams",
        "mira",
        "s/e@c",
        "db.example.org",
        5433,
    ]


@pytest.mark.parametrize("url", ["", "sqlite:////srv/exams.sqlite3"])
def test_without_postgresql_nothing_of_it_is_set(monkeypatch, url: str) -> None:
    made = configured(monkeypatch, url, role="web")
    assert made["ENGINE"] == "django.db.backends.sqlite3"
    assert made["NAME"] == (url[10:] or str(database.DATA_DIR / "db.sqlite3"))
    assert set(made["OPTIONS"]) == {"timeout", "transaction_mode", "init_command"}


_PRAGMAS = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous"):
        cursor.execute(f"PRAGMA {name}")
        print(cursor.fetchone()[0])
"""


def test_sqlite_waits_for_the_disk_at_every_commit(tmp_path: Path) -> None:
    done = run(_PRAGMAS, f"sqlite:///{tmp_path}/db.sqlite3")
    full = "2"
    assert (done.stdout.split(), done.stderr) == (["wal", full], "")


def test_web_processes_share_a_pool(monkeypatch) -> None:
    made = configured(monkeypatch, URL, role="web")
    assert made["ENGINE"] == "examgen.postgresql"
    assert made["OPTIONS"]["pool"] == {
        "min_size": 1,
        "max_size": 10,
        "timeout": 5,
        "reconnect_timeout": 0.5,
    }
    assert made["CONN_MAX_AGE"] == 0


def test_the_size_of_the_pool_comes_from_the_environment(monkeypatch) -> None:
    sizes = {"EXAMGEN_POOL_MIN": "4", "EXAMGEN_POOL_MAX": "4", "EXAMGEN_POOL_WAIT": "9"}
    pool = configured(monkeypatch, URL, role="web", **sizes)["OPTIONS"]["pool"]
    assert (pool["min_size"], pool["max_size"], pool["timeout"]) == (4, 4, 9)


@pytest.mark.parametrize("role", ["", "work", "migrate"])
def test_workers_and_commands_keep_one_connection(monkeypatch, role: str) -> None:
    made = configured(monkeypatch, URL, role=role)
    assert "pool" not in made["OPTIONS"]
    assert made["CONN_MAX_AGE"] is None
    assert made["CONN_HEALTH_CHECKS"] is True


def test_the_address_may_ask_for_tls_and_for_other_limits(monkeypatch) -> None:
    query = "?sslmode=verify-full&connect_timeout=9&options=-c%20lock_timeout%3D1s"
    options = configured(monkeypatch, URL + query)["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["connect_timeout"] == 9
    assert options["options"].endswith("timeout=30s -c lock_timeout=1s")


EXAMPLE = "postgresql://user:password@host:5432/name"
ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."
KINDS = f"must begin with postgresql://, postgres:// or sqlite://, as in {EXAMPLE}."
NO_NAME = f"must end in the name of the database, as in {EXAMPLE}."
UNREADABLE = "cannot be read: after the host comes a port or nothing, as in"
SQLITE = "sqlite:////folder/db.sqlite3"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:p4ss@host/name", KINDS),
        ("/srv/db.sqlite3", KINDS),
        ("examgen:p4ss@db", KINDS),
        ("postgresql://u:p4ss@host:5432/", NO_NAME),
        ("postgresql://u:p4ss@host", NO_NAME),
        ("postgresql://u:p4ss/word@host/name", f"{UNREADABLE} {EXAMPLE}. {ENCODE}"),
        ("postgresql://u:p4ss@host:port/name", f"{UNREADABLE} {EXAMPLE}. {ENCODE}"),
        (
            "postgresql://u:p4ss@host,host:99999/name",
            (
                f"cannot be read: a port is a number from 1 to 65535, as in {EXAMPLE}. "
                f"{ENCODE}"
            ),
        ),
        (
            "postgresql://u:p4ss@a..b/name",
            (
                "cannot be read: a host has letters, digits, hyphens and single dots, "
                f"as in {EXAMPLE}. {ENCODE}"
            ),
        ),
        (
            f"{URL}?p4ss=1",
            (
                "has an option behind its ? that PostgreSQL's driver does not know, "
                f"as in {EXAMPLE}?connect_timeout=9."
            ),
        ),
        (
            f"{URL}?connect_timeout=abc",
            (
                "has no whole number as its connect_timeout, "
                f"as in {EXAMPLE}?connect_timeout=9."
            ),
        ),
        (
            f"{URL}?sslmode=safe",
            (
                "has none of these as its sslmode: disable, allow, prefer, require, "
                f"verify-ca, verify-full, as in {EXAMPLE}?connect_timeout=9."
            ),
        ),
        (
            "sqlite://srv/db.sqlite3",
            f"must name nothing between // and the next /, as in {SQLITE}.",
        ),
        ("sqlite://", f"must end in the name of a file, as in {SQLITE}."),
        ("sqlite:////db?timeout=1", f"must have nothing behind a ?, as in {SQLITE}."),
    ],
)
def test_a_wrong_address_is_refused_without_its_password(
    monkeypatch, url: str, said: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        configured(monkeypatch, url)
    assert str(refused.value) == f"(examgen.E107) DATABASE_URL {said}"
    assert "p4ss" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql:///exams", "", ""),
        ("postgresql:////run/postgresql/exams", "/run/postgresql", ""),
        ("postgres://one:5432,two:5433/exams", "one,two", "5432,5433"),
        ("postgres://[::1]:5433/exams", "::1", 5433),
    ],
)
def test_a_socket_and_several_servers_may_be_named(
    monkeypatch, url: str, host: str, port: str | int
) -> None:
    made = configured(monkeypatch, url)
    assert (made["HOST"], made["PORT"], made["NAME"]) == (host, port, "exams")


def test_the_folder_of_data_may_have_any_name(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(database, "DATA_DIR", tmp_path / "a#b?c%20d")
    assert configured(monkeypatch, "")["NAME"] == f"{tmp_path}/a#b?c%20d/db.sqlite3"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"EXAMGEN_POOL_MAX": "many"}, "(examgen.E100) EXAMGEN_POOL_MAX must be a"),
        ({"EXAMGEN_POOL_MIN": "-1"}, "(examgen.E101) EXAMGEN_POOL_MIN must be 0"),
        ({"EXAMGEN_POOL_MAX": "0"}, "(examgen.E101) EXAMGEN_POOL_MAX must be 1"),
        (
            {"EXAMGEN_POOL_MIN": "5", "EXAMGEN_POOL_MAX": "4"},
            "(examgen.E108) EXAMGEN_POOL_MAX is 4",
        ),
        (
            {"EXAMGEN_STATEMENT_TIMEOUT": "15s"},
            "(examgen.E100) EXAMGEN_STATEMENT_TIMEOUT must be a number.",
        ),
    ],
)
def test_a_wrong_number_is_refused_by_name(monkeypatch, env, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        configured(monkeypatch, URL, role="web", **env)
    assert str(refused.value).startswith(said)


def test_a_command_says_what_is_wrong_in_one_line() -> None:
    refused = run(_MANAGE, "mysql://u:p@host/name")
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        "Wrong configuration: (examgen.E107) DATABASE_URL must begin"
    )
    assert len(refused.stderr.splitlines()) == 1


# On a real server

_LIMITS = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("application_name", "statement_timeout", "lock_timeout",
                 "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""


def limits(url: str, role: str, **env: str) -> list[str]:
    # As a site has them: tests leave one of the limits out.
    real = {"DJANGO_SETTINGS_MODULE": "examgen.settings", "EXAMGEN_SECRET_KEY": "x"}
    done = run(_LIMITS, url, EXAMGEN_ROLE=role, **real, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("role", ["web", "work"])
def test_pages_and_jobs_are_limited(postgres: Postgres, role: str) -> None:
    assert limits(postgres.url, role) == [f"examgen-{role}", "15s", "5s", "30s"]


def test_commands_take_their_time_but_do_not_queue_for_locks(
    postgres: Postgres,
) -> None:
    assert limits(postgres.url, "migrate") == ["examgen-migrate", "0", "5s", "0"]


def test_the_limit_of_statements_comes_from_the_environment(postgres: Postgres) -> None:
    given = {"EXAMGEN_STATEMENT_TIMEOUT": "90"}
    assert limits(postgres.url, "migrate", **given)[1] == "90s"
    assert limits(postgres.url, "web", **given)[1] == "90s"


@pytest.mark.parametrize(
    ("code", "name"),
    [(f"import examgen.wsgi{_ASK}", "examgen-web"), (_MANAGE, "examgen-shell")],
    ids=["wsgi", "manage"],
)
def test_every_entrance_says_what_its_process_is_for(
    postgres: Postgres, tmp_path: Path, code: str, name: str
) -> None:
    # Whoever starts a process has another role than it.
    inherited = {"EXAMGEN_ROLE": "serve", "EXAMGEN_DATA": str(tmp_path)}
    done = run(code, postgres.url, **inherited)
    assert (done.stdout.strip(), done.returncode) == (name, 0), done.stderr
