"""One of several options: right or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy
from scoring.grading.marks import ALL, NOTHING, Mark


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:  # noqa: ARG001 - the interface of all kinds
    """`value` is the id of the chosen option."""
    return ALL if [value] == key["right"] else NOTHING
