"""Saving a page of an exam that came as a plain form, with or without a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from examgen.jobs.clock import now
from scoring.models import AnswerLog, Attempt
from scoring.protocol import Item
from scoring.responses import ResponseError
from scoring.saving import Answered, Outcome, Stored, check
from scoring.services.closing import close, closer, hold, is_over
from scoring.services.late import keep_late
from scoring.services.storing import merged_with, stored_in, write
from scoring.states import AttemptState

_TAB = "page"


@dataclass(frozen=True, slots=True)
class PageReply:
    """What became of the answer; `elsewhere` when another tab had changed it."""

    attempt: Attempt
    answered: Answered
    elsewhere: bool = False


def save_page(
    *,
    attempt: Attempt,
    question: str,
    value: Any,
    shown: int,
    flagged: bool | None,
    received_at: datetime,
    sent: int = 0,
    tab: str = "",
) -> PageReply:
    """Store the answer of a page that showed version `shown` of it.

    A form is sent whether or not anything was changed in it. What somebody did on the
    page counts, also over a newer answer of another tab; a page that only shows an
    older answer changes nothing.

    The script of a page saves in between. `sent` is the newest version that it has
    sent, whether or not that has come here yet: what the form says is newer still.
    `tab` is the name under which it saves.
    """
    with transaction.atomic():
        held = hold(attempt)
        if is_over(held, received_at):
            close(held, by=closer(held), at=now())
        item = Item(question, shown, value, flagged=flagged)
        try:
            sheets = {sheet["id"]: sheet for sheet in held.version.questions}
            value = check(sheets, item).value
        except ResponseError as error:
            bad = Answered(question, Outcome.INVALID, reason=error.code)
            return PageReply(held, bad)
        if held.state != AttemptState.OPEN:
            late = Item(question, _late_version(held, question, value, shown), value)
            (reply,) = keep_late(held, [late], received_at)
            return PageReply(held, reply)
        stored = stored_in(held, {question}).get(question, Stored())
        elsewhere = False
        # Above all that may still be on its way, so that it comes too late.
        version = max(stored.version, sent) + 1
        if value == stored.value and stored.version >= sent:
            version = stored.version
        elif stored.version > shown and value != stored.value:
            elsewhere = _is_of_another_tab(held, question, shown, tab)
            if sent <= shown and value == _value_at(held, question, shown):
                version = shown
        merged = merged_with(held, [Item(question, version, value, flagged=flagged)])
        write(held, merged, tab=tab or _TAB, received_at=received_at)
    return PageReply(held, merged.replies[0], elsewhere)


def _late_version(held: Attempt, question: str, value: Any, shown: int) -> int:
    """What the page showed and nobody changed is no new answer."""
    last: tuple[int, Any] = (held.snapshot or {}).get(question, (0, None))
    version, kept = last
    return version if kept == value else max(version, shown) + 1


def _is_of_another_tab(held: Attempt, question: str, shown: int, tab: str) -> bool:
    """Whether any answer that is newer than version `shown` came from elsewhere."""
    newer = held.log.filter(question=question, version__gt=shown)
    return (newer.exclude(tab=tab) if tab else newer).exists()


def _value_at(held: Attempt, question: str, version: int) -> Any:
    """The answer as it was under this version; None before the first."""
    logged = AnswerLog.objects.filter(
        attempt=held, question=question, version=version
    ).first()
    return None if logged is None else logged.value
