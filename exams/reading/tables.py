"""Finding rows of cells, so that a table is read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from exams.reading.lines import Line, same_row, side_by_side

_FEWEST_ROWS = 3
_MOST_CELL_WORDS = 4
_CELLS_OF_A_SURE_TABLE = 3
_MOST_CELLS = 40
_SAME_MARGIN = 2.0
_TEXT_GAP = 0.6


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, rows from the top, cells from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.rect.middle, line.rect.left)):
        if rows and same_row(rows[-1][0].rect, line.rect):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.rect.left)
    return rows


def with_rows_joined(lines: Sequence[Line]) -> list[Line]:
    """The same lines, the cells of each table row made one line of `row` kind.

    Short cells in columns are a table; long ones are text in columns, which must not
    be read across.
    """
    joined: dict[int, Line] = {}
    gone: set[int] = set()
    text = _text_lines(lines)
    cells_only = [line for line in lines if id(line) not in text]
    for table in _tables(rows_of(cells_only)):
        for cells in table:
            whole = cells[0]
            for cell in cells[1:]:
                whole = side_by_side(whole, cell, row=True)
            earliest, *others = sorted(cells, key=_place_in(lines))
            joined[id(earliest)] = whole
            gone.update(map(id, others))
    return [joined.get(id(line), line) for line in lines if id(line) not in gone]


def _text_lines(lines: Sequence[Line]) -> set[int]:
    """Lines of running text, which may stand beside a table in the next column."""
    found: set[int] = set()
    by_margin = sorted(lines, key=lambda line: (round(line.rect.left), line.rect.top))
    for above, below in pairwise(by_margin):
        shortest = min(len(above.tokens), len(below.tokens))
        gap = below.rect.top - above.rect.bottom
        if (
            abs(above.rect.left - below.rect.left) <= _SAME_MARGIN
            and shortest > _MOST_CELL_WORDS
            and -above.size < gap < _TEXT_GAP * above.size
        ):
            found |= {id(above), id(below)}
    return found


class _place_in:  # noqa: N801 - used like a function
    def __init__(self, lines: Sequence[Line]) -> None:
        self.places = {id(line): place for place, line in enumerate(lines)}

    def __call__(self, line: Line) -> int:
        return self.places[id(line)]


def _tables(rows: list[list[Line]]) -> list[list[list[Line]]]:
    tables: list[list[list[Line]]] = []
    run: list[list[Line]] = []
    for row in [*rows, []]:
        if row and _may_be_row(row) and (not run or _continues(run[-1], row)):
            run.append(row)
            continue
        if _is_table(run):
            tables.append(run)
        run = [row] if row and _may_be_row(row) else []
    return tables


def _may_be_row(row: list[Line]) -> bool:
    if not 1 < len(row) <= _MOST_CELLS or any(
        line.marked or line.fixed for line in row
    ):
        return False
    words = sum(len(line.tokens) for line in row)
    return words <= _MOST_CELL_WORDS * len(row)


def _continues(above: list[Line], row: list[Line]) -> bool:
    """Close below, and with cells that line up on the left, the right or the middle."""
    size = max(line.size for line in row)
    gap = row[0].rect.top - max(line.rect.bottom for line in above)
    if gap > 2 * size:
        return False
    fewer, more = sorted((above, row), key=len)
    lined_up = sum(any(_lines_up(one, other, size) for other in more) for one in fewer)
    return lined_up >= max(2, len(fewer) - 1)


def _lines_up(one: Line, other: Line, size: float) -> bool:
    a, b = one.rect, other.rect
    return (
        min(
            abs(a.left - b.left),
            abs(a.right - b.right),
            abs(a.left + a.right - b.left - b.right) / 2,
        )
        < size
    )


def _is_table(run: list[list[Line]]) -> bool:
    if len(run) < _FEWEST_ROWS:
        return False
    widest = max(map(len, run))
    if widest >= _CELLS_OF_A_SURE_TABLE:
        return True
    # Two columns of short lines are a table only when every row has both cells and
    # the second column starts at one place.
    return all(
        abs(a[1].rect.left - b[1].rect.left) < a[1].size for a, b in pairwise(run)
    )
