"""`make bench-jobs`: how soon jobs start, how a burst is absorbed, how workers scale.

On private PostgreSQL and Valkey servers, with the web server and the workers as
shipped, and files on a disk. Servers, web processes, workers and those who upload and
look share one machine, so a burst is harder than where they have their own. All figures
are of one run; the ratio compares like with like.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path

from exams import samples
from tests.benchmarks.lectures import WISH, another
from tests.benchmarks.report import Figure, sum_up, tell
from tests.processes.web import Browser
from tests.servers import Postgres, Valkey
from tests.servers.process import accepts, free_port

ROOT = Path(__file__).parents[2]
RINGS = int(os.environ.get("BENCH_RINGS", "200"))
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "8"))
BURST = int(os.environ.get("BENCH_BURST", "500"))
BATCH = int(os.environ.get("BENCH_BATCH", "40"))


@dataclass
class Bench:
    """A site in a folder of its own, on servers of its own."""

    home: Path
    postgres: Postgres
    valkey: Valkey
    heavy: int = 2
    log_level: str = "WARNING"
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.postgres.url,
            "DJANGO_SETTINGS_MODULE": "examgen.settings",
            "EXAMGEN_BELL": "celery",
            "EXAMGEN_DATA": str(self.home),
            "EXAMGEN_DEMO": "0",
            "EXAMGEN_HEAVY_PROCESSES": str(self.heavy),
            "EXAMGEN_LOG_LEVEL": self.log_level,
            "EXAMGEN_SECRET_KEY": "benchmark-" + "only-" * 12,
            "REDIS_URL": self.valkey.url,
        }

    def run(self, *arguments: str) -> str:
        """Run a management command to its end; returns what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"EXAMGEN_LOG_LEVEL": "WARNING"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    def call(self, function: str, *arguments: object) -> str:
        """Call a function of `tests.benchmarks.deeds` in a process of its own."""
        code = f"from tests.benchmarks import deeds; deeds.{function}(*{arguments!r})"
        return self.run("shell", "--no-imports", "--command", code)

    @contextmanager
    def started(self, *commands: Sequence[str]) -> Iterator[None]:
        """Run management commands beside the block and stop them after it."""
        log = (self.home / "log").open("ab")
        running = [
            subprocess.Popen(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
            for command in commands
        ]
        try:
            queues = {command[-1] for command in commands if command[0] == "work"}
            self._wait_for_workers(queues)
            yield
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(60)

    def rows(self, sql: str) -> list[tuple[float, ...]]:
        with self.postgres.connect() as connection:
            return connection.execute(sql.encode()).fetchall()

    def wait_until_done(self, *queues: str) -> None:
        """Wait until no job of these queues is open; others may have no worker."""
        names = ", ".join(f"'{queue}'" for queue in queues)
        open_jobs = (
            "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL"
            f" AND queue IN ({names})"
        )
        # Seldom: each look costs a connection, and rows tell when a job ended.
        while self.rows(open_jobs) != [(0,)]:
            time.sleep(0.5)

    def _wait_for_workers(self, queues: set[str]) -> None:
        beats = "SELECT count(DISTINCT queue) FROM jobs_beat"
        while self.rows(beats) != [(len(queues),)]:
            time.sleep(0.05)
        # A worker beats before it has found its broker.
        time.sleep(2)


FAST = ("work", "--queue", "fast")
HEAVY = ("work", "--queue", "heavy")


def idle_start(bench: Bench) -> list[Figure]:
    """From the event's row to the task's first line, with nothing else to do."""
    with bench.started(FAST):
        bench.call("ring", RINGS)
        bench.wait_until_done("fast")
    waits = [
        1000 * float(seconds)
        for (seconds,) in bench.rows(
            "SELECT extract(epoch FROM started_at - created_at) FROM jobs_job"
            " WHERE consumer = 'exams.erase_files' ORDER BY created_at"
        )
    ]
    # The first ring of a process loads Celery and opens its connection.
    waits = waits[5:]
    p95 = statistics.quantiles(waits, n=20)[18]
    return [
        Figure("event to task start, median", statistics.median(waits), "ms"),
        Figure("event to task start, p95", p95, "ms", "<= 50", p95 <= 50),
    ]


def burst(bench: Bench) -> list[Figure]:
    """Many people upload through the web server at once, while another looks at pages.

    Each client opens the page with the form, sends one lecture with it, and goes on with
    the next until all are sent.
    """
    web = ("web", "--bind", f"127.0.0.1:{bench.port}")
    with bench.started(web, FAST, HEAVY):
        while not accepts(bench.port):
            time.sleep(0.05)
        cookie = bench.call("sign_in").strip()
        pdf = samples.build("computer-networks")
        lectures = iter(range(BURST))
        clients = [Uploader(bench, cookie, pdf, lectures) for _ in range(CLIENTS)]
        viewer = Viewer(f"http://127.0.0.1:{bench.port}", cookie)
        viewer.start()
        began = time.monotonic()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        uploaded = time.monotonic() - began
        looked_meanwhile = len(viewer.seconds)
        bench.wait_until_done("fast", "heavy")
        took = time.monotonic() - began
        viewer.stop()
    ((read,),) = bench.rows("SELECT count(*) FROM exams_lecture WHERE state='read'")
    ((drafts,),) = bench.rows("SELECT count(*) FROM exams_exam WHERE state = 'draft'")
    ((dead,),) = bench.rows("SELECT count(*) FROM jobs_job WHERE state <> 'done'")
    lost = 2 * BURST - read - drafts + dead
    refused = sum(client.refused for client in clients)
    waits = [seconds for client in clients for seconds in client.seconds]
    # Looked at while uploads came in, which is the harder part, and in all.
    early, p99 = _p99(viewer.seconds[:looked_meanwhile]), _p99(viewer.seconds)
    return [
        Figure("clients that upload at once", CLIENTS, "clients"),
        Figure("uploads stored in", uploaded, "s"),
        Figure("uploads that were not taken", refused, "uploads", "0", not refused),
        Figure("one upload, median", statistics.median(waits), "s"),
        Figure("one upload, p99", _p99(waits), "s"),
        Figure("drafts ready in", took, "s"),
        Figure("lectures or drafts lost", lost, "of " + str(2 * BURST), "0", lost == 0),
        Figure("page p99 while uploads come in", early, "s", "<= 1", early <= 1),
        Figure("page p99 until drafts are ready", p99, "s", "<= 1", p99 <= 1),
        Figure("pages looked at", len(viewer.seconds), "pages"),
        Figure("pages that failed", viewer.failures, "pages", "0", not viewer.failures),
    ]


def _p99(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


class Uploader(threading.Thread):
    """One client: takes the next lecture as long as there is one, and sends it."""

    def __init__(
        self, bench: Bench, cookie: str, pdf: bytes, lectures: Iterator[int]
    ) -> None:
        super().__init__(daemon=True)
        name, _, value = cookie.partition("=")
        self._browser = Browser(bench, {name: value})
        self._pdf, self._lectures = pdf, lectures
        self.seconds: list[float] = []
        self.refused = 0

    def run(self) -> None:
        for number in self._lectures:
            content = another(self._pdf, f"burst-{number}")
            kind, body = self._browser.form(
                "/lectures/", f"lecture {number}.pdf", content, **WISH
            )
            began = time.monotonic()
            try:
                answer, _ = self._browser.ask(
                    "POST", "/lectures/", body, Content_Type=kind
                )
            except (OSError, HTTPException):
                self.refused += 1
            else:
                self.refused += answer.status != HTTPStatus.FOUND
            self.seconds.append(time.monotonic() - began)


class Viewer(threading.Thread):
    """Looks at the landing page and at the lectures, again and again."""

    def __init__(self, url: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self._url, self._cookie = url, cookie
        self._stopping = threading.Event()
        self.seconds: list[float] = []
        self.failures = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            for path in ("/", "/lectures/"):
                self._look(path)
            self._stopping.wait(0.1)

    def _look(self, path: str) -> None:
        request = urllib.request.Request(
            self._url + path, headers={"Cookie": self._cookie}
        )
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
        except OSError:
            self.failures += 1
        self.seconds.append(time.monotonic() - began)

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def scaling(bench: Bench) -> list[Figure]:
    """The same lectures with one heavy worker process and with two, in turn.

    Nothing is due before the workers are up: what is overdue then would be done by their
    parents too, which are no worker processes.
    """
    bench.log_level = "INFO"
    took: dict[int, list[float]] = {1: [], 2: []}
    for round_number in range(2):
        for processes in (1, 2):
            bench.heavy = processes
            bench.call("upload_for_later", BATCH, f"{round_number}-{processes}")
            with bench.started(HEAVY):
                bench.call("let_go")
                bench.wait_until_done("heavy")
            ((seconds,),) = bench.rows(
                "SELECT extract(epoch FROM max(finished_at) - min(started_at))"
                f" FROM (SELECT * FROM jobs_job WHERE queue = 'heavy'"
                f" ORDER BY created_at DESC LIMIT {2 * BATCH}) AS newest"
            )
            took[processes].append(float(seconds))
    ratio = statistics.median(took[1]) / statistics.median(took[2])
    rescued = (bench.home / "log").read_text().count("job_rescued")
    return [
        Figure("one heavy process", statistics.median(took[1]), "s"),
        Figure("two heavy processes", statistics.median(took[2]), "s"),
        Figure("two against one", ratio, "x", ">= 1.6", ratio >= 1.6),
        Figure("jobs that the parent did", rescued, "jobs", "0", not rescued),
    ]


def main() -> None:
    measures = (idle_start, burst, scaling)
    wanted = sys.argv[1:] or [measure.__name__ for measure in measures]
    figures: list[Figure] = []
    for measure in measures:
        if measure.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            home = Path(folder)
            servers = Postgres(home / "postgres"), Valkey(home / "valkey")
            for server in servers:
                server.start()
                stack.callback(server.stop)
            bench = Bench(home / "site", *servers)
            bench.home.mkdir()
            bench.run("migrate", "--verbosity", "0")
            bench.run("collectstatic", "--no-input", "--verbosity", "0")
            found = measure(bench)
        tell(found)
        figures += found
    sum_up("jobs", figures)


if __name__ == "__main__":
    main()
