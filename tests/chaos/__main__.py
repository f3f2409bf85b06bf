"""`make chaos`: thousands of jobs, hundreds of kills; every job must be done once.

A site on private PostgreSQL and Valkey servers with two supervisors, as on two hosts.
While jobs are fed, worker processes are killed at random, Redis is stopped, flushed and
frozen, and PostgreSQL crashes. Verdict and figures come from the rows at the end.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.chaos.drills import DRILL
from tests.processes.databases import PostgreSQL
from tests.processes.site import Process, Site
from tests.servers import Postgres, Valkey

JOBS = int(os.environ.get("CHAOS_JOBS", "5000"))
KILLS = int(os.environ.get("CHAOS_KILLS", "500"))
# When it takes longer, what is not done counts as lost.
SECONDS = float(os.environ.get("CHAOS_SECONDS", "3600"))
OUTAGE_SECONDS = float(os.environ.get("CHAOS_OUTAGE_SECONDS", "60"))
BELL = os.environ.get("CHAOS_BELL", "celery")
SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.randrange(1, 10**6)

_BATCH = 100
_HANG_SECONDS = 3.0


@dataclass
class Chaos:
    site: Site
    postgres: Postgres
    valkey: Valkey
    chance: random.Random
    fed: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _feeder: Process | None = None
    # What ends the outage of Redis, and when.
    _relief: tuple[float, Callable[[], None]] | None = None

    @property
    def killed(self) -> int:
        return self.kills.total()

    def run(self, until: float) -> None:
        supervisors = [self.site.start("work") for _ in range(2)]
        # Each fault at its share of the kills, in turn.
        faults = {KILLS * step // 12: step for step in range(1, 12)}
        while time.monotonic() < until:
            self._feed()
            self._relieve()
            if self.killed >= KILLS and self.fed >= JOBS and not self._open():
                break
            if step := faults.pop(self.killed, 0):
                self._harm(step)
            # Kills are spread evenly over the jobs.
            if self.killed < KILLS and self._done() >= JOBS * self.killed // KILLS:
                self._kill()
            time.sleep(0.1)
        if self._relief:
            self._relief[1]()
        for supervisor in supervisors:
            supervisor.stop()

    def verdict(self) -> bool:
        """Print what the rows say; whether all went well."""
        verdict = self.site.manage("verify_invariants", "--read")
        states = Counter(str(job["state"]) for job in self.site.jobs(DRILL))
        marks = Counter(
            str(one["subject_id"]) for one in self.site.events("drill.done")
        )
        lost = self.fed - len(marks)
        doubled = marks.total() - len(marks)
        leases = sum(int(job["lost_leases"]) for job in self.site.jobs(DRILL))
        print(f"jobs: {dict(states)}, leases lost: {leases}")
        print(f"killed: {dict(self.kills)}, faults: {dict(self.faults)}")
        print(verdict.stdout.strip() or verdict.stderr.strip())
        print(
            f"{self.fed:,} jobs, {self.killed} kills: {lost} lost, {doubled} doubled",
            flush=True,
        )
        complete = self.fed == JOBS and self.killed == KILLS
        all_done = states == Counter({"done": self.fed})
        sound = verdict.returncode == 0
        return complete and all_done and sound and lost == doubled == 0

    def _feed(self) -> None:
        """Keep a batch or two ahead of the kills; jobs that are fed are committed."""
        if self._feeder is not None:
            code = self._feeder.popen.poll()
            if code is None:
                return
            assert code == 0, self._feeder.said()
            self._feeder = None
            self.fed += min(_BATCH, JOBS - self.fed)
        wanted = JOBS * self.killed // KILLS + 2 * _BATCH
        if self.fed < min(wanted, JOBS):
            number = min(_BATCH, JOBS - self.fed)
            line = f"from tests.chaos.drill.tasks import ask; ask({number})"
            self._feeder = self.site.start("shell", "--no-imports", "--command", line)

    def _kill(self) -> None:
        """Kill a process that does heavy jobs: a worker or a child of its pool."""
        running = self.site.processes()
        heavy = [pid for pid, line in running.items() if "work --queue heavy" in line]
        if not heavy:
            return
        pid = self.chance.choice(heavy)
        # It may have ended by itself meanwhile: then it is none of ours.
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
            os.kill(pid, signal.SIGKILL)
            parent = int(stat.split()[1])
            self.kills["child" if parent in heavy else "worker"] += 1

    def _harm(self, step: int) -> None:
        if step in (3, 6, 9):
            self._crash_database()
        elif BELL == "none":
            return
        elif step == 5:
            self.faults["redis stopped"] += 1
            self.valkey.stop()
            self._relief = (time.monotonic() + OUTAGE_SECONDS, self.valkey.start)
        elif self._relief:
            return
        elif step % 3 == 1:
            self.faults["redis flushed"] += 1
            self.valkey.client.flushall()
        elif step % 2:
            self.faults["redis killed"] += 1
            self.valkey.kill()
            self._relief = (time.monotonic() + _HANG_SECONDS, self.valkey.start)
        else:
            self.faults["redis frozen"] += 1
            self.valkey.freeze()
            self._relief = (time.monotonic() + _HANG_SECONDS, self.valkey.thaw)

    def _relieve(self) -> None:
        if self._relief and time.monotonic() > self._relief[0]:
            self._relief[1]()
            self._relief = None

    def _crash_database(self) -> None:
        # Not while somebody feeds: whether those jobs were taken would be unknown.
        if self._feeder is not None:
            assert self._feeder.wait() == 0, self._feeder.said()
        self.faults["postgresql crashed"] += 1
        self.site.database.close()
        self.postgres.crash()
        time.sleep(self.chance.uniform(0, 2))
        self.postgres.start()

    def _open(self) -> int:
        return self._count("state NOT IN ('done', 'dead', 'cancelled')")

    def _done(self) -> int:
        return self._count("state = 'done'")

    def _count(self, condition: str) -> int:
        sql = f"SELECT count(*) AS n FROM jobs_job WHERE consumer = ? AND {condition}"
        (row,) = self.site.rows(sql, DRILL)
        return int(row["n"])


def main() -> int:
    print(f"chaos: bell {BELL}, {JOBS:,} jobs, {KILLS} kills, CHAOS_SEED={SEED}")
    began = time.monotonic()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        postgres, valkey = Postgres(home / "postgres"), Valkey(home / "valkey")
        for server in (postgres, valkey):
            stack.callback(server.stop)
            server.start()
        (home / "site").mkdir()
        site = Site(
            home / "site",
            PostgreSQL(postgres, "chaos"),
            settings="tests.chaos.settings",
            extra={
                "EXAMGEN_BELL": BELL,
                "EXAMGEN_HEAVY_PROCESSES": "4",
                "EXAMGEN_LOG_LEVEL": "WARNING",
                "REDIS_URL": valkey.url,
            },
        )
        stack.callback(site.close)
        migrated = site.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        chaos = Chaos(site, postgres, valkey, random.Random(SEED))
        try:
            chaos.run(began + SECONDS)
        except (psycopg.Error, AssertionError, TimeoutError) as error:
            print(f"broken off: {error}", file=sys.stderr)
        well = chaos.verdict()
        print(f"{time.monotonic() - began:.0f} s")
        return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
