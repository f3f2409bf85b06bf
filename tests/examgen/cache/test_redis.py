"""Redis as it should be."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from tests.servers import Valkey


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
    pages: BaseCache, valkey: Valkey, tmp_path: Path
) -> None:
    # What a pickle would do on being read.
    pickled = b"cos\nmkdir\n(V%s\ntR." % str(tmp_path / "harmed").encode()
    valkey.client.set("examgen-pages:1:a", pickled)
    with pytest.raises(ValueError, match="Expecting value"):
        pages.get("a")
    assert not (tmp_path / "harmed").exists()


def test_a_cleared_cache_leaves_the_broker_and_the_other_cache_alone(
    limits: BaseCache, pages: BaseCache, valkey: Valkey
) -> None:
    valkey.client.lpush("fast", "a message")
    limits.set_many({f"key{number}": number for number in range(2500)})
    pages.set("a", "b")
    limits.clear()
    assert set(valkey.client.keys()) == {b"fast", b"examgen-pages:1:a"}
