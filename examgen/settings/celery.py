"""The bell `celery`: Celery over Redis. Every value has its reason beside it.

Celery only wakes workers; jobs, their tries and their ends are rows of the database.
"Measured" stands for trials with killed workers and stopped brokers, told in
docs/decisions/0005-celery-is-the-bell.md.
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import parse_qsl

from examgen.settings.environment import env
from examgen.settings.jobs import JOB_LIMIT_SECONDS, JOB_SHIFT_SECONDS

REDIS_URL = env.redis_url("REDIS_URL")
# kombu takes what follows the ? for other things than redis-py does.
CELERY_BROKER_URL, _, _TLS_OPTIONS = REDIS_URL.partition("?")
# Without this kombu would take the certificate of anybody, and say so in one warning.
CELERY_BROKER_USE_SSL: dict[str, Any] | None = (
    {"ssl_cert_reqs": ssl.CERT_REQUIRED, **dict(parse_qsl(_TLS_OPTIONS))}
    if REDIS_URL.startswith("rediss:")
    else None
)

# Worker processes of each queue: what is quick, and what reads and drafts.
EXAMGEN_PROCESSES = {
    "fast": env.int("EXAMGEN_FAST_PROCESSES"),
    "heavy": env.int("EXAMGEN_HEAVY_PROCESSES"),
}

# A ring is acknowledged once its job has ended. Measured: acknowledged early, 8 of 8
# tasks were lost with their worker; acknowledged late without the second line, 1 of 8
# was lost with a killed child.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True

# Seconds. The limit of a job holds with and without Celery (examgen.jobs.heartbeat).
# Celery's own are for a ring, whose last job may begin when its shift is over. The soft
# one raises in the job, so that it is counted as an error that names a place; the hard
# one ends a child in which not even the heartbeat beats, and the lease brings the job
# to another.
CELERY_TASK_TIME_LIMIT = int(JOB_SHIFT_SECONDS + JOB_LIMIT_SECONDS)
CELERY_TASK_SOFT_TIME_LIMIT = int(JOB_SHIFT_SECONDS + JOB_LIMIT_SECONDS * 7 / 8)

CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Apart from the cache, where both share one server.
    "global_keyprefix": "examgen:bell:",
    # Seconds until an unacknowledged ring is given out again: over three times the
    # hard limit. Measured: shorter than a task, and the task runs in copies.
    "visibility_timeout": max(900, 3 * CELERY_TASK_TIME_LIMIT),
    # Measured: the default looks for such rings every 100 s or so.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Without a timeout a broker that hangs blocks its clients for ever.
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "health_check_interval": 10,
    "socket_keepalive": True,
}

# One at a time: what a worker holds in reserve is stranded when it is killed.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

# One more try and no longer: the sweeper finds what was not rung.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}

# Workers wait for their broker for ever, meanwhile doing jobs by their sweeper. The
# default gives up after 100 tries.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A job goes on when the broker goes away: the fence makes a second copy harmless,
# while a cancelled one would wait for its lease to run out.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False

# Rows tell how a job ended; nobody reads results.
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
# Nothing but JSON is ever read: a pickle could run anything.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"

# What leaks is given back: a child ends after so many rings, or so many KiB.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 800_000

# A stop is warm: children give their jobs back at the next sign of progress. The soft
# shutdown would sleep its whole time even when they have ended.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 0

CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
