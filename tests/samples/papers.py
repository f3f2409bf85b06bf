"""Sheets and keys of single questions, as publishing freezes them, and policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from exams.content import Body, Question
from exams.formats.paper import Frozen, freeze
from exams.policy import Policy
from tests.samples.questions import question

OPENS = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def policy(**rules: Any) -> Policy:
    return Policy(**{"opens_at": OPENS, **rules})


def frozen(questions: Sequence[Question], **rules: Any) -> Frozen:
    return freeze(
        title="Rivers",
        language="en",
        questions=questions,
        policy=policy(**rules).to_json(),
        seed=7,
    )


def one(body: Body) -> tuple[dict[str, Any], dict[str, Any]]:
    """The sheet and the key of a question with this body."""
    made = frozen([question(body.kind, body=body)])
    return made.paper["questions"][0], made.key["q1"]


def named(labelled: Sequence[dict[str, str]]) -> dict[str, str]:
    """Ids by text: the only way to say which option a test means."""
    return {item["text"]: item["id"] for item in labelled}
