"""Short-lived addresses for browsers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from examgen.bucket import BucketStorage
from tests.examgen.bucket.opening import (
    BOTH,
    content,
    get,
    opened,
    refused,
)
from tests.servers import Moto, Nanio
from tests.servers.s3 import ObjectServer


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
