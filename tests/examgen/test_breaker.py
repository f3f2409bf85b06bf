"""What just did not answer is left alone for a while, then tried by one."""

from __future__ import annotations

import threading
import time

from examgen.breaker import Breaker


def test_all_may_pass_while_all_is_well() -> None:
    breaker = Breaker(rest=60, trial=60)
    assert [breaker.admits() for _ in range(3)] == [True] * 3
    breaker.heard()
    assert breaker.admits()


def test_after_silence_nobody_passes_until_it_has_rested() -> None:
    breaker = Breaker(rest=1.0, trial=60)
    breaker.silent()
    assert [breaker.admits() for _ in range(3)] == [False] * 3
    time.sleep(1.01)
    assert breaker.admits()


def test_then_one_tries_and_the_others_still_do_not_wait() -> None:
    breaker = Breaker(rest=0.1, trial=60)
    breaker.silent()
    time.sleep(0.11)
    admitted: list[bool] = []
    threads = [
        threading.Thread(target=lambda: admitted.append(breaker.admits()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(admitted) == [False] * 7 + [True]
    breaker.heard()
    assert breaker.admits()


def test_one_who_tries_and_never_tells_does_not_close_the_way_for_ever() -> None:
    breaker = Breaker(rest=0.05, trial=1.0)
    breaker.silent()
    time.sleep(0.06)
    assert breaker.admits()
    assert not breaker.admits()
    time.sleep(1.01)
    assert breaker.admits()
