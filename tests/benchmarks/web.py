"""`make bench-web`: web servers that could serve us, side by side on our own pages.

Shown are the CPU that the server's processes take for a request, their memory, and how
each server behaves when clients are slow, when one of its processes is killed and when
it is told to stop. Seen of one run are comparable with each other.

granian is measured when it can be imported: it is none of our dependencies.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.benchmarks.report import Figure, show
from tests.processes.site import ROOT, children, descendants
from tests.servers.process import accepts, free_port

PAGE, FLOOR = "/lectures/", "/healthz"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CLIENTS = 8
SLOW_CLIENTS = 50
PATIENCE = 5.0
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")

_GUNICORN = ["gunicorn", "--config=python:examgen.webserver", "--workers=2"]
_GRANIAN = ["granian", "--interface=wsgi", "--workers=2", "--respawn-failed-workers"]
SHIPPED = "gunicorn gthread 2x8"
SERVERS = {
    SHIPPED: [*_GUNICORN, "--threads=8", "--bind=127.0.0.1:{port}"],
    "gunicorn sync 2x1": [
        *(*_GUNICORN, "--worker-class=sync", "--threads=1"),
        "--bind=127.0.0.1:{port}",
    ],
    "granian 2x8": [
        *(*_GRANIAN, "--blocking-threads=8", "--no-ws", "--log-level=warning"),
        *("--workers-kill-timeout=25", "--port={port}", "examgen.wsgi:application"),
    ],
}


@dataclass(slots=True)
class Seen:
    """What was found for one server; a list has one value a round."""

    page_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    slow_headers: str = ""
    slow_bodies: str = ""
    killed: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    process: subprocess.Popen[bytes]
    port: int
    cookie: str
    seconds_to_start: float

    def family(self) -> list[int]:
        return [self.process.pid, *descendants(self.process.pid)]

    def cpu_ms(self) -> float:
        ticks = 0
        for pid in self.family():
            with suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(stat[11]) + int(stat[12])
        return ticks * TICK_MS

    def memory(self) -> float:
        """MiB of all processes, shared pages divided among those that share them."""
        pages = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.family()]
        found = [re.search(r"Pss:\s+(\d+)", text) for text in pages]
        return sum(int(match[1]) for match in found if match) / 1024

    def request(self, connection: HTTPConnection, path: str) -> int:
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def seconds_of_a_page(self, patience: float) -> float:
        """How long one page takes on a connection of its own; `patience` if longer."""
        started = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        with suppress(OSError, HTTPException):
            self.request(connection, PAGE)
        connection.close()
        return time.monotonic() - started


@contextmanager
def running(name: str, environment: dict[str, str], cookie: str) -> Iterator[Running]:
    port = free_port()
    command = [part.format(port=port) for part in SERVERS[name]]
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not accepts(port) or not _answers(port):
            if process.poll() is not None or time.monotonic() - started > 30:
                raise RuntimeError(f"{name} does not start: {' '.join(command)}")
            time.sleep(0.01)
        yield Running(process, port, cookie, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            # As long as the first of them is not waited for, the group is ours.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", FLOOR)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


# Speed


def load(server: Running, path: str, seconds: float) -> tuple[float, float]:
    """CPU ms a request and requests a second, asked by some clients without pause."""
    counts = [0] * CLIENTS
    until = time.monotonic() + seconds

    def ask(client: int) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        while time.monotonic() < until:
            try:
                status = server.request(connection, path)
            except (OSError, HTTPException):
                connection.close()  # a server without keep-alive
                continue
            assert status == 200, f"{path}: {status}"
            counts[client] += 1
        connection.close()

    before, started = server.cpu_ms(), time.monotonic()
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sum(counts)
    return (server.cpu_ms() - before) / done, done / (time.monotonic() - started)


def measure_speed(server: Running, seen: Seen) -> None:
    load(server, PAGE, SECONDS / 4)
    page, rate = load(server, PAGE, SECONDS)
    floor, _ = load(server, FLOOR, SECONDS / 2)
    seen.page_ms.append(page)
    seen.floor_ms.append(floor)
    seen.rate.append(rate)
    seen.memory.append(server.memory())
    seen.start.append(server.seconds_to_start)


# Behaviour

_SIGN_IN = b"email=student%40example.com&next="
# With this cookie the form is read to its end, for the token that belongs to it.
_TOKEN = b"a" * 32
_HEADERS = (
    b"POST /demo/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    b"Cookie: csrftoken=" + _TOKEN + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
) % len(_SIGN_IN)


def slow_clients(server: Running, sent: bytes) -> str:
    """What pages take while clients have sent this much and then hesitate."""
    with ExitStack() as stack:
        for _ in range(SLOW_CLIENTS):
            client = socket.create_connection(("127.0.0.1", server.port))
            stack.enter_context(client)
            client.sendall(sent)
        time.sleep(0.5)
        seconds = statistics.median(
            server.seconds_of_a_page(PATIENCE) for _ in range(3)
        )
    return "none served" if seconds > PATIENCE - 0.1 else f"{seconds * 1000:.0f} ms"


def kill_a_process(server: Running) -> str:
    """How long a killed process is missing, and what becomes of requests meanwhile."""
    before = set(_workers(server))
    os.kill(max(before), signal.SIGKILL)
    started, failed, asked = time.monotonic(), 0, 0
    while time.monotonic() - started < 20:
        asked += 1
        failed += server.seconds_of_a_page(PATIENCE) > PATIENCE - 0.1
        if server.process.poll() is not None:
            return "the whole server ends"
        now = set(_workers(server))
        if len(now) == len(before) and now != before:
            return f"{time.monotonic() - started:.1f} s, {failed}/{asked} unanswered"
    return "not replaced in 20 s"


def _workers(server: Running) -> list[int]:
    """Its processes, but for Python's own resource tracker."""
    found = children(server.process.pid).items()
    return [pid for line, pid in found if "resource_tracker" not in line]


def stop_in_a_request(server: Running) -> str:
    """Whether a request in flight is answered when the server is told to stop."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(_HEADERS + _SIGN_IN[:10])
        time.sleep(0.5)
        asked = time.monotonic()
        server.process.terminate()
        time.sleep(1)
        with suppress(OSError):
            client.sendall(_SIGN_IN[10:])
        answered = _received(client).startswith(b"HTTP/1.1 ")
    try:
        server.process.wait(40)
    except subprocess.TimeoutExpired:
        return "does not stop"
    verdict = "answered" if answered else "cut off"
    return f"{verdict}, ended in {time.monotonic() - asked:.1f} s"


def _received(client: socket.socket) -> bytes:
    try:
        return client.recv(4096)
    except OSError:
        return b""


BEHAVIOUR: dict[str, Callable[[Running], str]] = {
    "slow_headers": lambda server: slow_clients(server, b"GET / HTTP/1.1\r\nHos"),
    "slow_bodies": lambda server: slow_clients(server, _HEADERS + _SIGN_IN[:10]),
    "killed": kill_a_process,
    "stopped": stop_in_a_request,
}


# The site that is served


@contextmanager
def site() -> Iterator[tuple[dict[str, str], str]]:
    """A demo site: the environment of its servers, and an educator's cookie."""
    with tempfile.TemporaryDirectory(prefix="examgen-bench-") as folder:
        environment = {
            **os.environ,
            "EXAMGEN_DATA": folder,
            "EXAMGEN_DEMO": "1",
            "EXAMGEN_LOG_FORMAT": "json",
            "EXAMGEN_SECRET_KEY": "benchmarks-only-" * 4,
            "DJANGO_SETTINGS_MODULE": "examgen.settings",
        }
        _manage(environment, "migrate", "--verbosity=0")
        _manage(environment, "collectstatic", "--verbosity=0", "--no-input")
        _manage(environment, "seed_demo")
        said = _manage(environment, "shell", "--no-imports", "--command", _SIGN_IN_CODE)
        yield environment, said.split()[-1]


_SIGN_IN_CODE = """
from django.conf import settings
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(email="educator@example.com"))
print(client.cookies[settings.SESSION_COOKIE_NAME].OutputString().split(";")[0])
"""


def _manage(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


# The report


def report(found: dict[str, Seen]) -> None:
    print(f"{'':22}{'page':>9}{'healthz':>9}{'page':>8}{'memory':>9}{'start':>8}")
    print(f"{'':22}{'CPU ms':>9}{'CPU ms':>9}{'per s':>8}{'MiB':>9}{'s':>8}")
    for name, seen in found.items():
        print(
            f"{name:22}{min(seen.page_ms):9.2f}{min(seen.floor_ms):9.2f}"
            f"{max(seen.rate):8.0f}{min(seen.memory):9.0f}"
            f"{min(seen.start):8.2f}"
        )
    print()
    for title, name in (
        (
            f"a page while {SLOW_CLIENTS} clients send half their headers",
            "slow_headers",
        ),
        (f"a page while {SLOW_CLIENTS} clients send half their form", "slow_bodies"),
        ("one process killed: back after", "killed"),
        ("told to stop: a request in flight is", "stopped"),
    ):
        print(title)
        for server, seen in found.items():
            print(f"    {server:22}{getattr(seen, name)}")
    print()
    show("web", list(figures_of(found)))


def figures_of(found: dict[str, Seen]) -> Iterator[Figure]:
    """Ours against the cheapest other; what it costs in all; what a stop does."""
    ours = found[SHIPPED]
    for name, other in found.items():
        if name != SHIPPED:
            ratio = min(ours.page_ms) / min(other.page_ms)
            yield Figure(
                f"CPU of a page, shipped : {name}",
                ratio,
                "ratio",
                "<= 1.15",
                ratio <= 1.15,
            )
    memory = min(ours.memory)
    yield Figure("memory of two processes", memory, "MiB", "<= 160", memory <= 160)
    answered = ours.stopped.startswith("answered")
    yield Figure(
        "request in flight at a stop", float(answered), "answered", "1", answered
    )


def main(names: Sequence[str]) -> None:
    found = {name: Seen() for name in names}
    with site() as (environment, cookie):
        # Round by round, so that a machine that slows down does so for all of them.
        for _ in range(ROUNDS):
            for name, seen in found.items():
                with running(name, environment, cookie) as server:
                    measure_speed(server, seen)
        for name, seen in found.items():
            for behaviour, observe in BEHAVIOUR.items():
                with running(name, environment, cookie) as server:
                    setattr(seen, behaviour, observe(server))
    report(found)


if __name__ == "__main__":
    main([name for name in SERVERS if importlib.util.find_spec(name.split()[0])])
