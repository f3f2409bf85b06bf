"""Logs for machines: one JSON object a line on stderr, nothing personal in it.

`EXAMGEN_LOG_FORMAT=text` is for people who watch a terminal.
"""

from __future__ import annotations

from typing import Any

import structlog

from examgen.settings.environment import DEBUG, DEMO, env

LOG_FORMAT: str = env.str("EXAMGEN_LOG_FORMAT", "text" if DEBUG or DEMO else "json")

# The same for our own lines and for those of Django and the libraries.
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_RENDERER: Any = (
    structlog.processors.JSONRenderer()
    if LOG_FORMAT == "json"
    else structlog.dev.ConsoleRenderer(colors=False)
)

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _RENDERER,
            ],
        },
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "structured"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("EXAMGEN_LOG_LEVEL", "INFO")},
    "loggers": {
        # Django adds a console handler of its own; one line an event is enough.
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        # Two lines a ring would drown the lines about jobs.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
