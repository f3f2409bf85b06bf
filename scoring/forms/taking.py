"""Reading the fields of an exam page, which stand for one answer."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from exams.content import Kind
from scoring.presentation import Sheet
from scoring.protocol import LONGEST_TAB, version_of

# More would not fit a column, and Python itself reads no number of thousands of digits.
_MOST_DIGITS = 10
_JUDGEMENTS = {"true": True, "false": False}


def read_answer(sheet: Sheet, data: QueryDict) -> Any:
    """The value that the fields stand for, None where nothing is filled in.

    Whether it is an answer is decided elsewhere.
    """
    match sheet.kind:
        case Kind.MULTIPLE_CHOICE:
            return data.getlist("answer") or None
        case Kind.TRUE_FALSE:
            return _JUDGEMENTS.get(data.get("answer", ""))
        case Kind.MATCHING:
            chosen = {side.id: data.get(f"left-{side.id}") for side in sheet.left}
            return {left: right for left, right in chosen.items() if right} or None
        case Kind.ORDERING:
            return _read_order(data)
        case _:
            return data.get("answer") or None


def read_version(data: QueryDict, name: str = "version") -> int:
    """The version that the page showed, or had `sent`; 0 for anything that is none."""
    text = data.get(name, "")
    short = len(text) <= _MOST_DIGITS and text.isascii()
    number = int(text) if short and text.isdecimal() else 0
    return version_of(number) or 0


def read_tab(data: QueryDict) -> str:
    """The name that the script of a page gives itself; empty without a script."""
    tab = data.get("tab", "")
    return tab if tab.isprintable() and len(tab) <= LONGEST_TAB else ""


def moved(data: QueryDict) -> str:
    """The thing that was moved in an order, empty when none was."""
    return data.get("move", "").partition(":")[0]


def _read_order(data: QueryDict) -> list[str] | None:
    """The order on the page, after the move that was asked for.

    An order that nobody touched is no answer: it is only how the page was drawn.
    """
    order = data.getlist("answer")
    name, _, way = data.get("move", "").partition(":")
    if name in order:
        here = order.index(name)
        there = here + {"up": -1, "down": 1}.get(way, 0)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
        return order
    if "untouched" in data and data.get("go") != "keep":
        return None
    return order or None
