"""The numbers of the lines beside a listing. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from exams.reading.lines import Line, same_row

_FEWEST, _MOST_DIGITS = 2, 4
_COLUMNS_TRIED = 4


def line_numbers(lines: Sequence[Line]) -> set[int]:
    """The column of numbers beside a listing, each one more than the one above it.

    They are given by `id`, and told before anything is put in order: where there are
    two digits, the column stands no further from the code than words from each other.
    """
    fixed = [line for line in lines if line.fixed]
    numbers = [line for line in fixed if _is_number(line)]
    known = {id(line) for line in numbers}
    code = sorted((line for line in fixed if id(line) not in known), key=_middle)
    return {
        id(line)
        for column in _columns(numbers)
        if len(column) >= _FEWEST and _is_beside(column, code)
        for line in column
    }


def _is_number(line: Line) -> bool:
    text = line.text
    return len(line.tokens) == 1 and len(text) <= _MOST_DIGITS and text.isdecimal()


def _columns(numbers: Sequence[Line]) -> list[list[Line]]:
    """Numbers that stand below each other and count."""
    columns: list[list[Line]] = []
    awaiting: dict[int, list[list[Line]]] = {}
    for line in sorted(numbers, key=_middle):
        value = int(line.text)
        column: list[Line] = []
        for begun in awaiting.get(value, [])[-_COLUMNS_TRIED:]:
            if abs(begun[-1].rect.right - line.rect.right) <= line.size:
                column = begun
        if column:
            awaiting[value].remove(column)
        else:
            columns.append(column)
        column.append(line)
        awaiting.setdefault(value + 1, []).append(column)
    return columns


def _is_beside(column: Sequence[Line], code: Sequence[Line]) -> bool:
    """Whether a listing stands right of most of these numbers."""
    told = 0
    for number in column:
        reach = number.rect.height
        first = bisect_left(code, number.rect.middle - reach, key=_middle)
        last = bisect_right(code, number.rect.middle + reach, key=_middle)
        told += any(
            line.rect.left >= number.rect.right and same_row(line.rect, number.rect)
            for line in code[first:last]
        )
    return 2 * told > len(column)


def _middle(line: Line) -> float:
    return line.rect.middle
