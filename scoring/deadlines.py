"""When an attempt ends: computed once, at its start. Pure.

| who                         | deadline                                              |
|-----------------------------|-------------------------------------------------------|
| nothing granted             | the limit's end or the window's, whichever is first   |
| granted, with a limit       | start + limit as granted, even past the window        |
| granted, with a window only | the window as granted, from its opening               |
| neither limit nor window    | none                                                  |

The window bounds the start; what somebody is granted outlives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

# For the network alone: never shown, never counted as time.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Hours:
    """When an exam may be started, and how long an attempt may take."""

    opens_at: datetime
    closes_at: datetime | None
    limit: timedelta | None


# What a person is granted: how long a span is for them.
Stretch = Callable[[timedelta], timedelta]


def deadline(
    hours: Hours, *, started_at: datetime, stretch: Stretch | None
) -> datetime | None:
    """The deadline of an attempt; `stretch` None where nothing is granted."""
    if stretch is None:
        ends = [] if hours.closes_at is None else [hours.closes_at]
        ends += [] if hours.limit is None else [started_at + hours.limit]
        return min(ends, default=None)
    if hours.limit is not None:
        return started_at + stretch(hours.limit)
    if hours.closes_at is not None:
        return hours.opens_at + stretch(hours.closes_at - hours.opens_at)
    return None
