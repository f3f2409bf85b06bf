"""How an exam is held: time, attempts, order, grading and release. Frozen with it.

Pure: the same policy, read again in ten years, says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

# What nobody means in earnest is refused, so that no sum of times overflows.
MOST_MINUTES = 7 * 24 * 60
MOST_ATTEMPTS = 100
FARTHEST = timedelta(days=5 * 365)


class Counting(StrEnum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"
    AVERAGE = "average"


class Release(StrEnum):
    """When students see scores, answers and explanations.

    `after_close` is when the last window of the exam has ended, `at_submit` when the
    student hands in, `on_date` from `release_at` on, `manual` when the educator says.
    """

    AFTER_CLOSE = "after_close"
    AT_SUBMIT = "at_submit"
    ON_DATE = "on_date"
    MANUAL = "manual"


class Several(StrEnum):
    """How a question with several right options is graded; `scoring.grading` has it."""

    EXACT = "exact"
    PROPORTIONAL = "proportional"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one published exam.

    `opens_at` and `closes_at` bound the start; `minutes` is the limit of an attempt
    without accommodation, None for none; `pass_percent` None for an exam that nobody
    passes or fails. Times are UTC.
    """

    opens_at: datetime
    closes_at: datetime | None = None
    minutes: int | None = None
    attempts: int = 1
    counting: Counting = Counting.BEST
    shuffle_questions: bool = True
    shuffle_options: bool = True
    release: Release = Release.AFTER_CLOSE
    release_at: datetime | None = None
    pass_percent: Decimal | None = None
    several: Several = Several.PROPORTIONAL
    negative_marking: bool = False

    def to_json(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Policy:
        """Read what `to_json` wrote; raises KeyError or ValueError on anything else."""
        return cls(
            opens_at=datetime.fromisoformat(data["opens_at"]),
            closes_at=_moment(data["closes_at"]),
            minutes=data["minutes"],
            attempts=data["attempts"],
            counting=Counting(data["counting"]),
            shuffle_questions=data["shuffle_questions"],
            shuffle_options=data["shuffle_options"],
            release=Release(data["release"]),
            release_at=_moment(data["release_at"]),
            pass_percent=(
                None if data["pass_percent"] is None else Decimal(data["pass_percent"])
            ),
            several=Several(data["several"]),
            negative_marking=data["negative_marking"],
        )


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return value


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
