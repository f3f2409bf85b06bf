"""What a bench found, in words and as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most that it should be."""

    name: str
    value: float
    unit: str
    goal: float

    @property
    def ok(self) -> bool:
        return self.value <= self.goal


def show(bench: str, figures: Sequence[Figure]) -> None:
    for figure in figures:
        verdict = "ok" if figure.ok else "MISSED"
        print(  # noqa: T201 - a bench speaks to a terminal
            f"{figure.name:<44} {figure.value:>10.2f} {figure.unit:<4}"
            f" (goal {figure.goal:g}) {verdict}"
        )
    rows = [asdict(figure) | {"ok": figure.ok} for figure in figures]
    print(json.dumps({"bench": bench, "figures": rows}))  # noqa: T201
