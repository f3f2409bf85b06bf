"""A web server of its own for a test, and somebody who browses there."""

from __future__ import annotations

import re
import socket
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from typing import Protocol
from urllib.parse import urlencode

from tests.examgen.waiting import wait_for
from tests.processes.site import Process, Site
from tests.servers.process import free_port


@dataclass(frozen=True, slots=True)
class Web:
    process: Process
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def answers(self) -> bool:
        """Whether it does, told by its page of health."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False


def serve(site: Site, *arguments: str) -> Web:
    """Start `manage.py web` and return once it answers."""
    port = free_port()
    process = site.start("web", f"--bind=127.0.0.1:{port}", *arguments)
    web = Web(process, port)

    def is_up() -> bool:
        assert process.popen.poll() is None, process.said()
        return web.answers()

    wait_for(is_up, "an answer", every=0.05)
    return web


class Served(Protocol):
    """Whatever has a web server at a port of this machine."""

    @property
    def port(self) -> int: ...


@dataclass
class Browser:
    """Keeps cookies, and fills in the token of forms."""

    web: Served
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        with closing(HTTPConnection("127.0.0.1", self.web.port, timeout=30)) as line:
            line.request(method, path, body or None, given)
            answer = line.getresponse()
            content = answer.read()
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return answer, content

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: str) -> HTTPResponse:
        fields["csrfmiddlewaretoken"] = self.token(path)
        kind = "application/x-www-form-urlencoded"
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, Content_Type=kind)[0]

    def upload(
        self, path: str, name: str, content: bytes, **fields: str
    ) -> HTTPResponse:
        kind, body = self.form(path, name, content, **fields)
        return self.ask("POST", path, body, Content_Type=kind)[0]

    def form(
        self, path: str, name: str, content: bytes, **fields: str
    ) -> tuple[str, bytes]:
        """The content type and the bytes of an upload."""
        fields["csrfmiddlewaretoken"] = self.token(path)
        line = uuid.uuid4().hex
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in fields.items()
        ]
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="lectures"; '
            f'filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        body = (
            "".join([*parts, head]).encode() + content + f"\r\n--{line}--\r\n".encode()
        )
        return f"multipart/form-data; boundary={line}", body

    def token(self, path: str) -> str:
        """What a form on this page sends along to show that it is ours."""
        page = self.get(path)[1].decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, page
        return found[1]
