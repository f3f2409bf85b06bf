"""Whether the container's role lives: exit 0, or 1 and a sentence.

It asks for a sign of life, not for readiness: a site whose database is away must not
be restarted for that. `/readyz` tells what a site lacks.
"""

from __future__ import annotations

import http.client
import os
import sys
from pathlib import Path

# Written by deploy/entrypoint.sh: the role and the number of its process.
ROLE = Path("/tmp/examgen-role")  # noqa: S108 - the container's own
ADDRESS = ("127.0.0.1", 8000)
SECONDS = 4


def main() -> str | None:
    """Return what is wrong, or nothing."""
    try:
        role, number = ROLE.read_text().split()
    except OSError:
        return "No role has been started in this container."
    return _web() if role == "web" else _process(role, number)


def _web() -> str | None:
    connection = http.client.HTTPConnection(*ADDRESS, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers=_as_the_proxy_would())
        status = connection.getresponse().status
    except OSError as error:
        return f"The web server does not answer: {error}."
    finally:
        connection.close()
    return None if status == http.HTTPStatus.OK else f"/healthz answers {status}."


def _as_the_proxy_would() -> dict[str, str]:
    """A host that is answered, over the kind of connection that is expected."""
    hosts = os.environ.get("EXAMGEN_HOSTS", "").split(",")
    host = hosts[0].strip().lstrip(".").replace("*", "") or ADDRESS[0]
    secure = os.environ.get("EXAMGEN_URL", "").startswith("https://")
    return {"Host": host, "X-Forwarded-Proto": "https" if secure else "http"}


def _process(role: str, number: str) -> str | None:
    """A process that has ended, or that somebody stopped, does no work."""
    try:
        # The name stands in brackets and may hold anything; the state comes after it.
        facts = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return f"{role} has ended."
    return f"{role} is stopped." if facts[0] in "TtXZ" else None


if __name__ == "__main__":
    sys.exit(main())
