"""A bell that writes down what it hears."""

from __future__ import annotations

import threading

from examgen.jobs import bell
from tests.examgen.waiting import DEADLINE_SECONDS

_heard: list[bell.Ring] = []
_failures: list[Exception] = []
_open = threading.Event()


def clear() -> None:
    """Begin anew, with another thread to ring."""
    _heard.clear()
    _failures.clear()
    _open.set()
    bell._ringers.clear()


def fail_with(*errors: Exception) -> None:
    """Let the next rings fail."""
    _failures.extend(errors)


def hang() -> None:
    """Let every ring wait until `let_go`."""
    _open.clear()


def let_go() -> None:
    _open.set()


def rings() -> list[bell.Ring]:
    """All that was heard so far."""
    assert bell.flush(DEADLINE_SECONDS)
    return list(_heard)


def _send(ring: bell.Ring) -> None:
    _open.wait(DEADLINE_SECONDS)
    if _failures:
        raise _failures.pop(0)
    _heard.append(ring)


BELL = bell.Bell(send=_send, ask=lambda: None, work=lambda _queue: None)
