"""What is counted in an outage of Redis counts, and counts after it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.test import Client

from accounts.models import User
from examgen import cache as module
from tests.examgen.cache.outages import (
    break_off,
    bring_back,
    sign_in,
    wait_until_back,
)
from tests.factories.people import PASSWORD
from tests.servers import Valkey


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
