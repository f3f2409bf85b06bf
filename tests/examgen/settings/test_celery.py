"""The broker by TLS: kombu trusts whom the rest of the site trusts, and nobody else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from examgen.settings.environment import BASE_DIR
from tests.examgen.settings.commands import surroundings
from tests.servers import Valkey
from tests.servers.tls import Tls, certificate

# What a web process does with a ring, and nothing around it that could hide an error.
_RING = """
import django
django.setup()
from examgen.celery import app
with app.connection_for_write() as broker:
    with broker.channel() as channel:
        print(channel.client.ping())
"""


def ring(home: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _RING],
        cwd=BASE_DIR,
        env=surroundings(
            home,
            REDIS_URL=url,
            EXAMGEN_BELL="celery",
            DJANGO_SETTINGS_MODULE="examgen.settings",
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture
def address(valkey: Valkey, pem: Path) -> Iterator[str]:
    with Tls(valkey.port, pem) as tls:
        yield f"rediss://127.0.0.1:{tls.port}/0"


def test_a_broker_that_nobody_vouches_for_is_refused(
    tmp_path: Path, address: str
) -> None:
    done = ring(tmp_path, address)
    assert (done.returncode, done.stdout) == (1, "")
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert "insecure" not in done.stderr


def test_a_broker_whose_authority_is_named_is_trusted(
    tmp_path: Path, address: str, pem: Path
) -> None:
    done = ring(tmp_path, f"{address}?ssl_ca_certs={pem}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_a_broker_without_tls_is_talked_to_as_ever(
    tmp_path: Path, valkey: Valkey
) -> None:
    done = ring(tmp_path, valkey.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
