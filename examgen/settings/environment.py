"""The environment, read once, and the site's secret key."""

from __future__ import annotations

import os
import secrets
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
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL: of two processes starting at once, one writes and both read the same.
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
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


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
