"""Taking an exam: start, save, hand in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.protocol import Item
from scoring.saving import Answered, Merge, Outcome, Stored
from scoring.services.closing import (
    RefusedError,
    close,
    close_expired,
    close_if_over,
    closer,
    end_of,
    hold,
    is_over,
    void,
)
from scoring.services.entitlements import Entitlement, entitlement
from scoring.services.late import keep_late
from scoring.services.storing import merged_with, stored_in, write
from scoring.states import AttemptState, ClosedBy

__all__ = [
    "Entitlement",
    "InvalidItemsError",
    "MissingVersionsError",
    "RefusedError",
    "Reply",
    "close_expired",
    "close_if_over",
    "end_of",
    "entitlement",
    "save",
    "start",
    "submit",
    "void",
]

# How often a start looks again after another one was quicker.
_LOOKS = 3


class MissingVersionsError(Exception):
    """The browser knows of answers that the server never got: question and version."""

    def __init__(self, missing: Mapping[str, int]) -> None:
        super().__init__(missing)
        self.missing = dict(missing)


class InvalidItemsError(Exception):
    """Some last answers are none, and there is time to mend them; `items` say why."""

    def __init__(self, items: Sequence[Answered]) -> None:
        super().__init__(items)
        self.items = tuple(items)


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of each item, and how the attempt stands."""

    attempt: Attempt
    items: tuple[Answered, ...]


# Starting


def start(*, user: User, version: ExamVersion, at: datetime) -> Attempt:
    """Start an attempt, or return the open one: two clicks are one attempt.

    Attempts are numbered, and number and open attempt are unique. So of two starts at
    once the second finds its number taken, looks again, and is given the first's
    attempt or refused: no count made before can let one too many in.
    """
    for _ in range(_LOOKS):
        asked = entitlement(user=user, version=version, at=at)
        if asked.attempt is not None:
            return asked.attempt
        if not asked.may_start:
            raise RefusedError(asked.reason)
        try:
            with transaction.atomic():
                attempt = Attempt.objects.create(
                    version=version,
                    user=user,
                    number=asked.next_number,
                    seed=secrets.randbelow(2**31),
                    started_at=at,
                    deadline=asked.deadline_if_started,
                )
                record(
                    "attempt.started",
                    attempt,
                    actor=user.id,
                    version=str(version.id),
                )
        except IntegrityError:
            continue
        return attempt
    raise RefusedError("busy")


# Saving


def save(
    *, attempt: Attempt, items: Sequence[Item], tab: str, received_at: datetime
) -> Reply:
    """Store answers that come in before the end, keep those that come after it.

    Costs as many queries for one item as for many.
    """
    with transaction.atomic():
        held = hold(attempt)
        if is_over(held, received_at):
            close(held, by=closer(held), at=now())
        if held.state != AttemptState.OPEN:
            return Reply(held, keep_late(held, items, received_at))
        merged = merged_with(held, items)
        write(held, merged, tab=tab, received_at=received_at)
    return Reply(held, tuple(merged.replies))


# Handing in


def submit(
    *,
    attempt: Attempt,
    items: Sequence[Item] = (),
    manifest: Mapping[str, int] | None = None,
    received_at: datetime,
    tab: str = "",
    auto: bool = False,
) -> Attempt:
    """Store the last answers, close the attempt and grade it, all or nothing.

    Handing in twice is handing in once: the second gets the same receipt. While there
    is time to do something about it, raises InvalidItemsError for answers that are
    none, MissingVersionsError for what the manifest names and the server lacks, and
    RefusedError for a manifest that names other questions. Whatever is raised, the
    answers that came along are kept.

    `auto` is for a page that hands in because it takes the time for over. It may not
    have heard of more time, so the attempt stays open while there is some.
    """
    trouble: Exception | None = None
    with transaction.atomic():
        held = hold(attempt)
        if is_over(held, received_at):
            close(held, by=closer(held), at=now())
        if held.state != AttemptState.OPEN:
            keep_late(held, items, received_at)
            if held.state == AttemptState.VOID:
                trouble = RefusedError("void")
        else:
            merged = merged_with(held, items)
            write(held, merged, tab=tab, received_at=received_at)
            trouble = _trouble(held, merged, manifest or {}, received_at)
            if trouble is None and not auto:
                close(held, by=ClosedBy.STUDENT, at=received_at, actor=held.user_id)
            elif trouble is None and not _has_time(held, received_at):
                close(held, by=closer(held), at=received_at)
    # Not before the end of the transaction, which would take back what was kept.
    if trouble is not None:
        raise trouble
    return held


def _has_time(held: Attempt, at: datetime) -> bool:
    end = end_of(held)
    return end is None or at < end


def _trouble(
    held: Attempt, merged: Merge, manifest: Mapping[str, int], received_at: datetime
) -> Exception | None:
    """Say what speaks against closing now; nothing does once the time is over."""
    if not _has_time(held, received_at):
        return None
    if bad := [item for item in merged.replies if item.outcome == Outcome.INVALID]:
        return InvalidItemsError(bad)
    if not manifest.keys() <= {sheet["id"] for sheet in held.version.questions}:
        return RefusedError("unknown_question")
    missing = _missing(held, manifest)
    return MissingVersionsError(missing) if missing else None


def _missing(held: Attempt, manifest: Mapping[str, int]) -> dict[str, int]:
    stored = stored_in(held, manifest)
    return {
        name: version
        for name, version in manifest.items()
        if version > stored.get(name, Stored()).version
    }
