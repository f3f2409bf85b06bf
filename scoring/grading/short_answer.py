"""A few words: right when they are one of the accepted ones, written how one may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy
from scoring.grading.folding import folded
from scoring.grading.marks import ALL, NOTHING, Mark


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:  # noqa: ARG001 - the interface of all kinds
    if not isinstance(value, str) or not (given := folded(value)):
        return NOTHING
    accepted = {folded(text) for text in key["body"]["accepted"]}
    return ALL if given in accepted else NOTHING
