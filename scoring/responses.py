"""Whether a value can be an answer to a question of a paper. Pure.

Values are JSON: an option's id; a list of ids; true or false; text; `{left: right}` for
a match; None for no answer. What comes in is what is stored and graded, but for one
spelling of each answer: nothing is None, choices stand in the paper's order, and lines
end with one sign, whichever way a browser sent them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from exams.content import Kind

# Characters. An essay of this length fits into one message, in any script.
LONGEST = {Kind.SHORT_ANSWER: 500, Kind.NUMERIC: 60, Kind.ESSAY: 15_000}

# Neither UTF-8 nor PostgreSQL can hold these.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Sheet = Mapping[str, Any]


class ResponseError(ValueError):
    """A value that is no answer to its question; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def response(sheet: Sheet, value: Any) -> Any:
    """Return the value as it is stored; raises ResponseError when it is no answer.

    `sheet` is a question of the paper as frozen.
    """
    return None if value is None else _READERS[Kind(sheet["kind"])](sheet, value)


def _single_choice(sheet: Sheet, value: Any) -> str | None:
    (chosen,) = _known([value], _ids(sheet, "options"))
    return chosen


def _multiple_choice(sheet: Sheet, value: Any) -> list[str] | None:
    names = _ids(sheet, "options")
    chosen = set(_known(_list(value), names))
    return [name for name in names if name in chosen] or None


def _true_false(_sheet: Sheet, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ResponseError("wrong_shape")
    return value


def _matching(sheet: Sheet, value: Any) -> dict[str, str] | None:
    """Some left sides may be missing, and a right side may stand twice: both cost."""
    if not isinstance(value, dict):
        raise ResponseError("wrong_shape")
    left, right = _ids(sheet, "left"), _ids(sheet, "right")
    _known(list(value), left)
    _known(list(value.values()), right)
    return {name: value[name] for name in left if name in value} or None


def _ordering(sheet: Sheet, value: Any) -> list[str]:
    names = _ids(sheet, "items")
    order = _known(_list(value), names)
    if len(order) != len(names) or len(set(order)) != len(order):
        raise ResponseError("incomplete")
    return order


def _text(sheet: Sheet, value: Any) -> str | None:
    if not isinstance(value, str):
        raise ResponseError("wrong_shape")
    if _UNSTORABLE.search(value):
        raise ResponseError("bad_character")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST[Kind(sheet["kind"])]:
        raise ResponseError("too_long")
    return text if text.strip() else None


def _ids(sheet: Sheet, side: str) -> list[str]:
    return [item["id"] for item in sheet[side]]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ResponseError("wrong_shape")
    return value


def _known(names: list[Any], known: list[str]) -> list[str]:
    if not all(isinstance(name, str) for name in names):
        raise ResponseError("wrong_shape")
    if not set(names) <= set(known):
        raise ResponseError("unknown_option")
    return names


_READERS: dict[Kind, Callable[[Sheet, Any], Any]] = {
    Kind.SINGLE_CHOICE: _single_choice,
    Kind.MULTIPLE_CHOICE: _multiple_choice,
    Kind.TRUE_FALSE: _true_false,
    Kind.SHORT_ANSWER: _text,
    Kind.NUMERIC: _text,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.ESSAY: _text,
}
