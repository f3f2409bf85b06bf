#!/opt/wheels/bin/python
"""A mail catcher with the two addresses of Mailpit that are used here.

SMTP on 1025; http://...:8025/ for people, /api/v1/messages for tests; `mailpit readyz`
asks whether it answers.
"""

from __future__ import annotations

import html
import http.client
import http.server
import json
import signal
import sys
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

MAILS: list[dict[str, Any]] = []


class Catcher(Message):
    def prepare_message(self, _session: Any, envelope: Any) -> Any:
        return message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message: Any) -> None:
        body = message.get_body(preferencelist=("plain",))
        MAILS.append(
            {
                "To": [{"Address": str(message["To"])}],
                "Subject": str(message["Subject"]),
                "Snippet": " ".join(body.get_content().split())[:250],
            }
        )


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/api/v1/messages"):
            said, kind = json.dumps({"messages": MAILS}), "application/json"
        else:
            rows = "".join(f"<li>{html.escape(mail['Subject'])}" for mail in MAILS)
            said, kind = f"<title>Mailpit</title><ul>{rows}</ul>", "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def serve() -> None:
    smtp = Controller(Catcher(), hostname="0.0.0.0", port=1025)
    smtp.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    http.server.ThreadingHTTPServer(("0.0.0.0", 8025), Pages).serve_forever()


def ready() -> int:
    connection = http.client.HTTPConnection("127.0.0.1", 8025, timeout=3)
    connection.request("GET", "/readyz")
    return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["readyz"]:
        sys.exit(ready())
    serve()
