"""The environment, read once, and the site's secret key."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()

# A .env file is a convenience for one machine; real variables win over it.
environ.Env.read_env(BASE_DIR / ".env")

DEMO = env.bool("EXAMGEN_DEMO", False)
DEBUG = env.bool("EXAMGEN_DEBUG", False)
DATA_DIR = Path(env.str("EXAMGEN_DATA", str(BASE_DIR / "var")))
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def secret_key() -> str:
    """Return `EXAMGEN_SECRET_KEY`, else the key this account generated once.

    The generated key lives in the account's state folder, outside the repository, so
    that no checkout, archive or image can carry it along.
    """
    given: str = env.str("EXAMGEN_SECRET_KEY", "")
    if given:
        return given
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    path = Path(env.str("EXAMGEN_SECRET_KEY_FILE", str(Path(state) / "examgen/secret")))
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _publish(path, secrets.token_urlsafe(64))
    except OSError as error:
        message = (
            f"No secret key: set EXAMGEN_SECRET_KEY to 50 or more random characters, "
            f"or make {path} writable so that one can be generated ({error})."
        )
        raise ImproperlyConfigured(message) from error
    key = path.read_text(encoding="ascii").strip()
    if not key:
        message = f"{path} is empty: delete it, and a new secret key is generated."
        raise ImproperlyConfigured(message)
    return key


def _publish(path: Path, key: str) -> None:
    """Put a finished file in its place, unless another process was first.

    Of several that start at once one key wins and all read the same: a link appears
    whole or not at all, where a file being written could be read while still empty.
    """
    # A temporary file is readable by this account alone, and so is its link.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(key)
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
