"""The reading sheet: one page that works from a disk, offline, with a keyboard alone.

Each question stands beside its page, the sentence that it is drawn from lit. Verdicts
are kept by the browser and saved as CSV, in the columns that `rates` reads.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from exams.reading import Box
from tests.laboratory.measuring import Asked, Measured
from tests.laboratory.rates import COLUMNS

HERE = Path(__file__).parent
STYLES = Path(__file__).parents[2] / "static" / "css"
PICTURE = 900


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Attributes of an SVG `rect`, in page points."""

    key: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a lecture with the questions that are about it."""

    number: int
    width: float
    height: float
    picture: str
    text: str
    asked: tuple[Asked, ...]
    lit: tuple[Rectangle, ...]


def sheets(lecture: Measured, pictures: Mapping[int, bytes]) -> list[Sheet]:
    """The cited pages of a lecture, with their pictures as WebP."""
    return [
        _sheet(lecture, number, pictures.get(number, b""))
        for number in sorted({asked.page for asked in lecture.asked})
    ]


def _sheet(lecture: Measured, number: int, picture: bytes) -> Sheet:
    width, height = lecture.sizes[number]
    here = tuple(asked for asked in lecture.asked if asked.page == number)
    return Sheet(
        number=number,
        width=width,
        height=height,
        picture=f"data:image/webp;base64,{b64encode(picture).decode()}",
        text=lecture.texts[number],
        asked=here,
        lit=tuple(
            _rectangle(asked.key, box, width, height)
            for asked in here
            for box in asked.boxes.get(number, ())
        ),
    )


def _rectangle(key: str, box: Box, width: float, height: float) -> Rectangle:
    return Rectangle(
        key=key,
        x=round(box.left * width, 1),
        y=round(box.top * height, 1),
        width=round((box.right - box.left) * width, 1),
        height=round((box.bottom - box.top) * height, 1),
    )


def page(title: str, parts: Sequence[tuple[Measured, Sequence[Sheet]]]) -> str:
    """The whole sheet as HTML. What lectures say is text in it and nothing else."""
    keys = "".join(asked.key for lecture, _ in parts for asked in lecture.asked)
    context = {
        "title": title,
        "parts": parts,
        "total": sum(len(lecture.asked) for lecture, _ in parts),
        # Verdicts are kept for these questions: another sheet begins anew.
        "id": hashlib.sha256(keys.encode()).hexdigest()[:12],
        "columns": ",".join(COLUMNS),
        "tokens": _ours(STYLES / "tokens.css"),
        "style": _ours(HERE / "sheet.css"),
        "script": _ours(HERE / "sheet.js"),
    }
    engine = Engine(dirs=[str(HERE)])
    return engine.get_template("sheet.html").render(Context(context, use_l10n=False))


def _ours(path: Path) -> str:
    """A style or script of the repository, to stand in the page as it is."""
    return mark_safe(path.read_text("utf-8"))
