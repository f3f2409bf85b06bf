"""One Redis: whether it answers, lets us in, and has the database that is named."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import redis
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004

_PATIENCE_SECONDS = 3.0


def ask(variable: str, address: str) -> list[CheckMessage]:
    parts = urlsplit(address)
    where = f"{parts.hostname}:{parts.port or 6379}"
    client = redis.Redis.from_url(
        address,
        socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
    )
    try:
        with client:
            client.ping()
    except redis.AuthenticationError:
        return [_no_entry(variable, where, given=bool(parts.password))]
    except redis.ResponseError as error:
        return [_refused(variable, where, str(error), parts.path.strip("/"))]
    except redis.InvalidResponse:
        return [_stranger(variable, where)]
    except (redis.ConnectionError, redis.TimeoutError) as error:
        cause = error.__context__
        if isinstance(cause, ssl.SSLError):
            return [_no_trust(variable, where, cause)]
        return [_away(variable, where, cause, parts.scheme)]
    return []


def _no_entry(variable: str, where: str, *, given: bool) -> CheckMessage:
    what = "does not accept the password" if given else "asks for a password"
    return Error(
        f"The Redis at {where} {what} of {variable}."
        if given
        else f"The Redis at {where} {what}, and {variable} has none.",
        hint=f"Write it into {variable}: redis://:password@host:6379/0, or "
        "redis://user:password@... where users have names.",
        id="examgen.E051",
    )


def _refused(variable: str, where: str, said: str, database: str) -> CheckMessage:
    if "DB index" in said:
        return Error(
            f"The Redis at {where} has no database {database}.",
            hint=f"Write a number from 0 to 15 at the end of {variable}.",
            id="examgen.E052",
        )
    return Warning(
        f"The Redis at {where} refuses: {said}",
        hint=f"It is the one of {variable}; look into its log.",
        id="examgen.W051",
    )


def _stranger(variable: str, where: str) -> CheckMessage:
    return Error(
        f"What answers at {where} is no Redis.",
        hint=f"Correct host and port in {variable}.",
        id="examgen.E053",
    )


def _no_trust(variable: str, where: str, cause: ssl.SSLError) -> CheckMessage:
    why = getattr(cause, "verify_message", "") or cause.reason or "no TLS"
    return Error(
        f"The Redis at {where} cannot be trusted: {why}.",
        hint="Give it a certificate for the host's name from an authority that this "
        f"machine knows, or name one in {variable}: ?ssl_ca_certs=/path/to/ca.pem",
        id="examgen.E054",
    )


def _away(
    variable: str, where: str, cause: BaseException | None, scheme: str
) -> CheckMessage:
    why = getattr(cause, "strerror", None) or "no answer in time"
    tls = " If it speaks no TLS, write redis:// for rediss://." * (scheme == "rediss")
    return Warning(
        f"The Redis at {where} is away: {why}.",
        hint=f"Start it, or correct host and port in {variable}.{tls} Until then pages "
        "work, workers find their jobs by looking, and each process counts limits for "
        "itself.",
        id="examgen.W050",
    )
