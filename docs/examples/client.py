"""A small client of the REST API, by the standard library alone. Take it, change it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class ProblemError(Exception):
    """The site refused; go by `code`, and show `title`."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(f"{told['status']} {told['code']}: {told['title']}")
        self.code: str = told["code"]
        self.told = told


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `etag` is what `if_match` wants."""

    body: Any
    etag: str


@dataclass(frozen=True, slots=True)
class Site:
    """One site, seen by the person of one token."""

    address: str
    token: str

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        content = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, content, "application/json", named)

    def upload(self, path: str, name: str, pdf: bytes, key: str) -> Answer:
        """Send a PDF; with the same key again it is done once."""
        edge = uuid.uuid4().hex
        head = (
            f"--{edge}\r\nContent-Type: application/pdf\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        )
        body = head.encode() + pdf + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        return self.ask("POST", path, body, kind, {"Idempotency-Key": key})

    def ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        request = Request(  # noqa: S310 - the address is the caller's own site
            f"{self.address}/api/v1/{path}",
            data=content,
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": kind,
                **(headers or {}),
            },
        )
        try:
            with urlopen(request, timeout=30) as response:  # noqa: S310 - the same
                told = response.read()
                etag = response.headers.get("ETag", "")
        except HTTPError as error:
            with error:
                raise ProblemError(json.load(error)) from error
        return Answer(json.loads(told) if told else None, etag)
