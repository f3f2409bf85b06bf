"""Redis refused, frozen, flushed and restarted: nobody waits, nobody is let in."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from examgen import cache as module
from tests.examgen.waiting import wait_for
from tests.factories.people import PASSWORD
from tests.servers import Valkey

LEFT_ALONE_SECONDS = 0.3
# Less than one answer that is waited for, and more than a busy machine is late by;
# but now and then it is later, so one such time says nothing.
QUICK = 0.25


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _redis(valkey: Valkey, settings) -> Iterator[None]:
    settings.CACHES = {
        alias: {
            "BACKEND": f"examgen.cache.{backend}",
            "LOCATION": valkey.url,
            "KEY_PREFIX": f"examgen-{alias}",
            "OPTIONS": {"left_alone": LEFT_ALONE_SECONDS},
        }
        for alias, backend in (
            ("default", "LimitsCache"),
            ("sessions", "SessionsCache"),
        )
    }
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    settings.SESSION_CACHE_ALIAS = "sessions"
    yield
    # Whoever still looks after Redis would do so until the tests end.
    bring_back(valkey)
    links = module._LINKS.values()
    wait_for(lambda: not any(link._away for link in links), "Redis trusted again")
    module._LINKS.clear()


@pytest.fixture
def limits() -> BaseCache:
    return caches["default"]


@pytest.fixture
def copies() -> BaseCache:
    return caches["sessions"]


def away(cache: Any) -> bool:
    return bool(cache._cache._away)


def wait_until_back(cache: Any) -> None:
    wait_for(lambda: not away(cache), "Redis trusted again")


def seconds(work: Any) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


# Redis as it should be


def test_what_is_set_in_one_thread_is_read_in_another(limits, valkey: Valkey) -> None:
    thread = threading.Thread(target=lambda: caches["default"].set("a", [1.5, "b"], 60))
    thread.start()
    thread.join()
    assert limits.get("a") == [1.5, "b"]
    assert valkey.client.get("examgen-default:1:a") == b'[1.5,"b"]'
    assert 50 < valkey.client.ttl("examgen-default:1:a") <= 60


def test_every_method_of_a_cache_works(limits: BaseCache) -> None:
    assert limits.add("one", 1, 60) is True
    assert limits.add("one", 2, 60) is False
    assert limits.incr("one", 2) == 3
    assert limits.touch("one", 60) is True
    assert limits.has_key("one") is True
    assert limits.set_many({"two": None, "three": {"four": True}}, 60) == []
    assert limits.get_many(["one", "three", "five"]) == {
        "one": 3,
        "three": {"four": True},
    }
    limits.delete_many(["one", "two"])
    assert limits.delete("three") is True
    assert limits.get("three", "none") == "none"
    with pytest.raises(ValueError, match="not found"):
        limits.incr("five")


def test_code_that_somebody_put_into_redis_is_not_run(
    copies: BaseCache, valkey: Valkey, tmp_path: Path
) -> None:
    # What a pickle would do on being read.
    pickled = b"cos\nmkdir\n(V%s\ntR." % str(tmp_path / "harmed").encode()
    valkey.client.set("examgen-sessions:1:a", pickled)
    with pytest.raises(ValueError, match="Expecting value"):
        copies.get("a")
    assert not (tmp_path / "harmed").exists()


def test_a_cleared_cache_leaves_the_broker_and_the_other_cache_alone(
    limits: BaseCache, copies: BaseCache, valkey: Valkey
) -> None:
    valkey.client.lpush("fast", "a message")
    limits.set_many({f"key{number}": number for number in range(2500)})
    copies.set("a", "b")
    limits.clear()
    assert set(valkey.client.keys()) == {b"fast", b"examgen-sessions:1:a"}


@pytest.mark.parametrize(("wished", "given"), [(60, 60), (1_209_600, 300), (None, 300)])
def test_a_cached_session_is_asked_for_anew_after_five_minutes(
    copies: BaseCache, valkey: Valkey, wished: int | None, given: int
) -> None:
    copies.set("a", {}, wished)
    assert given - 5 < valkey.client.ttl("examgen-sessions:1:a") <= given


# An outage: pages


def break_off(valkey: Valkey, how: str) -> None:
    {"refused": valkey.kill, "frozen": valkey.freeze}[how]()


@pytest.fixture(params=["refused", "frozen"])
def outage(request, valkey: Valkey) -> str:
    """Whether the outage is one or the other; it begins when a test says so."""
    return str(request.param)


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


def said(caplog) -> list[dict[str, Any]]:
    kept = ("event", "cache", "error", "failures")
    lines = [record.msg for record in caplog.records if record.name == module.__name__]
    return [{key: line[key] for key in kept if key in line} for line in lines]


def bring_back(valkey: Valkey) -> None:
    """End the outage, whichever it was; what was on disk is read again."""
    valkey.thaw()
    if not valkey.runs():
        valkey.start()


# An outage: limits


def sign_in(browser: Client, email: str, password: str) -> Any:
    return browser.post(
        reverse("account_login"), {"login": email, "password": password}
    )


def refused_for_good(answer: Any) -> bool:
    """Whether the limit answered; a wrong password alone says something else."""
    return "Too many failed login attempts" in answer.content.decode()


def test_guessing_a_password_is_limited_while_redis_is_away(
    student: User, valkey: Valkey, outage: str
) -> None:
    break_off(valkey, outage)
    answers = [
        refused_for_good(sign_in(Client(), student.email, f"guess {number}"))
        for number in range(7)
    ]
    assert answers == [False] * 5 + [True] * 2
    # Not even with the right one.
    assert refused_for_good(sign_in(Client(), student.email, PASSWORD))


def test_what_was_counted_in_an_outage_counts_after_it(
    student: User, limits: BaseCache, valkey: Valkey, outage: str
) -> None:
    break_off(valkey, outage)
    for number in range(5):
        sign_in(Client(), student.email, f"guess {number}")
    bring_back(valkey)
    wait_until_back(limits)
    assert refused_for_good(sign_in(Client(), student.email, "guess 6"))


def test_changes_of_an_outage_are_made_good(
    limits: BaseCache, valkey: Valkey, outage: str
) -> None:
    limits.set_many({"kept": 1, "changed": 1, "gone": 1, "ended": 1}, 600)
    valkey.client.lpush("fast", "a message")
    break_off(valkey, outage)
    limits.set("changed", 2, 60)
    limits.delete("gone")
    limits.set("ended", 3, 0)
    limits.add("new", 4, None)
    assert limits.incr("new") == 5
    bring_back(valkey)
    wait_until_back(limits)
    keys = ["kept", "changed", "gone", "ended", "new"]
    assert limits.get_many(keys) == {"kept": 1, "changed": 2, "new": 5}
    assert 50 < valkey.client.ttl("examgen-default:1:changed") <= 60
    assert valkey.client.ttl("examgen-default:1:new") == -1
    assert valkey.client.llen("fast") == 1


@pytest.mark.parametrize("too_much", [True, False])
def test_after_more_changes_than_one_remembers_nothing_old_is_believed(
    limits: BaseCache, valkey: Valkey, monkeypatch, too_much: bool
) -> None:
    monkeypatch.setattr(module._Memory, "most", 100)
    limits.set("old", 1)
    valkey.freeze()
    limits.set_many({f"key{number}": 1 for number in range(101 if too_much else 100)})
    valkey.thaw()
    wait_until_back(limits)
    assert limits.get("old") == (None if too_much else 1)


def test_a_cache_that_was_cleared_in_an_outage_is_empty_after_it(
    limits: BaseCache, valkey: Valkey
) -> None:
    limits.set("old", 1)
    valkey.freeze()
    limits.clear()
    limits.set("new", 1)
    valkey.thaw()
    wait_until_back(limits)
    assert limits.get_many(["old", "new"]) == {"new": 1}


# An outage: sessions


def cookie(browser: Client) -> str:
    return browser.cookies[configured.SESSION_COOKIE_NAME].value


def as_before(key: str) -> Client:
    """Somebody who kept the cookie of a session that may have ended."""
    browser = Client()
    browser.cookies[configured.SESSION_COOKIE_NAME] = key
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get(reverse("preferences")).status_code == 200


def test_a_session_is_read_from_redis_and_not_from_the_database(student: User) -> None:
    browser = Client()
    browser.force_login(student)
    with CaptureQueriesContext(connection) as queries:
        assert is_signed_in(browser)
    assert not any("django_session" in query["sql"] for query in queries)


def test_whoever_signs_out_in_an_outage_stays_signed_out(
    student: User, copies: BaseCache, valkey: Valkey, outage: str
) -> None:
    browser = Client()
    browser.force_login(student)
    key = cookie(browser)
    assert is_signed_in(browser)
    break_off(valkey, outage)
    browser.post(reverse("account_logout"))
    assert not is_signed_in(as_before(key))
    bring_back(valkey)
    wait_until_back(copies)
    assert not is_signed_in(as_before(key))
    assert Session.objects.count() == 0


def test_a_session_that_redis_brings_back_from_its_disk_stays_ended(
    student: User, copies: BaseCache, valkey: Valkey
) -> None:
    """Its last second of writes is lost in a crash: here the end of a session."""
    browser = Client()
    browser.force_login(student)
    key = cookie(browser)
    (name,) = valkey.client.keys("examgen-sessions:*")
    value = valkey.client.get(name)
    browser.post(reverse("account_logout"))
    valkey.client.set(name, value)
    assert is_signed_in(as_before(key)), "the copy would let them in"
    valkey.kill()
    assert not is_signed_in(as_before(key))
    valkey.start()
    wait_until_back(copies)
    assert not is_signed_in(as_before(key))


def test_what_changed_in_a_session_in_an_outage_holds_after_it(
    student: User, copies: BaseCache, valkey: Valkey, outage: str
) -> None:
    browser = Client()
    browser.force_login(student)
    break_off(valkey, outage)
    session = browser.session
    session["colour"] = "yellow"
    session.save()
    bring_back(valkey)
    wait_until_back(copies)
    assert browser.session["colour"] == "yellow"


def test_a_flushed_redis_signs_nobody_out(student: User, valkey: Valkey) -> None:
    browser = Client()
    browser.force_login(student)
    valkey.client.flushall()
    assert is_signed_in(browser)
    assert len(valkey.client.keys("examgen-sessions:*")) == 1


def test_a_restart_between_two_requests_is_not_even_noticed(
    student: User, copies: BaseCache, valkey: Valkey, caplog
) -> None:
    browser = Client()
    browser.force_login(student)
    valkey.stop()
    valkey.start()
    assert is_signed_in(browser)
    assert said(caplog) == []


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
