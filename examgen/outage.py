"""Telling a database or a store that is away from a mistake of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from django.db import Error, OperationalError

from examgen.store import StoreAwayError

# Classes of SQLSTATE: the connection failed, resources ran out, an operator or a limit
# of ours intervened, the system failed.
_CLASSES = ("08", "53", "57", "58")
_STATES = (
    "25006",  # read-only: it has become somebody else's standby
    "25P03",  # idle in a transaction for too long
    "25P04",  # in a transaction for too long
    "40001",  # could not serialise
    "40P01",  # deadlock
    "55P03",  # a lock was not to be had in time
)
_SQLITE_CODES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)


def database_is_away(error: BaseException | None) -> bool:
    """Whether the same thing may well go right when it is tried again later.

    Looks at what the error came of as well: a lost connection is often noticed twice.
    """
    return any(isinstance(one, Error) and _passes(one) for one in _causes(error))


def store_is_away(error: BaseException | None) -> bool:
    """Whether the store does not answer or refuses us: not that it is full."""
    return any(isinstance(one, StoreAwayError) for one in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came of."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _passes(error: Error) -> bool:
    """Whether the database speaks of the moment, not of the statement."""
    driver = error.__cause__
    if isinstance(driver, sqlite3.OperationalError):
        # Extended codes have their details in the higher bits.
        return driver.sqlite_errorcode & 0xFF in _SQLITE_CODES
    # Asked for by name: a small site has no psycopg.
    state = getattr(driver, "sqlstate", None)
    if state is None:
        # No answer of the server: refused, cut off, or no connection free in time.
        return isinstance(error, OperationalError)
    return state[:2] in _CLASSES or state in _STATES
