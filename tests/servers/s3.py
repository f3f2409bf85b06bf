"""Private S3 servers; neither of the two alone does all that S3 does.

`Nanio` keeps objects as files and refuses bad and expired signatures; it knows no
conditional writes and no checksums. `Moto` knows those, and the headers that a link
asks for; it takes every signature and keeps everything in memory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from tests.servers.process import ServerProcess, accepts, free_port

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KEY = "examgen-tests"
SECRET = "a secret of tests alone"
REGION = "us-east-1"


class ObjectServer(ServerProcess):
    """An S3 server on loopback, with one key."""

    def __init__(
        self, command: Sequence[str | Path], *, port: int, home: Path, **options: str
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            [sys.executable, "-m", *command],
            port=port,
            home=home,
            ready=lambda: accepts(port),
            environment={**os.environ, **options},
        )

    @cached_property
    def client(self) -> S3Client:
        """For what a test does behind the site's back."""
        return boto3.Session(KEY, SECRET).client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            config=Config(
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 1},
            ),
        )

    def create(self, bucket: str) -> str:
        self.client.create_bucket(Bucket=bucket)
        return bucket


class Nanio(ObjectServer):
    """Objects are the files of `folder(bucket)`, so that tests can look at them."""

    def __init__(self, home: Path) -> None:
        port = free_port()
        self._data = home / "objects"
        super().__init__(
            [
                *("nanio", "serve", "--no-access-log", "--log-level", "warning"),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--region", REGION, "--data-dir", self._data),
            ],
            port=port,
            home=home,
            NANIO_ACCESS_KEY=KEY,
            NANIO_SECRET_KEY=SECRET,
        )

    def folder(self, bucket: str) -> Path:
        return self._data / bucket


class Moto(ObjectServer):
    def __init__(self, home: Path) -> None:
        port = free_port()
        super().__init__(
            ["moto.server", "-H", "127.0.0.1", "-p", str(port)], port=port, home=home
        )
