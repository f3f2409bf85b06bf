"""Mailgun's API as far as sending goes: it keeps what it is sent, or answers an error."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Call:
    """One request: where to, signed in how, with which fields."""

    path: str
    user: str
    fields: dict[str, str]


@dataclass
class Mailgun:
    """Listens from `start()` to `stop()`; `answers` come first, then it takes all."""

    calls: list[Call] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._server is not None, "not started"
        return f"http://127.0.0.1:{self._server.server_address[1]}/v3"

    def start(self) -> None:
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                this.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        kind = request.headers["Content-Type"]
        user = base64.b64decode(request.headers["Authorization"].split()[1]).decode()
        self.calls.append(Call(request.path, user, _fields(kind, body)))
        status, said = (
            self.answers.pop(0)
            if self.answers
            else (200, {"id": "<theirs@mailgun>", "message": "Queued. Thank you."})
        )
        content = json.dumps(said).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


def _fields(kind: str, body: bytes) -> dict[str, str]:
    if kind.startswith("multipart/"):
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        parts = message_from_bytes(head + body, policy=policy.default).iter_parts()
        return {
            str(part.get_param("name", header="content-disposition")): str(
                part.get_payload(decode=True).decode()
            )
            for part in parts
        }
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}
