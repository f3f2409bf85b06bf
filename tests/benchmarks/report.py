"""How every benchmark says what it found: a table for people, then one JSON line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `ok` is None where nothing was promised."""

    name: str
    value: float
    unit: str
    goal: str = ""
    ok: bool | None = None


def tell(figures: Sequence[Figure]) -> None:
    """Print lines of the table, as soon as they are known."""
    for figure in figures:
        verdict = {None: "", True: "ok", False: "MISSED"}[figure.ok]
        columns = f"{figure.name:40}{figure.value:12.3f} {figure.unit:12}"
        print(f"{columns}{figure.goal:10}{verdict}".rstrip(), flush=True)


def sum_up(bench: str, figures: Sequence[Figure]) -> None:
    """Print the last line, `{"bench": ..., "figures": [...]}`."""
    print(json.dumps({"bench": bench, "figures": [asdict(f) for f in figures]}))


def show(bench: str, figures: Sequence[Figure]) -> None:
    tell(figures)
    sum_up(bench, figures)
