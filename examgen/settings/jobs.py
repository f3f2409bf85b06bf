"""How background work is delivered. The reasons stand in docs/architecture.md."""

from __future__ import annotations

from examgen.settings.environment import env

# Who rings the workers: "none" means that they poll the table of jobs.
EXAMGEN_BELL: str = env.str("EXAMGEN_BELL", "none")

# A worker that says nothing for a lease is taken for dead; its job goes to another.
JOB_LEASE_SECONDS: float = env.float("EXAMGEN_JOB_LEASE", 60.0)
JOB_HEARTBEAT_SECONDS: float = env.float("EXAMGEN_JOB_HEARTBEAT", JOB_LEASE_SECONDS / 4)

# Waits between tries: full jitter over 5 s x 2^n, at most 10 minutes.
JOB_BACKOFF_SECONDS: float = env.float("EXAMGEN_JOB_BACKOFF", 5.0)
JOB_BACKOFF_CAP_SECONDS = 600.0
JOB_MAX_ERRORS = 6
JOB_MAX_LOST_LEASES = 10

JOB_POLL_SECONDS: float = env.float("EXAMGEN_JOB_POLL", 0.5)
JOB_SWEEP_SECONDS: float = env.float("EXAMGEN_JOB_SWEEP", 2.0)
