"""Somebody at the composed site, over HTTP as a browser without scripts does it."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    url: str
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Visitor:
    """Keeps cookies and fills in the token of the page it is on."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        keep = urllib.request.HTTPCookieProcessor(self.cookies)
        self._follow = urllib.request.build_opener(keep)
        self._stay = urllib.request.build_opener(keep, _Stay)

    def get(self, path: str, *, follow: bool = True) -> Answer:
        return self._ask(urllib.request.Request(self._full(path)), follow=follow)

    def post(self, page: str, action: str = "", **fields: str | list[str]) -> Answer:
        """Open a page, fill in its form and send it; a list fills several fields."""
        filled = {**self._token(page), **fields}
        sent = urllib.parse.urlencode(filled, doseq=True).encode()
        return self._ask(self._sending(action or page, page, sent))

    def upload(
        self, page: str, name: str, files: dict[str, bytes], **fields: str
    ) -> Answer:
        """The same with files, as a form with files is sent."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
            f"{value}\r\n".encode()
            for key, value in {**self._token(page), **fields}.items()
        ]
        parts += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{file}"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
            + content
            + b"\r\n"
            for file, content in files.items()
        ]
        sent = b"".join([*parts, f"--{boundary}--\r\n".encode()])
        kind = f"multipart/form-data; boundary={boundary}"
        return self._ask(self._sending(page, page, sent, kind))

    def _token(self, page: str) -> dict[str, str]:
        found = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page).text
        )
        assert found, f"{page} has no form"
        return {"csrfmiddlewaretoken": found.group(1)}

    def _sending(
        self, action: str, page: str, sent: bytes, kind: str | None = None
    ) -> urllib.request.Request:
        request = urllib.request.Request(self._full(action), data=sent)
        request.add_header("Referer", self._full(page))
        if kind:
            request.add_header("Content-Type", kind)
        return request

    def _full(self, path: str) -> str:
        return urllib.parse.urljoin(self.site, path)

    def _ask(self, request: urllib.request.Request, *, follow: bool = True) -> Answer:
        opener = self._follow if follow else self._stay
        try:
            with opener.open(request, timeout=_SECONDS) as response:
                return Answer(
                    response.status, response.url, response.headers, response.read()
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url, error.headers, error.read())
