"""Redis refused, frozen and restarted: nobody waits."""

from __future__ import annotations

import os
import time
from statistics import median

from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.examgen.cache.outages import (
    LEFT_ALONE_SECONDS,
    QUICK,
    away,
    break_off,
    bring_back,
    said,
    seconds,
    sign_in,
    wait_until_back,
)
from tests.examgen.waiting import wait_for
from tests.factories.people import PASSWORD
from tests.servers import Valkey


def test_only_the_first_call_of_an_outage_waits(
    limits: BaseCache, valkey: Valkey, outage: str
) -> None:
    limits.set("a", 1)
    break_off(valkey, outage)
    limits.get("a")
    # Longer than Redis is left alone: whoever looks after it is no request.
    until = time.monotonic() + 4 * LEFT_ALONE_SECONDS
    waits = []
    while time.monotonic() < until:
        waits.append(seconds(lambda: limits.get("a")))
        time.sleep(0.005)
    assert sum(wait > QUICK for wait in waits) <= 1


def test_pages_stay_quick_while_redis_is_away(
    student: User, valkey: Valkey, outage: str
) -> None:
    browser = Client()
    browser.force_login(student)
    page = lambda: seconds(lambda: browser.get(reverse("preferences")))  # noqa: E731
    usual = median(page() for _ in range(10))
    break_off(valkey, outage)
    page()
    assert median(page() for _ in range(10)) < usual + QUICK


def test_people_sign_in_and_out_while_redis_is_away(
    student: User, valkey: Valkey, outage: str
) -> None:
    break_off(valkey, outage)
    browser = Client()
    sign_in(browser, student.email, PASSWORD)
    assert browser.get(reverse("preferences")).status_code == 200
    browser.post(reverse("account_logout"))
    assert browser.get(reverse("preferences")).status_code == 302


def test_an_outage_is_logged_once_and_so_is_its_end(
    limits: BaseCache, valkey: Valkey, outage: str, capsys, caplog
) -> None:
    break_off(valkey, outage)
    for _ in range(50):
        limits.get("a")
    bring_back(valkey)
    wait_until_back(limits)
    wait_for(lambda: len(said(caplog)) == 2, "two lines")
    gone, back = said(caplog)
    error = "ConnectionError" if outage == "refused" else "TimeoutError"
    assert gone == {"event": "cache_away", "cache": "limits", "error": error}
    assert back.pop("failures") >= 1
    assert back == {"event": "cache_back", "cache": "limits"}


def test_a_child_process_looks_after_redis_itself(limits: BaseCache, valkey) -> None:
    """An outage that begins before a fork is not one for ever in the child."""
    valkey.freeze()
    limits.get("a")
    assert away(limits)
    valkey.thaw()
    child = os.fork()
    if child == 0:
        limits.set("from-the-child", 1)
        os._exit(int(limits.get("from-the-child") != 1 or away(limits)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    wait_until_back(limits)
    assert limits.get("from-the-child") == 1
