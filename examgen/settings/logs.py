"""Logs for machines: one JSON object a line on stderr, nothing personal in it.

`EXAMGEN_LOG_FORMAT=text` is for people who watch a terminal.
"""

from __future__ import annotations

from typing import Any

from examgen import logs
from examgen.settings.environment import DEBUG, DEMO, env

LOG_FORMAT = env.choice("EXAMGEN_LOG_FORMAT", "text" if DEBUG or DEMO else "json")
LOG_LEVEL = env.choice("EXAMGEN_LOG_LEVEL")

LOGGING: dict[str, Any] = logs.configure(
    form=LOG_FORMAT, level=LOG_LEVEL, verbatim=DEBUG
)
