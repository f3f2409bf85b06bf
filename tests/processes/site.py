"""A site in a folder of its own, run by real processes that may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.examgen.waiting import DEADLINE_SECONDS, wait_for
from tests.processes.databases import Database

ROOT = Path(__file__).parents[2]
OURS = (
    *("EXAMGEN_", "DATABASE_", "REDIS_", "CACHE_", "S3_", "EMAIL_", "MAILGUN_"),
    *("DJANGO_", "PYTEST_", "EDUCATOR_"),
)

# Short leases, so that a lost job is found soon; still several beats long.
LEASE_SECONDS = 3.0
TIMERS = {
    "EXAMGEN_JOB_HEARTBEAT": "0.7",
    "EXAMGEN_JOB_POLL": "0.1",
    "EXAMGEN_JOB_BACKOFF": "0.1",
    "EXAMGEN_JOB_SWEEP": "0.3",
    "EXAMGEN_JOB_BEAT": "1",
    "EXAMGEN_FAST_PROCESSES": "1",
    "EXAMGEN_HEAVY_PROCESSES": "1",
    # A model that each of them would load makes none of them end otherwise.
    "EXAMGEN_ENGLISH_MODEL": "none",
}

READ = "exams.read_lecture"
GENERATE = "exams.generate_exam"
WAIT = "tests.wait"

# The stages that a job reports, in their order; none before its first report.
STAGES = {
    READ: ["", "read", "pictures"],
    GENERATE: ["", "drafted", "checked", "pictures"],
    WAIT: ["", "waiting"],
}


@dataclass(slots=True)
class Process:
    """A management command that runs beside the test."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    def send(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def wait(self, seconds: float = DEADLINE_SECONDS) -> int:
        return self.popen.wait(seconds)

    def stop(self) -> None:
        """Stop it as an operator does."""
        self.send(signal.SIGTERM)
        assert self.wait() == 0, self.said()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Site:
    home: Path
    database: Database
    settings: str = "examgen.settings"
    lease: float = LEASE_SECONDS
    # What else its environment says, and what it says otherwise.
    extra: dict[str, str] = field(default_factory=dict)
    started: list[Process] = field(default_factory=list)
    # The lease tokens of workers that were killed.
    dead: set[str] = field(default_factory=set)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(OURS)
        }
        return (
            inherited
            | TIMERS
            | {
                "DATABASE_URL": self.database.url,
                "DJANGO_SETTINGS_MODULE": self.settings,
                "EXAMGEN_BELL": "none",
                "EXAMGEN_DATA": str(self.home),
                "EXAMGEN_DEBUG": "0",
                "EXAMGEN_DEMO": "0",
                "EXAMGEN_JOB_LEASE": str(self.lease),
                "EXAMGEN_SECRET_KEY": "processes-" + "only-" * 12,
            }
            | self.extra
        )

    # Running

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )

    def upload(self, *names: str) -> None:
        """Upload sample lectures through the service."""
        self.call("tests.processes.uploading", "upload", *names)

    def call(self, module: str, function: str, *arguments: str) -> None:
        """Call a function in a process of its own."""
        code = f"from {module} import {function}; {function}(*{arguments!r})"
        done = self.manage("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stderr

    def start(self, *arguments: str, within: Sequence[str] = ()) -> Process:
        """Start a management command, perhaps within another; no test need end it."""
        log = self.home / f"{len(self.started)}.log"
        with log.open("wb") as output:
            popen = subprocess.Popen(
                [*within, sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = Process(popen, log)
        self.started.append(process)
        return process

    def start_worker(self, queue: str = "heavy") -> Process:
        return self.start("work", "--queue", queue)

    def copy(self, home: Path) -> Site:
        shutil.copytree(self.home, home)
        return replace(
            self,
            home=home,
            database=self.database.copy(home),
            extra=dict(self.extra),
            started=[],
            dead=set(),
        )

    def close(self) -> None:
        """End whatever the test left running."""
        for process in self.started:
            if process.popen.poll() is None:
                process.send(signal.SIGKILL)
            process.popen.wait()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.database.close()

    def processes(self) -> dict[int, str]:
        """The command lines of all processes of this site, by pid."""
        mine = f"EXAMGEN_DATA={self.home}".encode()
        return {
            pid: _command(pid)
            for pid in _pids()
            if mine in _read(pid, "environ").split(b"\0") and _lives(pid)
        }

    # Looking

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds in the database, as committed now."""
        return self.database.rows(sql, *values)

    def change(self, sql: str, *values: object) -> None:
        """Change rows behind the site's back."""
        self.database.change(sql, *values)

    def jobs_of(self, app: str) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT * FROM jobs_job WHERE consumer LIKE ? ORDER BY created_at",
            f"{app}.%",
        )

    def jobs(self, consumer: str) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT * FROM jobs_job WHERE consumer = ? ORDER BY created_at", consumer
        )

    def events(self, name: str) -> list[dict[str, Any]]:
        found = self.rows("SELECT * FROM jobs_event WHERE name = ?", name)
        return [row | {"data": json.loads(row["data"])} for row in found]

    def exam_states(self) -> list[str]:
        return [row["state"] for row in self.rows("SELECT state FROM exams_exam")]

    # Waiting

    def wait_for_exams(self, number: int = 1) -> None:
        wait_for(
            lambda: self.exam_states() == ["draft"] * number,
            f"{number} drafts",
            every=0.05,
        )

    def wait_for_stage(self, consumer: str, stage: str) -> None:
        """Wait until the only job of a consumer is running, and is so far or farther."""
        stages = STAGES[consumer]
        far_enough = stages[stages.index(stage) :]

        def is_there() -> bool:
            jobs = self.jobs(consumer)
            assert [job["state"] for job in jobs] != ["done"], f"{stage} passed unseen"
            return any(
                job["state"] == "running"
                and job["lease_token"] not in self.dead
                and job["stage"] in far_enough
                for job in jobs
            )

        wait_for(is_there, f"{consumer} at {stage!r}", every=0.002)

    def wait_for_heir(self, consumer: str) -> None:
        """Wait until another worker has taken over the only job of a consumer."""
        wait_for(
            lambda: self.jobs(consumer)[0]["lost_leases"] == 1, "an heir", every=0.005
        )

    def freeze_at(self, worker: int, consumer: str, stage: str) -> bool:
        """Freeze the worker with this pid, and its children, at this stage of its job.

        False when it was farther before this process noticed: machines are busy.
        """
        self.wait_for_stage(consumer, stage)
        pids = [*reversed(descendants(worker)), worker]
        freeze(pids)
        # Who stands still in the middle of a transaction would keep SQLite to itself.
        while not self.database.takes_writes():
            thaw(pids)
            freeze(pids)
        (job,) = self.jobs(consumer)
        assert job["state"] == "running", f"{stage} passed unseen"
        return bool(job["stage"] == stage)

    def give_back(self, consumer: str) -> None:
        """Take the job from a worker that was killed too late to be of interest."""
        self.change(
            "UPDATE jobs_job SET state = 'queued', lease_token = NULL,"
            " lease_until = NULL WHERE consumer = ?",
            consumer,
        )

    def kill_child_at(self, worker: int, consumer: str, stage: str) -> bool:
        """Kill the child of a Celery worker that is at this stage of its job.

        False when it was farther already. Its parent lives on.
        """
        hit = self.freeze_at(worker, consumer, stage)
        started = [pid for pid in _pids() if _parent(pid) == worker]
        pool = [pid for pid in started if "work --queue" in _command(pid)]
        family = [pid for child in pool for pid in (child, *descendants(child))]
        for child in pool:
            os.kill(child, signal.SIGKILL)
        thaw([*family, worker])
        wait_until_gone(family)
        return hit

    def thaw(self, worker: Process) -> None:
        thaw([*descendants(worker.pid), worker.pid])

    def let_go(self, worker: Process) -> None:
        """Let this worker end the job of `tests.processes.waiter`."""
        (self.home / f"go-{worker.pid}").touch()

    def kill_at(self, worker: int, consumer: str, stage: str) -> bool:
        """Kill a worker at this stage of its job; what it started must end with it.

        False when it was farther already. It is dead all the same, so the job begins
        anew and comes by this stage again.
        """
        # Frozen first, so that it is still there when it is killed.
        hit = self.freeze_at(worker, consumer, stage)
        family = [worker, *descendants(worker)]
        os.kill(worker, signal.SIGKILL)
        # Its children have been told by the system; they hear it when they thaw.
        thaw(family[1:])
        wait_until_gone(family)
        # Until another worker claims the job, it looks as if this one still had it.
        (job,) = self.jobs(consumer)
        self.dead.add(job["lease_token"])
        self.change("UPDATE jobs_job SET stage = '' WHERE consumer = ?", consumer)
        return hit

    def wait_until_empty(self) -> None:
        """Wait until no process of this site is left."""
        wait_for(lambda: not self.processes(), "no process left", every=0.05)

    def complete(self) -> None:
        """Let one more worker do what is left."""
        worker = self.start_worker()
        self.wait_for_exams()
        worker.stop()


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    parents = {child: parent for child in _pids() if (parent := _parent(child))}
    found = [pid]
    for ancestor in found:
        found += [child for child, parent in parents.items() if parent == ancestor]
    return found[1:]


def children(pid: int) -> dict[str, int]:
    """The pids of the direct children of a process, by their command lines."""
    return {_command(child): child for child in _pids() if _parent(child) == pid}


def freeze(pids: list[int]) -> None:
    """Stop processes, in this order, and wait until they stand still."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    wait_for(
        lambda: not any(_state(pid) not in ("T", "") and _lives(pid) for pid in pids),
        "frozen processes",
        every=0.002,
    )


def thaw(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def wait_until_gone(pids: list[int]) -> None:
    wait_for(lambda: not any(_lives(pid) for pid in pids), "none of them left")


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> list[str]:
    # The name stands in brackets and may itself hold brackets and spaces.
    return _read(pid, "stat").decode("utf-8", "replace").rpartition(")")[2].split()


def _state(pid: int) -> str:
    """One letter as in `ps`; empty when there is no such process."""
    return (_stat(pid) or [""])[0]


def _parent(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[1]) if stat else 0


def _lives(pid: int) -> bool:
    return _state(pid) not in ("", "Z", "X")


def _command(pid: int) -> str:
    line = _read(pid, "cmdline").replace(b"\0", b" ")
    return line.decode("utf-8", "replace").strip()


def _read(pid: int, name: str) -> bytes:
    """What /proc tells of a process; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
