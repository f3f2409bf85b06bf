"""How background work is delivered. The reasons stand in docs/architecture.md."""

from __future__ import annotations

from examgen.settings.environment import env

# Who wakes the workers; with "none" they poll the table of jobs. The modules are
# imported when they are first used, so a small site needs no Celery.
BELLS = {"none": "examgen.jobs.worker.POLLING", "celery": "examgen.celery.BELL"}
EXAMGEN_BELL: str = env.str("EXAMGEN_BELL")

# A worker that says nothing for a lease is taken for dead; its job goes to another.
JOB_LEASE_SECONDS: float = env.float("EXAMGEN_JOB_LEASE")
JOB_HEARTBEAT_SECONDS: float = env.float("EXAMGEN_JOB_HEARTBEAT", JOB_LEASE_SECONDS / 4)

# A job that runs for so long hangs, since long work is cut into chunks: its process ends,
# and another takes the job as one whose worker was lost.
JOB_LIMIT_SECONDS: float = env.float("EXAMGEN_JOB_LIMIT")

# Waits between tries: full jitter over 5 s x 2^n, at most 10 minutes.
JOB_BACKOFF_SECONDS: float = env.float("EXAMGEN_JOB_BACKOFF")
JOB_BACKOFF_CAP_SECONDS = 600.0
JOB_MAX_ERRORS = 6
JOB_MAX_LOST_LEASES = 10
# A store that is away is no error of the job: it waits for a quarter of its age, at most
# 10 minutes, and is counted as an error only once it is so old.
JOB_STORE_SECONDS: float = env.float("EXAMGEN_JOB_STORE_WAIT")

JOB_POLL_SECONDS: float = env.float("EXAMGEN_JOB_POLL")
JOB_SWEEP_SECONDS: float = env.float("EXAMGEN_JOB_SWEEP")
# A job due for this long was not heard: the sweeper rings again and runs it itself.
JOB_OVERDUE_SECONDS: float = env.float("EXAMGEN_JOB_OVERDUE")
# Whoever was rung goes on with other due jobs for this long, so that lost rings and
# fan-outs need no ring of their own.
JOB_SHIFT_SECONDS = 20.0
# A worker with room that claims nothing for this long while jobs are due is broken in a
# way that nobody foresaw: it exits, and whoever started it starts it again.
JOB_WATCHDOG_SECONDS: float = env.float("EXAMGEN_JOB_WATCHDOG")
# Workers say this often that they live, and are missed after three times that.
JOB_BEAT_SECONDS: float = env.float("EXAMGEN_JOB_BEAT")
