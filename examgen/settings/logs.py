"""Logs for machines: one line an event on stderr, nothing personal in it."""

from __future__ import annotations

from typing import Any

from examgen.settings.environment import env

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("EXAMGEN_LOG_LEVEL", "INFO")},
    "loggers": {"pypdf": {"level": "ERROR"}},
}
