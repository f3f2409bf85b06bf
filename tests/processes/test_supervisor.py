"""`manage.py work` and `manage.py serve`: what they start they restart, and take down."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from urllib.error import URLError

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.oracle import assert_one_exam
from tests.processes.site import (
    GENERATE,
    READ,
    Process,
    Site,
    children,
    descendants,
    wait_until_gone,
)


def child(supervisor: Process, words: str) -> int:
    """The pid of the child whose command line ends with these words, once it runs."""

    def find() -> int:
        running = children(supervisor.pid)
        return next((pid for line, pid in running.items() if words in line), 0)

    return wait_for(find, f"a child {words!r}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def serve(site: Site) -> Process:
    """Start the whole site, and return once it answers and its workers run."""
    port = free_port()
    process = site.start("serve", "--port", str(port))

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError):
            assert process.popen.poll() is None, process.said()
            return False

    wait_for(answers, "an answer", every=0.05)
    for queue in ("fast", "heavy"):
        child(process, f"--queue {queue}")
    return process


def work(site: Site) -> Process:
    process = site.start("work")
    for queue in ("fast", "heavy"):
        child(process, f"--queue {queue}")
    return process


def test_a_killed_worker_is_started_again_and_its_job_is_done(site: Site) -> None:
    supervisor = site.start("work")
    killed = child(supervisor, "--queue heavy")
    site.kill_at(killed, READ, "read")
    wait_for(lambda: child(supervisor, "--queue heavy") != killed, "a new worker")
    site.wait_for_exams()
    supervisor.stop()
    site.wait_until_empty()
    assert "child_ended" in supervisor.said()
    assert_one_exam(site, lost={READ: 1, GENERATE: 0})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_site_leaves_no_process_and_gives_its_job_back(
    site: Site, number: signal.Signals
) -> None:
    process = serve(site)
    family = descendants(process.pid)
    # The web server with its own child, and two workers.
    assert len(family) >= 4
    site.wait_for_stage(GENERATE, "drafted")
    asked = time.monotonic()
    process.send(number)
    assert process.wait() == 0, process.said()
    assert time.monotonic() - asked < 15
    assert site.processes() == {}
    assert "Stopped." in process.said()
    assert [job["state"] for job in site.jobs(GENERATE)] == ["queued"]
    site.complete()
    assert_one_exam(site, lost={READ: 0, GENERATE: 0})


@pytest.mark.parametrize("start", [work, serve])
def test_a_killed_supervisor_leaves_no_process(
    site: Site, start: Callable[[Site], Process]
) -> None:
    process = start(site)
    site.wait_for_stage(GENERATE, "drafted")
    family = descendants(process.pid)
    process.send(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    wait_until_gone(family)
    site.wait_until_empty()
    assert [job["state"] for job in site.jobs(GENERATE)] == ["queued"]
    site.complete()
    assert_one_exam(site, lost={READ: 0, GENERATE: 0})


# A process namespace of its own, as every container has: what it runs is process 1.
NAMESPACE = ("unshare", "--map-root-user", "--pid", "--fork", "--kill-child")


def namespaces_allowed() -> bool:
    try:
        probe = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return probe.returncode == 0


@pytest.mark.skipif(not namespaces_allowed(), reason="no process namespaces here")
def test_a_supervisor_may_be_the_first_process_of_a_container(site: Site) -> None:
    container = site.start("work", within=NAMESPACE)
    site.wait_for_exams()
    (supervisor,) = children(container.pid).values()
    os.kill(supervisor, signal.SIGTERM)
    assert container.wait() == 0, container.said()
    site.wait_until_empty()
    assert_one_exam(site, lost={READ: 0, GENERATE: 0})


def test_a_port_that_is_taken_is_named_before_anything_starts(
    empty_site: Site,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = empty_site.manage("serve", "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert empty_site.processes() == {}
