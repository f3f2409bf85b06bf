"""Pages that are made once, in a Redis that goes away, forgets, or is behind."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen.fresh import slot_of
from exams.content import Kind
from exams.models import ExamVersion
from scoring.services.scoreboard import rebuild
from tests.examgen.cache.outages import break_off, bring_back, wait_until_back
from tests.factories import attempts, people, versions
from tests.servers import Valkey


@pytest.fixture
def version(educator: User) -> ExamVersion:
    version = versions.version(educator, kinds=[Kind.TRUE_FALSE], pass_percent="50")
    attempts.closed(version, people.student("ben@example.org", name="Ben"))
    rebuild(version_id=version.id)
    return version


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


def rename(name: str) -> None:
    User.objects.filter(email="ben@example.org").update(name=name)


def test_a_page_is_kept_in_redis_and_found_there(
    browser: Client, version: ExamVersion, educator: User
) -> None:
    page = reverse("scoreboard", args=[version.exam_id])
    first = browser.get(page)
    slot = slot_of(educator.pk, first["ETag"])
    kind = first["Content-Type"]
    kept = [first["ETag"], first.content.decode(), kind]
    assert caches["pages"].get(slot) == kept
    # Whatever is kept there is what is shown, if it is this page and no other.
    caches["pages"].set(slot, [first["ETag"], "kept", kind])
    assert browser.get(page).content == b"kept"
    caches["pages"].set(slot, ['"other"', "of another page", kind])
    assert browser.get(page).content == first.content


@pytest.mark.parametrize("how", ["refused", "frozen"])
def test_an_outage_costs_time_and_nothing_else(
    browser: Client, version: ExamVersion, valkey: Valkey, how: str
) -> None:
    page = reverse("scoreboard", args=[version.exam_id])
    before = browser.get(page)
    assert b"Ben" in before.content
    break_off(valkey, how)
    assert browser.get(page).content == before.content
    known = browser.get(page, headers={"If-None-Match": before["ETag"]})
    assert known.status_code == 304
    rename("Benno")
    changed = browser.get(page, headers={"If-None-Match": before["ETag"]})
    assert changed.status_code == 200
    assert b"Benno" in changed.content
    bring_back(valkey)
    wait_until_back(caches["pages"])
    # What was kept before the outage has another name, and comes back with its facts.
    assert browser.get(page).content == changed.content
    rename("Ben")
    assert browser.get(page).content == before.content


def test_a_redis_that_forgot_everything_is_filled_again(
    browser: Client, version: ExamVersion, educator: User
) -> None:
    page = reverse("scoreboard", args=[version.exam_id])
    before = browser.get(page)
    caches["pages"].clear()
    known = browser.get(page, headers={"If-None-Match": before["ETag"]})
    assert known.status_code == 304
    assert browser.get(page).content == before.content
    slot = slot_of(educator.pk, before["ETag"])
    assert caches["pages"].get(slot)[:2] == [before["ETag"], before.content.decode()]
