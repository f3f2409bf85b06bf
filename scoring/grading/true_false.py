"""A statement, judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy
from scoring.grading.marks import ALL, NOTHING, Mark


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:  # noqa: ARG001 - the interface of all kinds
    # `is`, since 1 == True, and a text is no judgement at all.
    return ALL if value is key["right"] else NOTHING
