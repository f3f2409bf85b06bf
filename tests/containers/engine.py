"""A container engine: the one that runs here, or a private one for a while.

The private one has its own folder, socket and images, so what it does cannot touch
another engine's containers, and it ends with the test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.containers.steps import StepError, run, step

# An engine, and what makes a base image where none can be pulled.
PACKAGES = {"dockerd": "docker.io", "mmdebstrap": "mmdebstrap"}
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0


class NoEngineError(Exception):
    """No engine can be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A client that reaches its engine; `private` ones have no images to pull."""

    client: str
    # Out of sight of failure reports: it is the whole environment.
    environment: dict[str, str] = field(repr=False)
    private: bool

    def docker(
        self, *arguments: str | Path, seconds: float = 600, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return run(
            [self.client, *arguments],
            environment=self.environment,
            seconds=seconds,
            check=check,
        )


@contextmanager
def engine() -> Iterator[Engine]:
    """Yield an engine that answers; a private one is stopped in the end."""
    found = _running()
    if found is not None:
        print("Using the container engine that runs on this machine.", flush=True)
        yield found
        return
    _install()
    with (
        tempfile.TemporaryDirectory(
            prefix="examgen-engine-", ignore_cleanup_errors=True
        ) as folder,
        _private(Path(folder)) as own,
    ):
        yield own


def _running() -> Engine | None:
    client = shutil.which("docker")
    if client is None:
        return None
    own = Engine(client, dict(os.environ), private=False)
    return own if own.docker("info", seconds=30, check=False).returncode == 0 else None


def _install() -> None:
    """Fetch what is missing, where that is possible."""
    missing = [package for name, package in PACKAGES.items() if not shutil.which(name)]
    if os.geteuid() != 0:
        raise NoEngineError("no container engine answers, and only root may start one")
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise NoEngineError(f"no container engine answers; install {missing}")
    with step(f"Installing {' '.join(missing)}"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-qq", "--no-install-recommends", *missing]
        try:
            run(["apt-get", "update", "-qq"], environment=environment)
            run(install, environment=environment)
        except StepError as error:
            raise NoEngineError(str(error)) from error


@contextmanager
def _private(home: Path) -> Iterator[Engine]:
    address = f"unix://{home}/docker.sock"
    log = home / "dockerd.log"
    with step("Starting a private container engine"), log.open("wb") as output:
        daemon = subprocess.Popen(
            [
                "dockerd",
                *("--host", address),
                *("--data-root", str(home / "data")),
                *("--exec-root", str(home / "run")),
                *("--pidfile", str(home / "dockerd.pid")),
                # Only the networks that the compose file names; builds use the host's.
                *("--bridge", "none"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A Ctrl-C is ours, and we take the containers down first.
            start_new_session=True,
        )
        environment = os.environ | {"DOCKER_HOST": address, "DOCKER_BUILDKIT": "1"}
        own = Engine(_matching_client(), environment, private=True)
        try:
            _await_answer(own, daemon, log)
        except BaseException:
            _end(daemon)
            raise
    try:
        yield own
    finally:
        with step("Stopping the private container engine"):
            _end(daemon)
            _unmount(home)


def _matching_client() -> str:
    """The client that came with the engine: another may lack its way of building."""
    version = run(["dockerd", "--version"]).stdout.split()[2].rstrip(",")
    for folder in os.get_exec_path():
        client = Path(folder) / "docker"
        if client.is_file() and f" {version}" in run([client, "--version"]).stdout:
            return str(client)
    raise NoEngineError(f"dockerd is here and its client, docker {version}, is not")


def _await_answer(own: Engine, daemon: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and daemon.poll() is None:
        if own.docker("info", seconds=30, check=False).returncode == 0:
            return
        time.sleep(0.2)
    raise NoEngineError(f"dockerd does not run here:\n{log.read_text()[-3000:]}")


def _end(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    try:
        daemon.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _unmount(home: Path) -> None:
    """What an engine leaves mounted would keep its folder from being removed."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    for place in reversed([mount.split()[1] for mount in mounts]):
        if place.startswith(f"{home}/"):
            run(["umount", "--lazy", place], check=False)
