from __future__ import annotations

import os
import signal
import threading
import time

from examgen.jobs.stopping import StopFlag


def test_a_flag_that_nobody_sets_is_waited_for_in_vain() -> None:
    flag = StopFlag()
    before = time.monotonic()
    assert flag.wait(0.05) is False
    assert time.monotonic() - before >= 0.05
    assert not flag.is_set()


def test_a_flag_that_is_set_is_not_waited_for() -> None:
    flag = StopFlag()
    flag.set()
    before = time.monotonic()
    assert flag.wait(30) is True
    assert time.monotonic() - before < 10
    assert flag.is_set()


def test_whoever_waits_sees_that_the_flag_was_set_elsewhere() -> None:
    flag = StopFlag()
    before = time.monotonic()
    threading.Timer(0.05, flag.set).start()
    assert flag.wait(30) is True
    assert time.monotonic() - before < 20


def test_a_signal_handler_may_set_the_flag_that_its_own_thread_waits_for() -> None:
    """With `threading.Event` this hangs, or ends in endless recursion."""
    flag = StopFlag()
    previous = signal.signal(signal.SIGALRM, lambda *_: flag.set())
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
    try:
        deadline = time.monotonic() + 0.3
        while time.monotonic() < deadline:
            flag.wait(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert flag.is_set()


def test_a_forked_child_sees_the_flag() -> None:
    flag = StopFlag()
    child = os.fork()
    if child == 0:
        os._exit(0 if flag.wait(20) else 1)
    flag.set()
    assert os.waitpid(child, 0)[1] == 0
