"""What a board says as a whole, from how many people reached each score. Pure.

Every figure is exact: Decimal in, Decimal out, rounded only where it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

# (points, people), in any order; people is never 0.
Counts = Sequence[tuple[Decimal, int]]

BINS = 10
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Bin:
    """People whose percentage is at least `low` and below `high`; the last one has 100."""

    low: int
    high: int
    people: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """All in percent of the points that could be had.

    Quartiles by linear interpolation between the two nearest people; the deviation is
    that of the whole group (divided by n). `passed` is None where nobody can fail.
    """

    people: int
    mean: Decimal
    median: Decimal
    lower_quartile: Decimal
    upper_quartile: Decimal
    deviation: Decimal
    best: Decimal
    passed: int | None
    bins: tuple[Bin, ...]

    @property
    def pass_percent(self) -> Decimal | None:
        if self.passed is None:
            return None
        return self.passed * _HUNDRED / self.people


def percent(points: Decimal, of: Decimal) -> Decimal:
    """Points as a share in percent; an exam without points is worth nothing."""
    return points * _HUNDRED / of if of else Decimal(0)


def passes(share: Decimal, mark: Decimal | None) -> bool | None:
    """Whether a share is enough, both in percent; None where nobody passes or fails."""
    return None if mark is None else share >= mark


def summarise(
    counts: Counts, *, max_points: Decimal, pass_mark: Decimal | None
) -> Summary | None:
    """Summarise a board; None while nobody is on it. `pass_mark` is in percent."""
    shares = sorted((percent(points, max_points), people) for points, people in counts)
    total = sum(people for _, people in shares)
    if not total:
        return None
    with localcontext() as context:
        context.prec = 40
        mean = sum((share * people for share, people in shares), Decimal(0)) / total
        spread = sum((people * (share - mean) ** 2 for share, people in shares))
        deviation = (Decimal(spread) / total).sqrt()
    return Summary(
        people=total,
        mean=+mean,
        median=_quantile(shares, total, Decimal("0.5")),
        lower_quartile=_quantile(shares, total, Decimal("0.25")),
        upper_quartile=_quantile(shares, total, Decimal("0.75")),
        deviation=+deviation,
        best=shares[-1][0],
        passed=(
            None
            if pass_mark is None
            else sum(people for share, people in shares if passes(share, pass_mark))
        ),
        bins=tuple(_bins(shares, pass_mark)),
    )


def _quantile(shares: Counts, total: int, part: Decimal) -> Decimal:
    place = part * (total - 1)
    below = int(place)
    low, high = _nth(shares, below), _nth(shares, min(below + 1, total - 1))
    return low + (high - low) * (place - below)


def _nth(shares: Counts, index: int) -> Decimal:
    """The share of the person at this place, counted from 0, lowest first."""
    for share, people in shares:
        if index < people:
            return share
        index -= people
    raise IndexError(index)


def _bins(shares: Counts, pass_mark: Decimal | None) -> list[Bin]:
    width = 100 // BINS
    counted = [0] * BINS
    for share, people in shares:
        # Negative marking may take somebody below nothing, a bonus above all.
        place = min(max(int(share // width), 0), BINS - 1)
        counted[place] += people
    return [
        Bin(
            low=index * width,
            high=(index + 1) * width,
            people=people,
            passed=pass_mark is None or index * width >= pass_mark,
        )
        for index, people in enumerate(counted)
    ]
