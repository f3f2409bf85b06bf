"""Opening a bucket, and the addresses that it lends."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPResponse
from typing import Any

import pytest
from django.core.files.base import ContentFile

from examgen.bucket import BucketStorage
from tests.factories import stores
from tests.servers.s3 import ObjectServer

BOTH = pytest.mark.parametrize("kind", ["nanio", "moto"])
QUICK = {"connect_seconds": 0.3, "read_seconds": 0.3}


def opened(server: ObjectServer, name: str, **options: Any) -> BucketStorage:
    return BucketStorage(**stores.bucket(server, name, **options)["OPTIONS"])


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
