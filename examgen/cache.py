"""Redis as a cache that may be away: pages stay quick, and nothing stale is believed.

The first call that Redis does not answer in a third of a second begins an outage. From
then on a stand-in answers, and Redis is left alone but for a thread that looks after it
every few seconds. Before it is trusted again, what changed in its absence is made good.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar

import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 0.3
_LEFT_ALONE_SECONDS = 5.0
_BATCH = 1_000


class JsonSerializer:
    """Values are JSON: whoever may write to Redis must not run code here."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, separators=(",", ":")).encode()

    def loads(self, data: Any) -> Any:
        return json.loads(data)


class _Client(RedisCacheClient):
    """Django's client, in a hurry, and with an eye for whose keys are whose."""

    def __init__(self, url: str, prefix: str) -> None:
        super().__init__(
            [url],
            serializer=JsonSerializer(),
            socket_timeout=_PATIENCE_SECONDS,
            socket_connect_timeout=_PATIENCE_SECONDS,
        )
        self._prefix = prefix

    def clear(self) -> bool:
        """Drop our own entries: the broker's queues may lie in the same database."""
        client = self.get_client(write=True)
        keys = client.scan_iter(match=f"{self._prefix}:*", count=_BATCH)
        for batch in _batches(keys):
            client.unlink(*batch)
        return True


class _Link:
    """What a process knows of one cache in Redis, shared by its threads.

    Stands where RedisCache expects a RedisCacheClient, and has its methods.
    """

    def __init__(self, *, name: str, url: str, prefix: str, left_alone: float) -> None:
        self.name = name
        self.redis = _Client(url, prefix)
        self.stand_in = self.new_stand_in()
        self._left_alone = left_alone
        self._lock = threading.Lock()
        self._away = False
        self._failures = 0

    def new_stand_in(self) -> BaseCache:
        raise NotImplementedError

    def take_note(self, method: str, arguments: tuple[Any, ...]) -> None:
        """Remember what the stand-in is asked to do."""

    def make_good(self) -> None:
        """Bring Redis up to date; raises when it is away again."""
        raise NotImplementedError

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda *arguments: self._ask(method, arguments)

    def _ask(self, method: str, arguments: tuple[Any, ...]) -> Any:
        while True:
            if not self._away:
                try:
                    return getattr(self.redis, method)(*arguments)
                except (RedisError, OSError) as error:
                    self._begin_outage(error)
            with self._lock:
                # If not, it came back in this very moment.
                if self._away:
                    self.take_note(method, arguments)
                    return getattr(self.stand_in, method)(*arguments)

    def _begin_outage(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            if self._away:
                return
            self._away = True
            self._failures = 1
            self.stand_in.clear()
        log.warning("cache_away", cache=self.name, error=type(error).__name__)
        threading.Thread(target=self._look_after, name="cache", daemon=True).start()

    def _look_after(self) -> None:
        while True:
            time.sleep(self._left_alone)
            try:
                # Nobody waits for this answer, as everybody does for the others.
                self.redis.get_client().ping()
                with self._lock:
                    self.make_good()
                    self._away = False
            except (RedisError, OSError):
                self._failures += 1
            else:
                log.info("cache_back", cache=self.name, failures=self._failures)
                return


# Limits


class _Memory(LocMemCache):
    """Entries of this process, by keys that are made already."""

    most = 10_000

    def __init__(self, name: str) -> None:
        super().__init__(name, {"MAX_ENTRIES": self.most})
        self.key_func = lambda key, _prefix, _version: key

    def seconds_left(self, key: str) -> int | None:
        expires: float | None = self._expire_info.get(key, 0.0)  # type: ignore[attr-defined]
        return None if expires is None else max(1, round(expires - time.time()))


class _LimitsLink(_Link):
    """While Redis is away each process counts for itself, and tells it afterwards."""

    stand_in: _Memory
    _changes = frozenset(
        {"add", "set", "touch", "delete", "incr", "set_many", "delete_many"}
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._changed: set[str] = set()
        self._doubtful = False

    def new_stand_in(self) -> _Memory:
        return _Memory(f"while-away-{id(self)}")

    def take_note(self, method: str, arguments: tuple[Any, ...]) -> None:
        if method in self._changes:
            keys = arguments[0]
            self._changed.update([keys] if isinstance(keys, str) else keys)
        if method == "clear" or len(self._changed) > _Memory.most:
            # Too much to remember: then nothing that Redis holds is believed.
            self._changed.clear()
            self._doubtful = True

    def make_good(self) -> None:
        if self._doubtful:
            self.redis.clear()
            self._doubtful = False
        for batch in _batches(list(self._changed)):
            self.redis.delete_many(batch)
            for key, value in self.stand_in.get_many(batch).items():
                self.redis.set(key, value, self.stand_in.seconds_left(key))
            self._changed.difference_update(batch)


class _PagesLink(_Link):
    """While Redis is away pages are made anew. What it holds is as true as ever.

    A page is kept under a hash of what it is made of, see `examgen.fresh`.
    """

    def new_stand_in(self) -> DummyCache:
        return DummyCache("", {})

    def make_good(self) -> None:
        """Nothing that was kept can have become wrong."""


# The backends


class _ForgivingCache(RedisCache):
    name: ClassVar[str]
    link: ClassVar[type[_Link]]

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._url = server
        options = params.get("OPTIONS", {})
        self._left_alone: float = options.get("left_alone", _LEFT_ALONE_SECONDS)

    @property
    def _cache(self) -> _Link:  # type: ignore[override]
        key = (self.link, self._url, self.key_prefix)
        found = _LINKS.get(key)
        if found is None:
            found = self.link(
                name=self.name,
                url=self._url,
                prefix=self.key_prefix,
                left_alone=self._left_alone,
            )
        return _LINKS.setdefault(key, found)


class LimitsCache(_ForgivingCache):
    """For what must be counted even when Redis is away: limits fail closed."""

    name = "limits"
    link = _LimitsLink


class PagesCache(_ForgivingCache):
    """For pages that are made once."""

    name = "pages"
    link = _PagesLink


_LINKS: dict[tuple[type[_Link], str, str], _Link] = {}
# A forked child inherits neither the thread that looks after Redis nor its locks.
os.register_at_fork(after_in_child=_LINKS.clear)


def _batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(keys)
    while batch := list(islice(source, _BATCH)):
        yield batch
