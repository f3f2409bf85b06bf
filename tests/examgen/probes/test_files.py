"""A database file or a store that cannot be used has its sentence and its cure."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import pytest

from examgen.probes import probe_sqlite, probe_store
from tests.factories import stores
from tests.servers import Nanio
from tests.servers.process import free_port
from tests.servers.s3 import ObjectServer

KEPT_THERE = "Lectures and exams are kept there, so nothing is started."


def said() -> list[tuple[str | None, str, str | None]]:
    return [(message.id, message.msg, message.hint) for message in probe_store()]


def test_a_file_that_opens_is_right(db: None) -> None:
    assert probe_sqlite() == []


def test_a_folder_is_right(settings) -> None:
    assert said() == []


def test_a_folder_that_cannot_be_made_is_an_error(settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    location = tmp_path / "file" / "store"
    with stores.using(stores.disk(location)):
        assert said() == [
            (
                "examgen.E061",
                (
                    f"The store cannot be used: {location} is no folder that can be read "
                    "and written: give it to the account of the site, or set "
                    "EXAMGEN_DATA to another place."
                ),
                KEPT_THERE,
            )
        ]


@pytest.fixture
def bucket(settings, nanio: Nanio) -> str:
    """The settings' bucket, which exists in a server that knows its key."""
    settings.S3_BUCKET = nanio.create(f"probed-{uuid.uuid4().hex}")
    return str(settings.S3_BUCKET)


def of_a_bucket(server: ObjectServer, name: str, **options: str):
    with stores.using(stores.bucket(server, name, **options)):
        return said()


def refused(server: ObjectServer, name: str, why: str):
    where = f"bucket {name} at {server.url}"
    return [("examgen.E061", f"The store cannot be used: {where}: {why}.", KEPT_THERE)]


def test_a_bucket_that_lets_us_in_is_right(nanio: Nanio, bucket: str) -> None:
    assert of_a_bucket(nanio, bucket) == []


def test_a_bucket_that_is_not_there_is_an_error(nanio: Nanio, bucket: str) -> None:
    why = "there is no such bucket: create it, or correct S3_BUCKET"
    name = f"{bucket}-2"
    assert of_a_bucket(nanio, name) == refused(nanio, name, why)


def test_a_wrong_secret_is_an_error(nanio: Nanio, bucket: str) -> None:
    why = "the secret is wrong: correct S3_SECRET_ACCESS_KEY"
    found = of_a_bucket(nanio, bucket, secret_key="hush")
    assert found == refused(nanio, bucket, why)


def test_an_unknown_key_is_an_error(nanio: Nanio, bucket: str) -> None:
    why = "the key is unknown: correct S3_ACCESS_KEY_ID"
    found = of_a_bucket(nanio, bucket, access_key="nobody")
    assert found == refused(nanio, bucket, why)


def test_a_refused_port_is_an_error(nanio: Nanio, bucket: str) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    found = of_a_bucket(nanio, bucket, endpoint_url=address)
    ((code, message, hint),) = found
    assert (code, hint) == ("examgen.E061", KEPT_THERE)
    assert message == (
        f"The store cannot be used: bucket {bucket} at {address}: no answer "
        "(EndpointConnectionError): start the server, or correct S3_ENDPOINT_URL."
    )


def test_a_frozen_server_is_an_error_soon(mortal: Nanio, settings) -> None:
    settings.S3_BUCKET = mortal.create("probed")
    mortal.freeze()
    why = "no answer (ReadTimeoutError): start the server, or correct S3_ENDPOINT_URL"
    started = time.monotonic()
    assert of_a_bucket(mortal, "probed") == refused(mortal, "probed", why)
    assert time.monotonic() - started < 10
