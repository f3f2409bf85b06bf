"""Numbers that PDFium writes, in cells made once. Child only.

A page asks for thousands of boxes and colours, and making four cells for each answer
takes longer than the answer.
"""

from __future__ import annotations

from ctypes import Array, c_double, c_float, c_int, c_uint, sizeof
from typing import Any

Number = c_double | c_float | c_int | c_uint


class Cells:
    """`places` are handed to PDFium, and `values` hold what it wrote there last."""

    def __init__(self, kind: type[Number], count: int) -> None:
        self.values: Array[Any] = (kind * count)()
        self.places = tuple(
            kind.from_buffer(self.values, number * sizeof(kind))
            for number in range(count)
        )
