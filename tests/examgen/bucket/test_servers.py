"""Servers that were named wrongly, go away or hang; who shares a connection."""

from __future__ import annotations

import os
import threading
import time
import warnings
from typing import Any

import pytest

from examgen.breaker import Breaker
from examgen.bucket import BucketStorage
from examgen.store import StoreAwayError
from tests.examgen.bucket.opening import (
    BOTH,
    QUICK,
    content,
    opened,
    read,
)
from tests.servers import Nanio

# What the operator got wrong


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"secret_key": "wrong"}, "correct S3_SECRET_ACCESS_KEY"),
        ({"access_key": "nobody"}, "correct S3_ACCESS_KEY_ID"),
        ({"bucket_name": "no-such-bucket"}, "correct S3_BUCKET"),
        ({"bucket_name": "no such bucket"}, "Invalid bucket name"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "correct S3_ENDPOINT_URL"),
        (
            {"access_key": None, "secret_key": None},
            "set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_with_the_variable_that_cures_it(
    nanio: Nanio, name: str, options: dict[str, Any], cure: str, monkeypatch
) -> None:
    # Nothing of this machine's may stand in for what is missing.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    nanio.create(name)
    wrong = opened(nanio, name, **options)
    for ask in (
        wrong.probe,
        lambda: wrong.exists("u"),
        lambda: wrong.save("u/1/a.pdf", content(b"whole")),
        lambda: wrong.open("u/1/a.pdf"),
        lambda: list(wrong.walk("u/")),
        lambda: wrong.remove(["u/1/a.pdf"]),
    ):
        with pytest.raises(StoreAwayError, match=cure):
            ask()


@BOTH
def test_a_bucket_that_answers_can_be_used(bucket: BucketStorage) -> None:
    bucket.probe()


# Servers that go away


def test_a_server_that_comes_back_is_used_again(mortal: Nanio, name: str) -> None:
    bucket = opened(mortal, mortal.create(name))
    bucket.save("u/1/a.pdf", content(b"first"))
    mortal.kill()
    with pytest.raises(StoreAwayError, match="no answer"):
        bucket.open("u/1/a.pdf")
    with pytest.raises(StoreAwayError, match="no answer"):
        bucket.save("u/1/b.pdf", content(b"second"))
    mortal.start()
    assert read(bucket, "u/1/a.pdf") == b"first"
    bucket.save("u/1/b.pdf", content(b"second"))
    assert read(bucket, "u/1/b.pdf") == b"second"


def test_a_frozen_server_is_waited_for_a_known_time(mortal: Nanio, name: str) -> None:
    bucket = opened(mortal, mortal.create(name))
    bucket.save("u/1/a.pdf", content(b"whole"))
    quick = opened(mortal, name, **QUICK)
    mortal.freeze()
    for ask in (
        lambda: quick.open("u/1/a.pdf"),
        lambda: quick.save("u/1/b.pdf", content(bytes(4_000_000))),
        # Without the look before: it hangs in the middle of the body.
        lambda: quick._save("u/1/b.pdf", content(bytes(4_000_000))),
        lambda: list(quick.walk("u/")),
    ):
        begun = time.monotonic()
        with pytest.raises(StoreAwayError, match="no answer"):
            ask()
        # Two tries, each with 0.3 s of silence and 1 s before a body, and a rest.
        assert time.monotonic() - begun < 10
    mortal.thaw()
    assert read(bucket, "u/1/a.pdf") == b"whole"


def test_nobody_who_is_impatient_waits_again_for_a_frozen_server(
    mortal: Nanio, name: str
) -> None:
    opened(mortal, mortal.create(name)).save("u/1/a.pdf", content(b"whole"))
    bucket = opened(mortal, name, impatient=True, connect_seconds=2, read_seconds=2)
    bucket._breaker = Breaker(rest=3.0, trial=10.0)
    mortal.freeze()
    with pytest.raises(StoreAwayError, match="no answer"):
        bucket.open("u/1/a.pdf")
    begun = time.monotonic()
    for _ in range(20):
        with pytest.raises(StoreAwayError, match="a moment ago"):
            bucket.open("u/1/a.pdf")
    # One more wait would have taken four.
    assert time.monotonic() - begun < 2
    mortal.thaw()
    time.sleep(3.0)
    assert read(bucket, "u/1/a.pdf") == b"whole"


# One connection for all threads of a process, another after a fork


def test_threads_share_a_connection(simple: BucketStorage) -> None:
    simple.save("u/1/a.pdf", content(b"whole"))
    clients, contents = set(), []

    def look() -> None:
        clients.add(id(simple.connection))
        contents.append(read(simple, "u/1/a.pdf"))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clients == {id(simple.connection)}
    assert contents == [b"whole"] * 8


def test_a_fork_does_not(simple: BucketStorage) -> None:
    simple.save("u/1/a.pdf", content(b"whole"))
    mine = id(simple.connection)
    with warnings.catch_warnings():
        # Of threads that are none of this child's business.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        well = id(simple.connection) != mine and read(simple, "u/1/a.pdf") == b"whole"
        os._exit(0 if well else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read(simple, "u/1/a.pdf") == b"whole"
