"""Writing, reading, listing and removing, on S3 servers that fail as real ones do."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from examgen.bucket import BucketStorage
from examgen.store import Fingerprint, StoreAwayError
from tests.examgen.bucket.opening import (
    BOTH,
    content,
    opened,
    read,
    refused,
)
from tests.factories import stores
from tests.servers import Moto, Nanio
from tests.servers.s3 import ObjectServer
from tests.servers.wire import Wire

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
