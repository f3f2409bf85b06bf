"""One database holds everything that must not be lost, the job queue included.

`DATABASE_URL` names it. SQLite serves one machine; PostgreSQL serves any number.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.utils.module_loading import import_string

from examgen.settings.addresses import Shape, check_address
from examgen.settings.environment import DATA_DIR, env
from examgen.settings.wrong import WrongValueError

# What this process is for: "web" (set by `examgen.wsgi`) or the management command
# that it runs (set by `manage.py`), which workers are too.
ROLE: str = env.str("EXAMGEN_ROLE")

_SQLITE = "django.db.backends.sqlite3"
_EXAMPLE = "postgresql://user:password@host:5432/name"
_SERVER = Shape(
    schemes=("postgresql", "postgres", "sqlite"),
    example=_EXAMPLE,
    host=False,
    several=True,
    path=("/.+", "the name of the database"),
    options=None,
    number="E107",
)
_FILE = Shape(
    schemes=("sqlite",),
    example="sqlite:////folder/db.sqlite3",
    host=None,
    path=("/.+", "the name of a file"),
    number="E107",
)
# What the driver takes for a number.
_NUMBERS = (
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Somebody waits for these, or for the locks that they hold. Every other role is a
# command of an operator (migrate, backup, verify_invariants), which takes its time.
_WATCHED = ("", "web", "work", "serve")


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL")
    if not url:
        # As a path: in an address # and ? would have their meaning.
        file = {"ENGINE": _SQLITE, "NAME": str(DATA_DIR / "db.sqlite3")}
        return file | {"OPTIONS": _sqlite_options()}
    database = _parsed(url)
    if database["ENGINE"] == _SQLITE:
        return database | {"OPTIONS": _sqlite_options()}
    _check_options(urlsplit(url).query)
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
    check_address("DATABASE_URL", url, _FILE if url.startswith("sqlite:") else _SERVER)
    database: dict[str, Any] = env.db_url_config(url)
    return database


def _check_options(query: str) -> None:
    """Say now what the driver would else say at every connection, in its own words."""
    # By name: a small site has no driver.
    known = {
        option.keyword.decode()
        for option in import_string("psycopg.pq.Conninfo").get_defaults()
    }
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            problem = "an option behind its ? that PostgreSQL's driver does not know"
        elif name in _NUMBERS and not value.isdecimal():
            problem = f"no whole number as its {name}"
        elif name == "sslmode" and value not in _SSL_MODES:
            problem = f"none of these as its sslmode: {', '.join(_SSL_MODES)}"
        else:
            continue
        raise WrongValueError(
            "E107", f"DATABASE_URL has {problem}, as in {_EXAMPLE}?connect_timeout=9."
        )


def _sqlite_options() -> dict[str, Any]:
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongValueError(
            "E111",
            f"EXAMGEN_DATA cannot be {DATA_DIR}: {error.strerror}. Name a folder that "
            "the account of the site may write to.",
        ) from error
    # Measured: 8,129 "database is locked" without these three, none with them.
    # IMMEDIATE makes every atomic() a writer, so ATOMIC_REQUESTS stays off.
    # FULL: what was committed outlives a power cut. Measured: nothing lost against
    # NORMAL where lectures are uploaded, read and drafted.
    return {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
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
    statement = env.int("EXAMGEN_STATEMENT_TIMEOUT", 15 if watched else 0)
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
    least = env.int("EXAMGEN_POOL_MIN")
    most = env.int("EXAMGEN_POOL_MAX")
    if most < least:
        raise WrongValueError(
            "E108",
            f"EXAMGEN_POOL_MAX is {most}: no less than EXAMGEN_POOL_MIN, which is {least}.",
        )
    return {
        "min_size": least,
        # More than the threads that answer requests are never asked for at once.
        "max_size": most,
        # Seconds that a request waits for a connection. A short restart of the server
        # passes unnoticed; a longer one becomes a page that says so (503).
        "timeout": env.int("EXAMGEN_POOL_WAIT"),
        # The pool tries for so long to connect in the background, then whenever it is
        # asked, which those who wait do twice a second. By default it would wait longer
        # and longer between tries, and so keep pages away for minutes after the server
        # is back.
        "reconnect_timeout": 0.5,
    }


DATABASES: dict[str, dict[str, Any]] = {"default": _database()}
