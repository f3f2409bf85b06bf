"""The composed site: up, looked into, down."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.containers import images
from tests.containers.engine import Engine
from tests.containers.steps import StepError, complain, run, step

PROJECT = "examgen-container-test"
ONE_SHOTS = ("demo", "migrate")
ROLES = ("web", "worker-fast", "worker-heavy")
SERVICES = ("broker", "cache", "database", "mail", "store")

_TOLD = "EXAMGEN_CONTAINER_STACK"


@dataclass(frozen=True, slots=True)
class Stack:
    """The compose file as it stands, on free ports and with images of this test."""

    engine: Engine
    port: int
    mail_port: int

    def told(self) -> dict[str, str]:
        """The environment in which `the_running_one` finds this stack."""
        facts = [self.engine.client, self.engine.private, self.port, self.mail_port]
        return self.engine.environment | {_TOLD: json.dumps(facts)}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mailbox(self) -> str:
        return f"http://127.0.0.1:{self.mail_port}"

    def compose(
        self, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        files = [images.ROOT / "docker-compose.yml"]
        if self.engine.private:
            files.append(Path(__file__).with_name("standins.yml"))
        return run(
            [
                Path(sys.executable).with_name("docker-compose"),
                *("--project-name", PROJECT),
                # A developer's own .env is not what is tested.
                *("--env-file", "/dev/null"),
                *(part for file in files for part in ("--file", file)),
                *arguments,
            ],
            environment={
                **self.engine.environment,
                "EXAMGEN_TAG": images.PRODUCT.partition(":")[2],
                "PORT": str(self.port),
                "MAIL_PORT": str(self.mail_port),
            },
            check=check,
        )

    def manage(
        self, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a management command in the running web container."""
        return self.compose(
            *("exec", "--no-TTY", "web", "examgen", "manage", *arguments), check=check
        )

    def container(self, service: str) -> str:
        return self.compose("ps", "--all", "--quiet", service).stdout.strip()

    def facts(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        said = self.engine.docker("inspect", self.container(service)).stdout
        facts: dict[str, Any] = json.loads(said)[0]
        return facts


def the_running_one() -> Stack:
    """The stack that `__main__` has started, in the process that runs the story."""
    client, private, port, mail_port = json.loads(os.environ[_TOLD])
    return Stack(Engine(client, dict(os.environ), private), port, mail_port)


@contextmanager
def stack(engine: Engine) -> Iterator[Stack]:
    """Bring everything up as `docker compose up` does, and down without a trace."""
    own = Stack(engine, _free_port(), _free_port())
    try:
        with step("Bringing the composed site up"):
            # The image was built on its own, so that its build is seen and timed.
            own.compose("up", "--detach", "--no-build", "--wait", "--wait-timeout=240")
        yield own
    except StepError:
        complain("The composed site says:")
        print(own.compose("ps", "--all", check=False).stdout, file=sys.stderr)
        print(own.compose("logs", "--tail=60", check=False).stdout, file=sys.stderr)
        raise
    finally:
        with step("Taking the composed site down"):
            own.compose("down", "--volumes", "--timeout=20", check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
