"""What a container says of itself, against a real web server and real processes."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from examgen.settings.environment import BASE_DIR
from tests.examgen.waiting import wait_for


@pytest.fixture
def health(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for variable in ("EXAMGEN_HOSTS", "EXAMGEN_URL"):
        monkeypatch.delenv(variable, raising=False)
    spec = importlib.util.spec_from_file_location(
        "health", BASE_DIR / "deploy" / "health.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROLE = tmp_path / "role"
    return module


class Asked(BaseHTTPRequestHandler):
    """Answers as it was told and keeps what it was asked."""

    status = 200
    heard: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        forwarded = self.headers["X-Forwarded-Proto"]
        self.heard.append((self.path, self.headers["Host"], forwarded))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(health: ModuleType, status: int) -> Iterator[type[Asked]]:
    handler = type("Handler", (Asked,), {"status": status, "heard": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        health.ADDRESS = ("127.0.0.1", server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield handler
        finally:
            server.shutdown()
            thread.join()


def test_a_container_in_which_nothing_was_started_is_not_well(
    health: ModuleType,
) -> None:
    assert health.main() == "No role has been started in this container."


def test_a_web_server_that_answers_is_well(health: ModuleType) -> None:
    health.ROLE.write_text("web 1\n")
    with answering(health, 200) as asked:
        assert health.main() is None
    assert asked.heard == [("/healthz", "127.0.0.1", "http")]


def test_it_asks_as_a_proxy_would_for_a_name_that_is_answered(
    health: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.ROLE.write_text("web 1\n")
    monkeypatch.setenv("EXAMGEN_HOSTS", ".exams.example.org,other.example.org")
    monkeypatch.setenv("EXAMGEN_URL", "https://exams.example.org")
    with answering(health, 200) as asked:
        assert health.main() is None
    assert asked.heard == [("/healthz", "exams.example.org", "https")]


def test_a_web_server_that_fails_or_is_silent_is_not_well(health: ModuleType) -> None:
    health.ROLE.write_text("web 1\n")
    with answering(health, 500):
        assert health.main() == "/healthz answers 500."
    # The port that was just left.
    assert health.main() == (
        "The web server does not answer: [Errno 111] Connection refused."
    )


def test_a_worker_is_well_while_its_process_runs(health: ModuleType) -> None:
    worker = subprocess.Popen(["sleep", "60"])
    try:
        health.ROLE.write_text(f"worker-heavy {worker.pid}\n")
        assert health.main() is None
        os.kill(worker.pid, signal.SIGSTOP)
        wait_for(lambda: health.main() == "worker-heavy is stopped.", "it is seen")
        os.kill(worker.pid, signal.SIGCONT)
        wait_for(lambda: health.main() is None, "it goes on")
    finally:
        worker.kill()
        worker.wait()
    assert health.main() == "worker-heavy has ended."
