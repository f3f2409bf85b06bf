"""The store of a larger site: a private bucket of any S3 server.

What django-storages does not do, measured with 1.14.6: it overwrites what came between
its look and its write, keeps no checksum, reads lazily so that errors come when half a
page is sent, and makes a connection of 13 MB for every thread.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from examgen.breaker import Breaker
from examgen.bucket_errors import code_of, refusal, translated
from examgen.store import Fingerprint, StoredObject

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client, S3ServiceResource
    from types_boto3_s3.service_resource import Bucket

_CHUNK = 1024 * 1024
# So much of an object is held in memory before it goes to a temporary file.
_SPOOL = 2 * _CHUNK
# One request of S3 deletes no more.
_BATCH = 1000
# Told by us, never guessed from content: browsers must not take one for another.
_TYPES = {
    ".pdf": "application/pdf",
    ".webp": "image/webp",
    ".json": "application/json",
}


class Terms(NamedTuple):
    """All that a connection depends on."""

    endpoint_url: str | None
    region_name: str | None
    access_key: str | None
    secret_key: str | None
    security_token: str | None
    addressing_style: Literal["auto", "path", "virtual"]
    connect_seconds: float
    read_seconds: float
    attempts: int


class BucketStorage(S3Storage):  # type: ignore[misc] # untyped
    """Private objects under exact names that are written once.

    Their integrity is checked by SHA-256, and whatever goes wrong is an OSError.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._terms = Terms(*(getattr(self, name) for name in Terms._fields))
        self._where = f"bucket {self.bucket_name} at {self.endpoint_url or 'AWS'}"
        trial = self.attempts * (self.connect_seconds + self.read_seconds) + 2
        self._breaker = Breaker(rest=5.0, trial=trial) if self.impatient else None
        # Some servers refuse the condition; then the look before must do.
        self._conditional = True

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "file_overwrite": False,
            "default_acl": None,
            "addressing_style": "auto",
            # Ours: seconds and tries of one request; the address for browsers.
            "connect_seconds": 3.0,
            "read_seconds": 10.0,
            "attempts": 2,
            "public_url": "",
            "link_seconds": 60,
            # Whether somebody waits who must not wait twice for the same silence.
            "impatient": False,
        }

    # Connections: one per process. They are safe for threads, but not for forks.

    @property
    def connection(self) -> S3ServiceResource:
        return _connection(os.getpid(), self._terms)

    @property
    def bucket(self) -> Bucket:
        return _bucket(os.getpid(), self._terms, self.bucket_name)

    @property
    def _client(self) -> S3Client:
        return self.connection.meta.client

    def _asking(self, name: str) -> Any:
        return translated(self._where, name, self._breaker)

    # What Django asks of a storage

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Bring the whole object here first: what fails, fails before a page begins."""
        if mode != "rb":
            raise ValueError(f"objects are read as bytes, not {mode!r}")
        spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115
        try:
            for chunk in self._chunks(name):
                spool.write(chunk)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return File(spool, name)

    def _save(self, name: str, content: File[Any]) -> str:
        facts = _measure(content)
        kind = _TYPES.get(PurePosixPath(name).suffix, self.default_content_type)
        checksum = base64.b64encode(bytes.fromhex(facts.sha256)).decode()
        try:
            with self._asking(name):
                self._put(
                    content,
                    Bucket=self.bucket_name,
                    Key=name,
                    ContentLength=facts.size,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=checksum,
                    ContentType=kind,
                    # Whoever comes by it must not have it run or kept.
                    ContentDisposition="attachment",
                    CacheControl="private, no-store",
                )
        except FileExistsError:
            # Perhaps by an earlier try of ours, whose answer was lost.
            if self.fingerprint(name) != facts:
                raise
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002
        """Names are exact: one that is taken is refused, never changed."""
        if self.exists(name):
            raise FileExistsError(name)
        return name

    def exists(self, name: str) -> bool:
        # Not HEAD: it answers 404 as well where there is no bucket at all.
        with self._asking(name):
            found = self._client.list_objects_v2(
                Bucket=self.bucket_name, Prefix=name, MaxKeys=1
            )
        return any(entry["Key"] == name for entry in found.get("Contents", ()))

    def delete(self, name: str) -> None:
        with self._asking(name):
            super().delete(name)

    def size(self, name: str) -> int:
        with self._asking(name):
            return int(super().size(name))

    # What it lacks (examgen.store.Store)

    def fingerprint(self, name: str) -> Fingerprint:
        with self._asking(name):
            head = self._client.head_object(
                Bucket=self.bucket_name, Key=name, ChecksumMode="ENABLED"
            )
        if checksum := head.get("ChecksumSHA256"):
            # The server compared it with the bytes before it kept them.
            return Fingerprint(head["ContentLength"], base64.b64decode(checksum).hex())
        digest, size = hashlib.sha256(), 0
        for chunk in self._chunks(name):
            digest.update(chunk)
            size += len(chunk)
        return Fingerprint(size, digest.hexdigest())

    def walk(self, prefix: str) -> Iterator[StoredObject]:
        after: dict[str, Any] = {}
        while True:
            with self._asking(prefix):
                page = self._client.list_objects_v2(
                    Bucket=self.bucket_name, Prefix=prefix, MaxKeys=_BATCH, **after
                )
            for entry in page.get("Contents", ()):
                yield StoredObject(entry["Key"], entry["Size"], entry["LastModified"])
            if not page.get("IsTruncated"):
                return
            after = {"ContinuationToken": page["NextContinuationToken"]}

    def remove(self, names: Iterable[str]) -> None:
        rest = iter(names)
        while batch := list(islice(rest, _BATCH)):
            with self._asking(batch[0]):
                answer = self._client.delete_objects(
                    Bucket=self.bucket_name,
                    Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
                )
            if failed := answer.get("Errors"):
                raise refusal(self._where, failed[0].get("Code", "not deleted"))

    def link(self, name: str, *, content_type: str, disposition: str) -> str | None:
        if not self.public_url:
            return None
        outside = self._terms._replace(endpoint_url=self.public_url)
        # Signed here: nobody is asked, so the breaker has no say.
        with translated(self._where, name, None):
            return _connection(os.getpid(), outside).meta.client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket_name,
                    "Key": name,
                    "ResponseContentType": content_type,
                    "ResponseContentDisposition": disposition,
                    "ResponseCacheControl": "private, no-store",
                },
                ExpiresIn=self.link_seconds,
            )

    def probe(self) -> None:
        with self._asking(""):
            self._client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)

    # Parts of the above

    def _put(self, content: File[Any], **request: Any) -> None:
        """Write if nothing has the name, even if it came a moment ago."""
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if self._conditional else {}
        content.seek(0)
        try:
            self._client.put_object(Body=content, **request, **condition)
        except ClientError as error:
            if not condition or code_of(error) != "NotImplemented":
                raise
            self._conditional = False
            self._put(content, **request)

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self._asking(name):
            body = self._client.get_object(Bucket=self.bucket_name, Key=name)["Body"]
            try:
                yield from body.iter_chunks(_CHUNK)
            finally:
                body.close()


def _measure(content: File[Any]) -> Fingerprint:
    digest, size = hashlib.sha256(), 0
    for chunk in content.chunks(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Fingerprint(size, digest.hexdigest())


@cache
def _connection(_process: int, terms: Terms) -> S3ServiceResource:
    session = boto3.Session(
        aws_access_key_id=terms.access_key,
        aws_secret_access_key=terms.secret_key,
        aws_session_token=terms.security_token,
    )
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": terms.addressing_style},
        connect_timeout=terms.connect_seconds,
        read_timeout=terms.read_seconds,
        retries={"mode": "standard", "total_max_attempts": terms.attempts},
        max_pool_connections=16,
        tcp_keepalive=True,
        # Not every server knows the checksums that boto would add by itself; ours is
        # sent with every write.
        request_checksum_calculation="when_required",
    )
    return session.resource(
        "s3",
        region_name=terms.region_name,
        endpoint_url=terms.endpoint_url,
        config=config,
    )


@cache
def _bucket(process: int, terms: Terms, name: str) -> Bucket:
    return _connection(process, terms).Bucket(name)
