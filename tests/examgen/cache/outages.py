"""Outages of Redis, what is told of them, and what people do meanwhile."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from examgen import cache as module
from tests.examgen.waiting import wait_for
from tests.servers import Valkey

LEFT_ALONE_SECONDS = 0.3
# Less than one answer that is waited for, and more than a busy machine is late by;
# but now and then it is later, so one such time says nothing.
QUICK = 0.25


def away(cache: Any) -> bool:
    return bool(cache._cache._away)


def wait_until_back(cache: Any) -> None:
    wait_for(lambda: not away(cache), "Redis trusted again")


def seconds(work: Any) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def break_off(valkey: Valkey, how: str) -> None:
    {"refused": valkey.kill, "frozen": valkey.freeze}[how]()


def bring_back(valkey: Valkey) -> None:
    """End the outage, whichever it was; what was on disk is read again."""
    valkey.thaw()
    if not valkey.runs():
        valkey.start()


def said(caplog) -> list[dict[str, Any]]:
    kept = ("event", "cache", "error", "failures")
    lines = [record.msg for record in caplog.records if record.name == module.__name__]
    return [{key: line[key] for key in kept if key in line} for line in lines]


def sign_in(browser: Client, email: str, password: str) -> Any:
    return browser.post(
        reverse("account_login"), {"login": email, "password": password}
    )
