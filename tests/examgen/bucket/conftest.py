"""Buckets of both S3 servers."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from examgen.bucket import BucketStorage
from tests.examgen.bucket.opening import opened
from tests.servers import Nanio
from tests.servers.s3 import ObjectServer


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
