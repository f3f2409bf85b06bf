"""What people who judged questions made of them: counts, and how sure they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

# Of a normal distribution, 95 % lie within so many standard deviations of its mean.
_WITHIN = 1.959964


class Verdict(StrEnum):
    """What became of a question: used as it was, after an edit, or not at all."""

    KEEP = "keep"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 0 to 1, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions of one sort were kept, edited and rejected."""

    kept: int = 0
    edited: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, verdict: Verdict) -> Tally:
        return cls(
            kept=verdict is Verdict.KEEP,
            edited=verdict is Verdict.EDIT,
            rejected=verdict is Verdict.REJECT,
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kept + other.kept,
            self.edited + other.edited,
            self.rejected + other.rejected,
        )

    @property
    def total(self) -> int:
        return self.kept + self.edited + self.rejected

    @property
    def as_is(self) -> Share:
        """The share that was used as it was drafted."""
        return share(self.kept, self.total)

    @property
    def after_edit(self) -> Share:
        """The share that was used at all, as drafted or edited."""
        return share(self.kept + self.edited, self.total)


def share(count: int, total: int) -> Share:
    """Return `count` of `total` with its 95 % interval after Wilson.

    It stays inside 0 and 1 and says something of few cases too: of none that it may be
    anything.
    """
    if not total:
        return Share(0.0, 0.0, 1.0)
    value, square = count / total, _WITHIN**2
    middle = (value + square / (2 * total)) / (1 + square / total)
    spread = sqrt(value * (1 - value) / total + square / (4 * total**2))
    reach = _WITHIN * spread / (1 + square / total)
    # Rounding must not push an end over what the share itself is at 0 and 1.
    low = max(0.0, middle - reach) if count else 0.0
    high = min(1.0, middle + reach) if count < total else 1.0
    return Share(value, low, high)
