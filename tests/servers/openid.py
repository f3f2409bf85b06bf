"""A house that vouches for people: the smallest OpenID Connect provider.

It keeps nothing. The code that a browser brings back holds what the provider says of
the person, and is the access token as well.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


def code_of(sub: str, **claims: Any) -> str:
    """The code with which somebody comes back who is `sub` there."""
    told = json.dumps({"sub": sub, **claims}).encode()
    return base64.urlsafe_b64encode(told).decode()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = f"http://{self.headers['Host']}"
        if self.path.endswith("/.well-known/openid-configuration"):
            self._answer(
                {
                    "issuer": host,
                    "authorization_endpoint": f"{host}/authorize",
                    "token_endpoint": f"{host}/token",
                    "userinfo_endpoint": f"{host}/userinfo",
                    "jwks_uri": f"{host}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        else:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            self._answer(json.loads(base64.urlsafe_b64decode(token)))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = parse_qs(self.rfile.read(length).decode())
        assert asked["code_verifier"]
        self._answer({"access_token": asked["code"][0], "token_type": "bearer"})

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the tests do."""

    def _answer(self, body: dict[str, Any]) -> None:
        packed = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)


@contextmanager
def running() -> Iterator[str]:
    """Yield the provider's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
