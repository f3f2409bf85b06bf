"""How gunicorn serves us. `examgen.serving` starts it with this file as its settings.

It was chosen by measurement: docs/decisions/0009-gunicorn-with-threads.md.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from logging.config import dictConfig
from typing import Any

from gunicorn import glogging
from gunicorn.workers.gthread import ThreadWorker

from examgen import logs

_SILENCE_SECONDS = int(os.environ.get("EXAMGEN_WEB_SILENCE", "30"))


class Worker(ThreadWorker):  # type: ignore[misc]
    """Refuses what comes after a stop, which would else wait for nobody."""

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            # As long as one process has it open, the kernel goes on taking clients.
            for listener in self.sockets:
                listener.close()


class Log(glogging.Logger):  # type: ignore[misc]
    """Writes as the rest of the site does, under the same rules."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        dictConfig(
            logs.configure(
                form=os.environ.get("EXAMGEN_LOG_FORMAT", "json"),
                level=os.environ.get("EXAMGEN_LOG_LEVEL", "INFO"),
                verbatim=False,
            )
        )

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        # A client that fell silent is no mistake of ours.
        if not isinstance(sys.exc_info()[1], BlockingIOError):
            super().exception(msg, *args, **kwargs)


def when_ready(server: Any) -> None:
    """Let no thread wait for ever for somebody who closed their laptop.

    Every connection inherits the patience of the socket that took it.
    """
    patience = struct.pack("ll", _SILENCE_SECONDS, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, patience)


wsgi_app = "examgen.wsgi:application"
worker_class = "examgen.webserver.Worker"
logger_class = "examgen.webserver.Log"

graceful_timeout = int(os.environ.get("EXAMGEN_WEB_GRACE", "25"))
# A process whose main thread does nothing for so long is replaced.
timeout = 60
# Longer than proxies keep theirs, so that none writes to a connection just closed.
keepalive = 75

# Sign-in elsewhere comes back with long codes in the address.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190

# Signs of life go to memory: a busy disk would hold them up, and the root file system
# of a container may be read-only.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# It is steered by signals alone.
control_socket_disable = True
