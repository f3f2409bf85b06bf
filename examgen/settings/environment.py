"""The environment, read once, and the site's secret key."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ

from examgen.settings.addresses import Shape, check_address
from examgen.settings.declared import DECLARED, Variable
from examgen.settings.wrong import WrongValueError

BASE_DIR = Path(__file__).resolve().parents[2]

_YES_AND_NO = {"1", "true", "yes", "on", "0", "false", "no", "off", ""}
WEB = Shape(
    schemes=("http", "https"),
    example="https://exams.example.org",
    web=True,
    number="E104",
)
# The policy for browsers and signatures are made of it, so nothing may follow.
_ORIGIN = Shape(
    schemes=("http", "https"),
    example="https://s3.example.org",
    web=True,
    path=("/?", "its host and port"),
    number="E104",
)
_TLS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_REDIS = Shape(
    schemes=("redis", "rediss"),
    example="redis://:password@host:6379/0",
    path=(r"(/\d*)?", "the number of a database"),
    number="E105",
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
    number="E106",
)


class Environment(environ.Env):  # type: ignore[misc]
    """Reads what is declared, and names the variable and the cure where it is wrong.

    A default is given by whoever reads a variable only where the declaration says it in
    words (`otherwise`), since it depends on something else.
    """

    def __init__(self, declared: Mapping[str, Variable] = DECLARED) -> None:
        super().__init__()
        self._declared = declared

    def get_value(
        self,
        var: str,
        cast: Any = None,
        default: Any = environ.Env.NOTSET,
        **_: Any,
    ) -> Any:
        known = self._known(var, default)
        # Compose files hand on what they were not given as empty.
        given = self.ENVIRON.get(var) or known.default
        if not given and default is not self.NOTSET:
            return default
        try:
            # django-environ drops letters: 15s would be 15, and 1e3 13.
            value = float(given) if cast is float else self.parse_value(given, cast)
        except ValueError:
            raise WrongValueError("E100", f"{var} must be a number.") from None
        if isinstance(value, int | float) and known.least is not None:
            _check_range(known, value)
        return value

    def _known(self, var: str, default: Any) -> Variable:
        known = self._declared.get(var)
        if known is None:
            raise LookupError(f"{var} is read, and not declared in settings/declared.")
        if default is not self.NOTSET and not known.otherwise:
            raise LookupError(f"{var} has its default in settings/declared.")
        return known

    def is_given(self, var: str) -> bool:
        """Whether the operator said anything of it."""
        return bool(self.ENVIRON.get(self._known(var, self.NOTSET).name))

    def bool(self, var: str) -> bool:
        value: str = self.str(var)
        if value.strip().lower() not in _YES_AND_NO:
            # A word that is not understood must never silently mean no.
            raise WrongValueError("E102", f"{var} must be 1 or 0.")
        return value.strip().lower() in self.BOOLEAN_TRUE_STRINGS

    def choice(self, var: str, default: Any = environ.Env.NOTSET) -> str:
        value: str = self.str(var, default)
        words = self._declared[var].words
        if value not in words:
            raise WrongValueError("E103", f"{var} must be one of: {', '.join(words)}.")
        return value

    def web_address(self, var: str) -> str:
        """Return an http or https address without a slash at its end."""
        return self._address(var, WEB).rstrip("/")

    def origin(self, var: str) -> str:
        """Return scheme, host and port of a server, empty when there is none."""
        return self._address(var, _ORIGIN).rstrip("/")

    def redis_url(self, var: str) -> str:
        """Return the address of a Redis, empty when there is none."""
        secure = self.str(var).startswith("rediss:")
        value = self._address(var, _REDIS_WITH_TLS if secure else _REDIS)
        for path in dict(parse_qsl(urlsplit(value).query)).values():
            if not os.access(path, os.R_OK):
                raise WrongValueError(
                    "E105", f"{var} names a file behind its ? that cannot be read."
                )
        return value

    def mail_url(self, var: str, default: str) -> dict[str, Any]:
        """Return Django's settings of a mail server."""
        sent = self.str(var, default).startswith("smtp")
        value = self._address(var, replace(_MAIL, host=sent)) or default
        return dict(self.email_url_config(value))

    def _address(self, var: str, shape: Shape) -> str:
        value: str = self.str(var)
        if value:
            check_address(var, value, shape)
        return value


def _check_range(known: Variable, value: float) -> None:
    if not math.isfinite(value) or value < (known.least or 0):
        raise WrongValueError("E101", f"{known.name} must be {known.least} or more.")


env = Environment()

# A .env file is a convenience for one machine; real variables win over it.
ENV_FILE = Path(env.str("EXAMGEN_ENV_FILE", str(BASE_DIR / ".env")))
# What the environment says itself, and a line in the file therefore cannot change.
SAID_BY_ENVIRONMENT = frozenset(name for name, value in os.environ.items() if value)
for _name in DECLARED.keys() & os.environ.keys() - SAID_BY_ENVIRONMENT:
    # An empty one counts as none, so the file may say it.
    del os.environ[_name]
Environment.read_env(ENV_FILE)

DEMO = env.bool("EXAMGEN_DEMO")
DEBUG = env.bool("EXAMGEN_DEBUG")
DATA_DIR = Path(env.str("EXAMGEN_DATA", str(BASE_DIR / "var")))


def secret_key() -> str:
    """Return `EXAMGEN_SECRET_KEY`, else the key this account generated once.

    The generated key lives in the account's state folder, outside the repository, so
    that no checkout, archive or image can carry it along.
    """
    given: str = env.str("EXAMGEN_SECRET_KEY")
    if given:
        return given
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    path = Path(env.str("EXAMGEN_SECRET_KEY_FILE", str(Path(state) / "examgen/secret")))
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _publish(path, secrets.token_urlsafe(64))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = (
            f"No secret key: set EXAMGEN_SECRET_KEY to 50 or more random characters, "
            f"or make {path} writable so that one can be generated ({error})."
        )
        raise WrongValueError("E110", message) from error
    if not key:
        message = f"{path} is empty: delete it, and a new secret key is generated."
        raise WrongValueError("E110", message)
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
