"""What is drawn on a page besides its letters. Runs in the child only (PDFium).

Whether a letter can be seen depends on what was drawn before it and after it, so
shapes and pictures are listed in the order of drawing, those in forms as well.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from ctypes import c_float, c_int, c_uint
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from exams.reading.cells import Cells
from exams.reading.surface import Bounds, Surface

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
_MOST_OBJECTS = 20_000
_MOST_SHAPES = 300
_DEEPEST = 4
_NARROWEST, _LOWEST = 8.0, 3.0
_LARGEST_DOT = 30.0
_OPAQUE = 200
_RECTANGLE_SEGMENTS = 6
# What a picture of one colour needs in the file, per pixel and at least.
_PLAIN_SHARE, _PLAIN_BYTES = 0.01, 64


class Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def inside(self, outer: Matrix) -> Matrix:
        """Do this one first, then the one around it."""
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def bounds(self, left: float, bottom: float, right: float, top: float) -> Bounds:
        corners = [
            (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
            for x in (left, right)
            for y in (bottom, top)
        ]
        across, up = zip(*corners, strict=True)
        return min(across), min(up), max(across), max(up)


PAGE_ITSELF = Matrix(1, 0, 0, 1, 0, 0)
_EDGES, _MODE, _RGBA = Cells(c_float, 4), Cells(c_int, 2), Cells(c_uint, 4)


@dataclass(frozen=True, slots=True)
class Shape:
    """Something opaque that fills its box, or might.

    `colour` is None for what has many. `plain` says that a picture may well be of one
    colour, `picture` that it is one at all.
    """

    order: int
    box: Bounds
    colour: Colour | None = None
    picture: bool = False
    plain: bool = False

    def holds(self, across: float, down: float) -> bool:
        left, top, right, bottom = self.box
        return left <= across <= right and top <= down <= bottom


class Scenery:
    """`orders` places each text object, by address, among the shapes.

    `texts` are all text objects, and `layered` the addresses of those on a layer that
    the file may switch off. `small` is where something is drawn that might be the mark of
    a list item. `cost` is about how many milliseconds drawing would take.
    """

    def __init__(self, page: pypdfium2.PdfPage, surface: Surface) -> None:
        self.surface = surface
        self.shapes: list[Shape] = []
        self.small: list[Bounds] = []
        self.texts: list[Any] = []
        self.orders: dict[int, int] = {}
        self.layered: set[int] = set()
        self.cost = 20.0
        self.count = 0
        self.walk(_objects_of_page(page), PAGE_ITSELF, _DEEPEST, layered=False)
        self.cost += self.count / 200
        if len(self.shapes) > _MOST_SHAPES:
            self.shapes.sort(key=_area, reverse=True)
            del self.shapes[_MOST_SHAPES:]
            self.shapes.sort(key=lambda shape: shape.order)

    @property
    def is_bare(self) -> bool:
        """Whether nothing on the page can hide its text."""
        return not self.shapes and not self.layered

    def walk(
        self, objects: Iterator[Any], matrix: Matrix, depth: int, *, layered: bool
    ) -> None:
        for drawn in objects:
            self.count += 1
            if self.count > _MOST_OBJECTS:
                return
            kind = raw.FPDFPageObj_GetType(drawn)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                address = ctypes.addressof(drawn.contents)
                self.orders[address] = self.count
                self.texts.append(drawn)
                if layered or _is_on_layer(drawn):
                    self.layered.add(address)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self.add_path(drawn, matrix)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
                self.walk(
                    _objects_of_form(drawn),
                    _matrix_of(drawn).inside(matrix),
                    depth - 1,
                    layered=layered or _is_on_layer(drawn),
                )
            else:
                self.add_picture(drawn, kind, matrix)

    def add_path(self, drawn: Any, matrix: Matrix) -> None:
        box = self.box_of(drawn, matrix)
        if box is None:
            return
        if not raw.FPDFPath_GetDrawMode(drawn, *_MODE.places) or not _MODE.values[0]:
            return
        colour, alpha = fill_of(drawn)
        if alpha < _OPAQUE:
            return
        # The bounds of anything but a rectangle say little about what it covers.
        if raw.FPDFPath_CountSegments(drawn) > _RECTANGLE_SEGMENTS:
            colour = None
        self.shapes.append(Shape(self.count, box, colour))

    def add_picture(self, drawn: Any, kind: int, matrix: Matrix) -> None:
        box = self.box_of(drawn, matrix)
        if box is None:
            return
        plain = False
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            wide, high = ctypes.c_uint(), ctypes.c_uint()
            raw.FPDFImageObj_GetImagePixelSize(drawn, wide, high)
            pixels = wide.value * high.value
            self.cost += 40 * pixels / 1_000_000
            size = raw.FPDFImageObj_GetImageDataRaw(drawn, None, 0)
            plain = size <= max(_PLAIN_BYTES, _PLAIN_SHARE * pixels)
        self.shapes.append(Shape(self.count, box, None, picture=True, plain=plain))

    def box_of(self, drawn: Any, matrix: Matrix) -> Bounds | None:
        """Where it is seen, unless it is too small to hide a word."""
        edges = _bounds_of(drawn)
        if edges is None:
            return None
        if matrix is not PAGE_ITSELF:
            edges = matrix.bounds(*edges)
        wide, high = edges[2] - edges[0], edges[3] - edges[1]
        if wide < _LARGEST_DOT and high < _LARGEST_DOT:
            self.small.append(self.surface.seen(*edges))
        if (
            wide < _LOWEST
            or high < _LOWEST
            or (wide < _NARROWEST and high < _NARROWEST)
        ):
            return None
        return self.surface.seen(*edges)

    def around(
        self, address: int, across: float, down: float
    ) -> tuple[Shape | None, Shape | None]:
        """The shape right behind a text at this place, and the first one before it."""
        order = self.orders.get(address, 0)
        behind = None
        for shape in self.shapes:
            if shape.holds(across, down):
                if shape.order > order:
                    return behind, shape
                behind = shape
        return behind, None


def fill_of(drawn: Any) -> tuple[Colour | None, int]:
    return _colour(raw.FPDFPageObj_GetFillColor, drawn)


def stroke_of(drawn: Any) -> tuple[Colour | None, int]:
    return _colour(raw.FPDFPageObj_GetStrokeColor, drawn)


def _colour(ask: Any, drawn: Any) -> tuple[Colour | None, int]:
    """A colour and how opaque it is; None for a pattern."""
    if not ask(drawn, *_RGBA.places):
        return None, 255
    red, green, blue, alpha = _RGBA.values[:]
    return (red, green, blue), alpha


def _area(shape: Shape) -> float:
    left, top, right, bottom = shape.box
    return (right - left) * (bottom - top)


def _objects_of_page(page: pypdfium2.PdfPage) -> Iterator[Any]:
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        yield raw.FPDFPage_GetObject(page.raw, index)


def _objects_of_form(form: Any) -> Iterator[Any]:
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        yield raw.FPDFFormObj_GetObject(form, index)


def _matrix_of(drawn: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    return Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _bounds_of(drawn: Any) -> Bounds | None:
    if not raw.FPDFPageObj_GetBounds(drawn, *_EDGES.places):
        return None
    left, bottom, right, top = _EDGES.values[:]
    # Edges are single floats: the difference of two is finite if both are.
    if not (math.isfinite(right - left) and math.isfinite(top - bottom)):
        return None
    return left, bottom, right, top


def _is_on_layer(drawn: Any) -> bool:
    for index in range(max(raw.FPDFPageObj_CountMarks(drawn), 0)):
        name = (ctypes.c_ushort * 8)()
        length = ctypes.c_ulong()
        mark = raw.FPDFPageObj_GetMark(drawn, index)
        if raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and (
            bytes(name)[: length.value].decode("utf-16-le").rstrip("\x00") == "OC"
        ):
            return True
    return False
