"""The bell `celery`: a named Celery task per consumer, over Redis.

`manage.py work --queue NAME` runs one worker. Celery's own command is not for it: the
options of a worker stand below, and Django must be set up before this is imported.
"""

from __future__ import annotations

import os
import threading
import uuid
from typing import Any

import redis
from celery import Celery, bootsteps, signals
from celery.apps.worker import Worker as CeleryWorker
from celery.worker import state
from django.conf import settings
from django.db import connections
from kombu import Queue

from examgen import processes
from examgen.jobs import beats, bell, rounds, ticks, wiring
from examgen.jobs.stopping import StopFlag
from examgen.jobs.sweeper import Sweeper
from examgen.jobs.watchdog import Watchdog
from examgen.jobs.worker import answer

# Without Celery's own support for Django, which closes the connection to the database
# around every task: `answer` looks after it, and keeps it.
app = Celery("examgen", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in wiring.QUEUES]

# Set by the worker's parent and seen by its children, who are forked after this line.
_stopping = StopFlag()


def _register(consumer: str, queue: str) -> None:
    @app.task(name=consumer)
    def task(job_id: str) -> None:
        answer(bell.Ring(uuid.UUID(job_id), consumer, queue), _stopping)


# A consumer of several events is one task.
for _consumer, _queue in {on.name: on.queue for on in wiring.wiring()}.items():
    _register(_consumer, _queue)


class Beside(bootsteps.StartStopStep):
    """What stands beside the jobs, in the parent, whether or not the broker is there.

    It starts once the children are forked and before the broker is looked for.
    """

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **_: Any) -> None:
        self.threads: list[threading.Thread] = []
        super().__init__(parent)

    def start(self, parent: Any) -> None:
        def room() -> bool:
            busy = len(state.active_requests)
            return bool(busy < parent.concurrency)

        self.threads.append(rounds.start("ticks", ticks.keep, _stopping))
        for queue in app.amqp.queues.consume_from:
            sweeper = Sweeper(queue, _stopping, room)
            self.threads += [
                rounds.start("beats", beats.keep, queue, _stopping),
                rounds.start("sweeper", sweeper.run),
                rounds.start("watchdog", _watchdog(sweeper).run),
            ]

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        _stopping.set()
        rounds.join(self.threads)


def _watchdog(sweeper: Sweeper) -> Watchdog:
    """Celery knows nothing of the job that its sweeper does: no worker is idle then."""
    return Watchdog(
        sweeper.queue,
        sweeper.stopping,
        room=lambda: sweeper.room() and not sweeper.busy,
    )


app.steps["worker"].add(Beside)


@signals.worker_shutting_down.connect
def _tell_children(**_: Any) -> None:
    """Let jobs end at their next sign of progress; their children hear no signal."""
    _stopping.set()


@signals.worker_process_init.connect
def _begin_child(**_: Any) -> None:
    """Take nothing over from the parent but its fate."""
    connections.close_all()
    processes.die_with(os.getppid())


@signals.setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Leave logging as the settings have it."""


def _send(ring: bell.Ring) -> None:
    app.tasks[ring.consumer].apply_async((str(ring.job),), queue=ring.queue)


def _ask() -> None:
    seconds = 1
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds
    ) as broker:
        broker.ping()


def _work(queue: str) -> None:
    # What is inherited open would be shared with the children.
    connections.close_all()
    worker = CeleryWorker(
        app=app,
        hostname=beats.worker_name(queue),
        queues=[queue],
        concurrency=settings.EXAMGEN_PROCESSES[queue],
        pool="prefork",
        quiet=True,
        loglevel=settings.LOGGING["root"]["level"],
        # Workers need not know each other, and both chat and raise on reconnection.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()


BELL = bell.Bell(send=_send, ask=_ask, work=_work)
