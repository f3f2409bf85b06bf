"""What becomes of answers that come in, given those that are stored. Pure.

Whoever is ahead wins, per question: an answer is stored when its version is greater
than the stored one's. So a message may come late, twice or out of order, from any tab
and device, and the newest answer stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from scoring.protocol import Item
from scoring.responses import ResponseError, response

# Versions grow by one with each change, so a leap is a fault, and one that would leave
# no version to save under.
_LARGEST_STEP = 10_000


class Outcome(StrEnum):
    """`saved`: stored. `replay`: was stored already. `stale`: another tab is ahead.

    `closed`: the attempt is over. `invalid`: no answer to that question.
    """

    SAVED = "saved"
    REPLAY = "replay"
    STALE = "stale"
    CLOSED = "closed"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as stored; version 0 without value once the question was seen."""

    version: int = 0
    value: Any = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to one item. `version` and `value` are those stored now."""

    question: str
    outcome: Outcome
    version: int = 0
    value: Any = None
    reason: str = ""


@dataclass(slots=True)
class Merge:
    """`changed` are the answers to write, `accepted` the items to log, in order."""

    replies: list[Answered] = field(default_factory=list)
    changed: dict[str, Stored] = field(default_factory=dict)
    accepted: list[Item] = field(default_factory=list)


def merge(
    sheets: Mapping[str, Mapping[str, Any]],
    stored: Mapping[str, Stored],
    items: Iterable[Item],
) -> Merge:
    """Take items one after the other. `sheets` are the paper's questions by id."""
    result = Merge()
    for item in items:
        try:
            checked = check(sheets, item)
        except ResponseError as error:
            reply = Answered(item.question, Outcome.INVALID, reason=error.code)
            result.replies.append(reply)
            continue
        here = result.changed.get(item.question) or stored.get(item.question)
        _take(result, checked, here)
    return result


def check(sheets: Mapping[str, Mapping[str, Any]], item: Item) -> Item:
    """Return the item with its value as it is stored; raises ResponseError."""
    sheet = sheets.get(item.question)
    if sheet is None:
        raise ResponseError("unknown_question")
    if item.version is None:
        raise ResponseError("bad_version")
    return replace(item, value=response(sheet, item.value))


def _take(result: Merge, item: Item, here: Stored | None) -> None:
    assert item.version is not None, "checked"
    now = here or Stored()
    if item.version > now.version + _LARGEST_STEP:
        reply = Answered(item.question, Outcome.INVALID, reason="bad_version")
        result.replies.append(reply)
        return
    if item.version > now.version:
        outcome = Outcome.SAVED
        now = replace(now, version=item.version, value=item.value)
        result.accepted.append(item)
    elif item.version == now.version and item.value == now.value:
        outcome = Outcome.REPLAY
    else:
        outcome = Outcome.STALE
    # The flag is the student's mark on the question, whatever became of the answer.
    if item.flagged is not None:
        now = replace(now, flagged=item.flagged)
    if now != here:
        result.changed[item.question] = now
    result.replies.append(Answered(item.question, outcome, now.version, now.value))
