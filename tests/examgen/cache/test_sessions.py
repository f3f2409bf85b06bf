"""Whoever signed out in an outage of Redis stays signed out."""

from __future__ import annotations

from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.examgen.cache.outages import (
    break_off,
    bring_back,
    said,
    wait_until_back,
)
from tests.servers import Valkey


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
