"""The store in a bucket, against real S3 servers that fail as real ones do."""

from __future__ import annotations

import hashlib
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
import warnings
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from examgen.breaker import Breaker
from examgen.bucket import BucketStorage
from examgen.store import Fingerprint, StoreAwayError
from tests.factories import stores
from tests.servers import Moto, Nanio
from tests.servers.s3 import ObjectServer
from tests.servers.wire import Wire

BOTH = pytest.mark.parametrize("kind", ["nanio", "moto"])
QUICK = {"connect_seconds": 0.3, "read_seconds": 0.3}


def opened(server: ObjectServer, name: str, **options: Any) -> BucketStorage:
    return BucketStorage(**stores.bucket(server, name, **options)["OPTIONS"])


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def server(request: pytest.FixtureRequest, kind: str) -> ObjectServer:
    found: ObjectServer = request.getfixturevalue(kind)
    return found


@pytest.fixture
def bucket(server: ObjectServer, name: str) -> BucketStorage:
    return opened(server, server.create(name))


@pytest.fixture
def simple(nanio: Nanio, name: str) -> BucketStorage:
    """A bucket without conditions and checksums."""
    return opened(nanio, nanio.create(name))


@pytest.fixture
def folder(nanio: Nanio, name: str) -> Path:
    return nanio.folder(name)


def content(of: bytes) -> ContentFile:
    return ContentFile(of)


def read(storage: BucketStorage, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())


def get(address: str) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(address, timeout=10)
    return answer


def refused(address: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(address)
    with caught.value as error:
        return int(error.code)


# Writing


@BOTH
def test_an_object_is_stored_whole_and_privately(
    bucket: BucketStorage, server: ObjectServer, name: str
) -> None:
    assert bucket.save("u/1/a.pdf", content(b"whole")) == "u/1/a.pdf"
    assert read(bucket, "u/1/a.pdf") == b"whole"
    assert bucket.size("u/1/a.pdf") == 5
    assert bucket.exists("u/1/a.pdf")
    assert not bucket.exists("u/1/a")
    sha256 = hashlib.sha256(b"whole").hexdigest()
    assert bucket.fingerprint("u/1/a.pdf") == Fingerprint(5, sha256)
    kept = server.client.head_object(Bucket=name, Key="u/1/a.pdf")
    assert kept["ContentType"] == "application/pdf"
    assert kept["ContentDisposition"] == "attachment"
    assert kept["CacheControl"] == "private, no-store"


def test_nobody_without_the_key_reads_it(simple: BucketStorage) -> None:
    simple.save("u/1/a.pdf", content(b"whole"))
    assert refused(f"{simple.endpoint_url}/{simple.bucket_name}/u/1/a.pdf") == 403


@BOTH
def test_an_object_that_is_there_is_never_overwritten(bucket: BucketStorage) -> None:
    bucket.save("u/1/a.pdf", content(b"first"))
    with pytest.raises(FileExistsError):
        bucket.save("u/1/a.pdf", content(b"second"))
    assert read(bucket, "u/1/a.pdf") == b"first"


def test_what_came_between_the_look_and_the_write_is_not_overwritten(
    moto: Moto, name: str
) -> None:
    """The server itself refuses: no look before could have told."""
    moto.create(name)
    late = stores.WatchedBucket(
        **stores.bucket(moto, name)["OPTIONS"],
        before_save=lambda key: opened(moto, name).save(key, content(b"first")),
    )
    with pytest.raises(FileExistsError):
        late.save("u/1/a.pdf", content(b"second"))
    assert read(late, "u/1/a.pdf") == b"first"


def test_a_server_that_refuses_conditions_is_written_to_without(
    nanio: Nanio, name: str
) -> None:
    nanio.create(name)
    body = b"<Error><Code>NotImplemented</Code><Message>No.</Message></Error>"
    refusal = (
        b"HTTP/1.1 501 Not Implemented\r\nContent-Type: application/xml\r\n"
        b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    with Wire(nanio.port) as wire:
        wire.reply = lambda sent: refusal if b"If-None-Match: *" in sent else b""
        strict = opened(nanio, name, endpoint_url=wire.url)
        strict.save("u/1/a.pdf", content(b"first"))
        assert read(strict, "u/1/a.pdf") == b"first"
        with pytest.raises(FileExistsError):
            strict.save("u/1/a.pdf", content(b"second"))
    assert read(opened(nanio, name), "u/1/a.pdf") == b"first"


def test_a_write_whose_answer_was_lost_is_known_as_our_own(
    moto: Moto, name: str
) -> None:
    moto.create(name)
    with Wire(moto.port) as wire:
        wire.lost = 1
        remote = opened(moto, name, endpoint_url=wire.url)
        assert remote.save("u/1/a.pdf", content(b"whole")) == "u/1/a.pdf"
        assert wire.lost == 0
    assert read(opened(moto, name), "u/1/a.pdf") == b"whole"


def test_an_upload_that_is_cut_half_way_leaves_nothing(nanio: Nanio, name: str) -> None:
    nanio.create(name)
    with Wire(nanio.port) as wire:
        wire.cut_after = 1_000_000
        remote = opened(nanio, name, endpoint_url=wire.url)
        with pytest.raises(StoreAwayError):
            remote.save("u/1/a.pdf", content(bytes(4_000_000)))
    deadline = time.monotonic() + 10
    while stores.objects(nanio.folder(name)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stores.objects(nanio.folder(name)) == set()


def test_what_was_spoilt_on_its_way_is_told_by_its_fingerprint(
    nanio: Nanio, name: str
) -> None:
    nanio.create(name)
    with Wire(nanio.port) as wire:
        wire.spoil = lambda sent: sent.replace(b"whole", b"whoIe")
        remote = opened(nanio, name, endpoint_url=wire.url)
        remote.save("u/1/a.pdf", content(b"whole"))
    sha256 = hashlib.sha256(b"whoIe").hexdigest()
    assert opened(nanio, name).fingerprint("u/1/a.pdf") == Fingerprint(5, sha256)


# Reading


@BOTH
def test_a_missing_object_is_a_missing_file(bucket: BucketStorage) -> None:
    for ask in (bucket.open, bucket.size, bucket.fingerprint):
        with pytest.raises(FileNotFoundError):
            ask("u/1/missing.pdf")
    bucket.delete("u/1/missing.pdf")


def test_an_object_that_breaks_off_is_an_error_before_it_is_read(
    simple: BucketStorage, folder: Path
) -> None:
    simple.save("u/1/a.pdf", content(bytes(3_000_000)))
    with (folder / "u/1/a.pdf").open("r+b") as file:
        file.truncate(1_500_000)
    with pytest.raises(StoreAwayError):
        simple.open("u/1/a.pdf")


def test_objects_are_opened_for_reading_alone(simple: BucketStorage) -> None:
    with pytest.raises(ValueError, match="'wb'"):
        simple.open("u/1/a.pdf", "wb")


# Listing and removing


def test_a_thousand_objects_and_more_are_listed_and_removed_page_by_page(
    simple: BucketStorage, folder: Path
) -> None:
    many = [f"u/1/pages/{number:04d}.webp" for number in range(1, 1206)]
    (folder / "u/1/pages").mkdir(parents=True)
    for key in many:
        (folder / key).touch()
    simple.save("u/12/other.webp", content(b"other"))

    assert [found.name for found in simple.walk("u/1/")] == many
    simple.remove(found.name for found in simple.walk("u/1/"))
    assert stores.objects(folder) == {"u/12/other.webp"}
    assert list(simple.walk("u/1/")) == []


@BOTH
def test_a_listing_tells_when_an_object_was_written(bucket: BucketStorage) -> None:
    before = time.time()
    bucket.save("u/1/a.webp", content(b"whole"))
    (found,) = bucket.walk("u/")
    assert (found.name, found.size) == ("u/1/a.webp", 5)
    assert before - 2 < found.at.timestamp() < time.time() + 2


def test_an_object_that_is_not_removed_is_told(simple: BucketStorage) -> None:
    with pytest.raises(StoreAwayError, match="InvalidObjectName"):
        simple.remove(["u/1/a.webp", "u/../refused"])


# Links


def lent(server: ObjectServer, bucket: BucketStorage, **options: Any) -> str:
    outside = opened(server, bucket.bucket_name, public_url=server.url, **options)
    address = outside.link(
        "u/1/a.webp",
        content_type="image/webp",
        disposition='attachment; filename="page.webp"',
    )
    assert address is not None
    return address


@BOTH
def test_a_link_opens_one_object_for_a_minute(
    bucket: BucketStorage, server: ObjectServer
) -> None:
    bucket.save("u/1/a.webp", content(b"whole"))
    address = lent(server, bucket)
    assert address.startswith(f"{server.url}/{bucket.bucket_name}/u/1/a.webp?")
    assert "X-Amz-Expires=60&" in address
    with get(address) as answer:
        assert answer.read() == b"whole"
        assert answer.headers["Content-Type"] == "image/webp"


def test_a_link_says_how_its_object_is_to_be_taken(moto: Moto, name: str) -> None:
    bucket = opened(moto, moto.create(name))
    bucket.save("u/1/a.webp", content(b"whole"))
    with get(lent(moto, bucket)) as answer:
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Content-Disposition"] == (
            'attachment; filename="page.webp"'
        )
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("tamper", "status"),
    [
        (lambda link: link.replace("/a.webp", "/b.webp"), 403),
        (lambda link: link.replace("u/1/", "u/2/"), 403),
        (lambda link: link.replace("Expires=60", "Expires=6000"), 403),
        (lambda link: link.replace("image%2Fwebp", "text%2Fhtml"), 403),
        (lambda link: link.replace("attachment", "inline"), 403),
        (lambda link: link[:-1] + ("0" if link[-1] != "0" else "1"), 403),
        (lambda link: link.partition("&X-Amz-Signature")[0], 400),
        (lambda link: link.partition("?")[0], 403),
    ],
    ids=["name", "owner", "time", "type", "disposition", "signature", "none", "bare"],
)
def test_a_link_that_was_tampered_with_is_refused(
    simple: BucketStorage, nanio: Nanio, tamper: Callable[[str], str], status: int
) -> None:
    for key in ("u/1/a.webp", "u/1/b.webp", "u/2/a.webp"):
        simple.save(key, content(b"whole"))
    address = lent(nanio, simple)
    changed = tamper(address)
    assert changed != address
    assert refused(changed) == status


def test_a_link_is_refused_when_its_time_is_over(
    simple: BucketStorage, nanio: Nanio
) -> None:
    simple.save("u/1/a.webp", content(b"whole"))
    address = lent(nanio, simple, link_seconds=1)
    time.sleep(2.1)
    assert refused(address) == 403


def test_a_link_leads_to_the_bucket_as_browsers_name_it(nanio: Nanio) -> None:
    for style, begin in (
        ("virtual", "https://exams.s3.example.org/u/1/a.webp?"),
        ("path", "https://s3.example.org/exams/u/1/a.webp?"),
        ("auto", "https://s3.example.org/exams/u/1/a.webp?"),
    ):
        bucket = opened(
            nanio,
            "exams",
            public_url="https://s3.example.org",
            addressing_style=style,
        )
        link = bucket.link(
            "u/1/a.webp", content_type="image/webp", disposition="inline"
        )
        assert str(link).startswith(begin)


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
