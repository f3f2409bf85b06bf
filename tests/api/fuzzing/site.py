"""The site that is asked: it counts, and takes back what was done to it."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections, transaction
from django.urls import Resolver404, resolve

from api.views.schema import document

NOWHERE = "(no operation)"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Thousands of lines would say what the counts say."""


@dataclass
class Site:
    """A WSGI application; `answered` counts answers by operation and status.

    With `restored` each request finds the world as the first one did: what it changes is
    checked against what the database demands at a commit, and taken back.
    """

    restored: bool
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._site = get_wsgi_application()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        said: list[Any] = []
        with self._world():
            answer = self._site(environ, lambda *what: said.extend(what))
            content = b"".join(answer)
            answer.close()
        self.answered[operation(environ), int(said[0].split()[0])] += 1
        start_response(*said)
        return [content]

    @contextmanager
    def _world(self) -> Iterator[None]:
        if not self.restored:
            yield
            return
        whole = transaction.atomic()
        # As Django marks its own: this one is the test's, no service opened it.
        whole._from_testcase = True
        with whole:
            yield
            connection.check_constraints()
            transaction.set_rollback(True)
        cache.clear()

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address under which one thread answers one request after the other."""
        server = WSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(self)
        thread = threading.Thread(target=self._serve, args=[server])
        with connections_stay():
            # What is logged is looked at elsewhere; here it would be a third of the work.
            logging.disable()
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                logging.disable(logging.NOTSET)
                server.shutdown()
                thread.join()
                server.server_close()

    @staticmethod
    def _serve(server: WSGIServer) -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    @property
    def requests(self) -> int:
        return self.answered.total()

    def never_done(self) -> set[str]:
        """Operations that never ended well."""
        done = {
            name
            for name, status in self.answered
            if status < HTTPStatus.MULTIPLE_CHOICES
        }
        return names() - done


@contextmanager
def connections_stay() -> Iterator[None]:
    """Let requests neither begin nor end with a new connection, as Django's tests do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def names() -> set[str]:
    return {
        told["operationId"]
        for methods in document()["paths"].values()
        for told in methods.values()
    }


def _template(route: str) -> str:
    """The path of a route as the schema writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def operation(environ: dict[str, Any]) -> str:
    """Which operation of the schema a request asks for."""
    try:
        route = resolve(environ["PATH_INFO"]).route
    except Resolver404:
        return NOWHERE
    methods = document()["paths"].get(_template(route), {})
    told = methods.get(environ["REQUEST_METHOD"].lower(), {})
    return str(told.get("operationId", NOWHERE))
