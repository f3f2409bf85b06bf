"""One database holds everything that must not be lost, the job queue included.

`DATABASE_URL` names it. SQLite serves one machine; PostgreSQL serves any number.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from examgen.settings.environment import DATA_DIR, env

# What this process is for: "web" (set by `examgen.wsgi`) or the management command
# that it runs (set by `manage.py`), which workers are too.
ROLE: str = env.str("EXAMGEN_ROLE", "")

_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"
# Somebody waits for these, or for the locks that they hold. Every other role is a
# command of an operator (migrate, backup, verify_invariants), which takes its time.
_WATCHED = ("", "web", "work", "serve")


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR}/db.sqlite3"
    database = _parsed(url)
    if database["ENGINE"] == _SQLITE:
        return database | {"OPTIONS": _sqlite_options()}
    _require_driver()
    options = _postgresql_options() | database.get("OPTIONS", {})
    # What the address itself asks of the server comes last, so it wins.
    options["options"] = f"{_limits()} {options.get('options', '')}".strip()
    if ROLE == "web":
        # The pool keeps connections open, and its engine asks whether they still are.
        return database | {
            "ENGINE": "examgen.postgresql",
            "OPTIONS": options | {"pool": _pool()},
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False,
        }
    return database | {
        "OPTIONS": options,
        # Each thread keeps its connection for as long as it lives.
        "CONN_MAX_AGE": None,
        # One that died since it was last used, in a restart of the server or in a
        # firewall, is replaced before anybody notices: one round trip per job.
        "CONN_HEALTH_CHECKS": True,
    }


def _parsed(url: str) -> dict[str, Any]:
    scheme, separator, _ = url.partition("://")
    if not separator:
        # Then what stands there is anything, a password included.
        raise _refused("does not begin with a kind of database and ://")
    if scheme not in ("sqlite", "postgresql", "postgres"):
        raise _refused(f"names the unknown kind of database {scheme[:20]!r}")
    try:
        database: dict[str, Any] = env.db_url_config(url)
    except ValueError:
        # Without its cause, which quotes what it took for a port.
        raise _refused(
            "cannot be read: in user and password write / as %2F, ? as %3F, # as %23, "
            "@ as %40, : as %3A and % as %25"
        ) from None
    if not database["NAME"]:
        raise _refused("names no database")
    return database


def _refused(problem: str) -> ImproperlyConfigured:
    # Never with the address itself, which may hold a password.
    return ImproperlyConfigured(
        f"DATABASE_URL {problem}. Write postgresql://user:password@host:5432/name or "
        f"sqlite:////folder/db.sqlite3, or unset it for SQLite in EXAMGEN_DATA."
    )


def _require_driver() -> None:
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise ImproperlyConfigured(
            "DATABASE_URL names PostgreSQL, and its driver is not installed: "
            "pip install --require-hashes -r requirements/deploy.txt"
        )


def _sqlite_options() -> dict[str, Any]:
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"EXAMGEN_DATA cannot be {DATA_DIR}: {error.strerror}. Name a folder that "
            "the account of the site may write to."
        ) from error
    # Measured: 8,129 "database is locked" without these three, none with them.
    # IMMEDIATE makes every atomic() a writer, so ATOMIC_REQUESTS stays off.
    return {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def _postgresql_options() -> dict[str, Any]:
    """Client-side options; any of them may stand in the address instead."""
    return {
        # A host that does not answer is given up soon enough for a page to say so.
        "connect_timeout": 5,
        # Who holds that lock? `SELECT application_name FROM pg_stat_activity` knows.
        "application_name": f"examgen-{ROLE}" if ROLE else "examgen",
        # A peer that vanished without a word (power, firewall) is noticed after 60 s,
        # where the system's default takes two hours ...
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # ... and after 30 s (in ms) when something sent to it is not acknowledged,
        # where keepalives keep quiet.
        "tcp_user_timeout": 30_000,
    }


def _limits() -> str:
    """Limits that the server keeps, given to it with every connection."""
    watched = ROLE in _WATCHED
    # No page and no job needs so long: what does is a mistake, or hostile. Jobs
    # compute between their statements, not in them.
    statement = _count("EXAMGEN_STATEMENT_TIMEOUT", 15 if watched else 0)
    # Transactions here take milliseconds, so whoever waits longer for a lock waits for
    # something that hangs. It holds for migrations too: one that queues for a busy
    # table would stop everybody behind it, and can simply be run again.
    lock = 5
    # A process frozen inside a transaction would hold its locks for ever.
    idle = 30 if watched else 0
    return (
        f"-c statement_timeout={statement}s -c lock_timeout={lock}s "
        f"-c idle_in_transaction_session_timeout={idle}s"
    )


def _pool() -> dict[str, Any]:
    """The connections that the threads of one web process share.

    Measured: a new connection per request costs 5 CPU-ms.
    """
    least = _count("EXAMGEN_POOL_MIN", 1)
    most = _count("EXAMGEN_POOL_MAX", 10)
    if most < max(least, 1):
        raise ImproperlyConfigured(
            f"EXAMGEN_POOL_MAX is {most}: at least 1, and no less than "
            f"EXAMGEN_POOL_MIN, which is {least}."
        )
    return {
        "min_size": least,
        # More than the threads that answer requests are never asked for at once.
        "max_size": most,
        # Seconds that a request waits for a connection. A short restart of the server
        # passes unnoticed; a longer one becomes a page that says so (503).
        "timeout": _count("EXAMGEN_POOL_WAIT", 5),
        # The pool tries for so long to connect in the background, then whenever it is
        # asked. By default it would wait longer and longer between tries, and so keep
        # pages away for minutes after the server is back.
        "reconnect_timeout": 2.0,
    }


def _count(name: str, default: int) -> int:
    given = env.str(name, "") or str(default)
    if not given.isdecimal():
        raise ImproperlyConfigured(
            f"{name} is {given!r}: write a whole number, 0 or more."
        )
    return int(given)


DATABASES: dict[str, dict[str, Any]] = {"default": _database()}
