"""The environment, read once, and the site's secret key."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from examgen.settings.addresses import Shape, check_address

BASE_DIR = Path(__file__).resolve().parents[2]

_YES_AND_NO = {"1", "true", "yes", "on", "0", "false", "no", "off", ""}
_WEB = Shape(schemes=("http", "https"), example="https://exams.example.org", web=True)
# The policy for browsers and signatures are made of it, so nothing may follow.
_ORIGIN = Shape(
    schemes=("http", "https"),
    example="https://s3.example.org",
    web=True,
    path=("/?", "its host and port"),
)
_TLS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_REDIS = Shape(
    schemes=("redis", "rediss"),
    example="redis://:password@host:6379/0",
    path=(r"(/\d*)?", "the number of a database"),
)
_REDIS_WITH_TLS = replace(
    _REDIS,
    example="rediss://:password@host:6379/0?ssl_ca_certs=/path/to/ca.pem",
    options=_TLS_OPTIONS,
)
_MAIL = Shape(
    # Not smtps: django-environ takes it for STARTTLS, which it is not.
    schemes=("smtp+tls", "smtp+ssl", "smtp", "consolemail", "filemail", "dummymail"),
    example="smtp+tls://user:password@mail.example.org:587",
)


class Environment(environ.Env):  # type: ignore[misc]
    """Names the variable and the cure where django-environ would show a traceback."""

    def get_value(
        self,
        var: str,
        cast: Any = None,
        default: Any = environ.Env.NOTSET,
        **options: Any,
    ) -> Any:
        # Compose files hand on what they were not given as empty.
        if default is not self.NOTSET and self.ENVIRON.get(var) == "":
            return default
        try:
            return super().get_value(var, cast, default, **options)
        except ValueError:
            raise ImproperlyConfigured(f"{var} must be a number.") from None

    def bool(self, var: str, default: bool = False) -> bool:
        value = self.str(var, "1" if default else "0").strip().lower()
        if value not in _YES_AND_NO:
            # A word that is not understood must never silently mean no.
            raise ImproperlyConfigured(f"{var} must be 1 or 0.")
        return bool(super().bool(var, default))

    def choice(self, var: str, default: str, choices: Sequence[str]) -> str:
        value: str = self.str(var, default)
        if value not in choices:
            raise ImproperlyConfigured(f"{var} must be one of: {', '.join(choices)}.")
        return value

    def web_address(self, var: str, default: str = "") -> str:
        """Return an http or https address without a slash at its end."""
        return self._address(var, default, _WEB).rstrip("/")

    def origin(self, var: str) -> str:
        """Return scheme, host and port of a server, empty when there is none."""
        return self._address(var, "", _ORIGIN).rstrip("/")

    def redis_url(self, var: str) -> str:
        """Return the address of a Redis, empty when there is none."""
        secure = self.str(var, "").startswith("rediss:")
        value = self._address(var, "", _REDIS_WITH_TLS if secure else _REDIS)
        for path in dict(parse_qsl(urlsplit(value).query)).values():
            if not os.access(path, os.R_OK):
                raise ImproperlyConfigured(
                    f"{var} names a file behind its ? that cannot be read."
                )
        return value

    def email_url(self, var: str, default: str) -> dict[str, Any]:
        sent = self.str(var, default).startswith("smtp")
        value = self._address(var, default, replace(_MAIL, host=sent))
        return dict(self.email_url_config(value))

    def _address(self, var: str, default: str, shape: Shape) -> str:
        value: str = self.str(var, default)
        if value:
            check_address(var, value, shape)
        return value


env = Environment()

# A .env file is a convenience for one machine; real variables win over it.
Environment.read_env(BASE_DIR / ".env")

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
