"""Why a backup or a restore ended: one sentence for the operator."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError

from exams.services.files import StoreError, StoreFullError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class BackupError(Exception):
    """Its words are for the operator: what is wrong, and what to do."""


@contextmanager
def told() -> Iterator[None]:
    """Let nothing but BackupError out of whatever can go wrong without a mistake."""
    try:
        yield
    except StoreFullError as error:
        raise BackupError(f"The store is full ({_cause(error)}).") from error
    except StoreError as error:
        raise BackupError(
            f"The store does not give or take {error}: {_cause(error)}."
        ) from error
    except (DatabaseError, InterfaceError) as error:
        raise BackupError(f"The database refused: {_first_line(error)}.") from error
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        what = "The disk is full" if error.errno in _FULL else error.strerror or "Error"
        raise BackupError(f"{what}{where}.") from error


def _cause(error: StoreError) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
