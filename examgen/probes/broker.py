"""The broker and the cache: which servers there are to ask."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string


def probe_redis() -> list[CheckMessage]:
    """Pages go on without them, so a server that is away is a warning."""
    if settings.EXAMGEN_BELL == "celery" and not settings.REDIS_URL:
        return [
            Error(
                "EXAMGEN_BELL is 'celery', and REDIS_URL is not set.",
                hint="Set REDIS_URL to the broker, as in redis://:password@host:6379/0, "
                "or EXAMGEN_BELL to none.",
                id="examgen.E050",
            )
        ]
    addresses = {settings.CACHE_URL: "CACHE_URL", settings.REDIS_URL: "REDIS_URL"}
    found: list[CheckMessage] = []
    for address, variable in addresses.items():
        if address:
            # By name: a small site has no Redis and nothing that speaks to one.
            ask = import_string("examgen.probes.redis_server.ask")
            found += ask(variable, address)
    return found
