"""Celery as it is set up, in its own names: each value was chosen, none left to chance.

The reasons stand in examgen/settings/celery.py and docs/decisions/0005.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examgen.celery import app
from examgen.jobs import wiring
from examgen.settings.environment import BASE_DIR
from tests.examgen.settings.commands import surroundings
from tests.servers import Valkey
from tests.servers.tls import Tls, certificate


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        # A job has 240 s (EXAMGEN_JOB_LIMIT), the last of a ring begins after 20 s.
        ("task_soft_time_limit", 230),
        ("task_time_limit", 260),
        ("worker_prefetch_multiplier", 1),
        ("broker_connection_retry_on_startup", True),
        ("broker_connection_max_retries", None),
        ("worker_cancel_long_running_tasks_on_connection_loss", False),
        ("worker_soft_shutdown_timeout", 0),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
        ("worker_max_tasks_per_child", 100),
        ("worker_max_memory_per_child", 800_000),
        ("worker_hijack_root_logger", False),
        ("worker_redirect_stdouts", False),
        ("enable_utc", True),
        ("timezone", "UTC"),
        (
            "task_publish_retry_policy",
            {
                "max_retries": 1,
                "interval_start": 0,
                "interval_step": 0.2,
                "interval_max": 0.2,
            },
        ),
        (
            "broker_transport_options",
            {
                "global_keyprefix": "examgen:bell:",
                "visibility_timeout": 900,
                "unacked_restore_interval": 5,
                "unacked_restore_throttle": 1,
                "socket_timeout": 10,
                "socket_connect_timeout": 3,
                "health_check_interval": 10,
                "socket_keepalive": True,
            },
        ),
    ],
)
def test_celery_is_set_up_as_it_was_tried(name: str, value: Any) -> None:
    assert app.conf[name] == value


def test_each_queue_has_a_worker_and_each_consumer_a_task() -> None:
    assert [queue.name for queue in app.conf.task_queues] == ["fast", "heavy"]
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {on.name for on in wiring.wiring()}


_TELL = """
from examgen.settings import celery
print(
    celery.CELERY_TASK_SOFT_TIME_LIMIT,
    celery.CELERY_TASK_TIME_LIMIT,
    celery.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
    celery.EXAMGEN_PROCESSES,
)
"""


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "230 260 900 {'fast': 2, 'heavy': 2}"),
        # Whatever the limit: no ring is given out again while its job may run.
        ({"EXAMGEN_JOB_LIMIT": "600"}, "545 620 1860 {'fast': 2, 'heavy': 2}"),
        (
            {"EXAMGEN_FAST_PROCESSES": "4", "EXAMGEN_HEAVY_PROCESSES": "1"},
            "230 260 900 {'fast': 4, 'heavy': 1}",
        ),
    ],
)
def test_what_the_environment_changes(environment: dict[str, str], told: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _TELL],
        cwd=BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert said.stdout.strip() == told


# By TLS kombu trusts whom the rest of the site trusts, and nobody else.

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
