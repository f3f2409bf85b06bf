"""Reading a lecture and drawing its pages, through a limited child process.

A worker never opens a PDF itself: PDFium ends the whole process when memory runs out.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from exams.reading.cleaning import clean
from exams.reading.document import Document, Page, ReadingError, Role
from exams.reading.language import language_of, languages_of
from exams.reading.limits import Limits
from exams.reading.preflight import HEAD_BYTES, preflight
from exams.reading.process import Child
from exams.reading.recognition import Recognised, with_words
from exams.reading.structure import pages_of
from exams.reading.tokens import Sheet, sheet_of

DEFAULT_LIMITS = Limits()
_PICTURES_PER_CHILD = 24
# Pages that may break a child before the file is given up.
_MOST_BROKEN = 2
# A child that ran out of these was ended and did not refuse.
_KILLED = frozenset({"memory", "time", "output"})
_WORD = re.compile(r"[^\W_]+")
_USELESS_TITLE = re.compile(
    r"^(?:untitled.*|\W*|(?:microsoft (?:word|powerpoint)|powerpoint presentation)\b.*"
    r"|.*\.(?:docx?|pptx?|tex|dvi|pdf|indd|odt|odp|key|html?)|(?:slide|title|lecture)"
    r"|about:blank|\(?anonymous\)?|unspecified)$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 200
_EARLY = 3


@dataclass(frozen=True, slots=True)
class PageImage:
    number: int
    width: int
    height: int
    webp: bytes


def read_lecture(
    path: Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[int, int], None] | None = None,
    name: str = "",
    recognised: Mapping[int, Recognised] = MappingProxyType({}),
    untried: int = 0,
) -> Document:
    """The document in `path`, or a `ReadingError` that says why there is none.

    `progress(read, total)` is called as pages arrive. `name` is what the person called
    the file, to say more exactly what it is when it is no PDF. `recognised` is what
    text recognition found, by page. While some of the first `untried` pictures of text
    wait for it, a document is not refused for having too little text.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    preflight(head, path.stat().st_size, limits, name=name or path.name)
    # Started first and heard last, so that both children work at the same time.
    with Child("inspect", path, limits) as inspector:
        try:
            read, broken = _read_sheets(path, limits, progress)
        except ReadingError as error:
            if error.code == "damaged" and _facts(inspector)["no_pages"]:
                raise ReadingError("no_pages") from None
            raise
        facts = _facts(inspector)
    sheets = [
        with_words(sheet, recognised[sheet.number])
        if sheet.scan and sheet.number in recognised
        else sheet
        for sheet in read
    ]
    pages = pages_of(
        sheets,
        labels=facts["labels"],
        most_lines=limits.page_lines,
        tick=_clock(limits.wall_seconds),
    )
    language = language_of(_content(page) for page in pages if not page.shown_on)
    tongues = languages_of([_content(page) for page in pages], language)
    flags = set(facts["flags"])
    if any(sheet.text_layer for sheet in sheets):
        flags.add("text_layer")
    if any(sheet.unreadable for sheet in sheets):
        flags.add("unreadable_pages")
    if any(sheet.confidence is not None and not sheet.scan for sheet in sheets):
        flags.add("recognised")
    document = Document(
        title=title_of(facts["title"], pages),
        language=language,
        pages=tuple(
            replace(page, language=tongue)
            for page, tongue in zip(pages, tongues, strict=True)
        ),
        flags=tuple(sorted(flags)),
        outline=tuple(facts["outline"]),
    )
    if document.untried_pictures(untried):
        return document
    try:
        _refuse_without_text(pages, limits)
    except ReadingError as error:
        # What is left of a file that broke the reader says little about the file.
        raise broken or error from None
    return document


def render_pages(
    path: Path,
    numbers: Sequence[int],
    *,
    width: int,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[PageImage]:
    """Pages as WebP, in the order asked for; one that cannot be drawn is left out.

    So is one that breaks the child, but for the last of too many of them, or if no
    page can be drawn: then `ReadingError` names it.
    """
    waiting = list(numbers)
    drawn = broken = 0
    while waiting:
        batch = waiting[:_PICTURES_PER_CHILD]
        begun = 0
        with Child("render", path, limits, numbers=batch, width=width) as child:
            try:
                for message in child.messages():
                    begun += "drawing" in message
                    if "webp" in message:
                        drawn += 1
                        yield _image(message)
                begun = len(batch)
            except ReadingError as error:
                broken += 1
                spent = broken > _MOST_BROKEN or not (drawn or waiting[begun:])
                if error.code != "too_complex" or spent or not begun:
                    raise _at(batch[max(begun, 1) - 1], error) from None
        waiting = waiting[begun:]


def _at(page: int, error: ReadingError) -> ReadingError:
    if error.code != "too_complex":
        return error
    return ReadingError(error.code, **{"page": page, **error.params})


def _image(message: dict[str, Any]) -> PageImage:
    return PageImage(
        number=int(message["page"]),
        width=int(message["width"]),
        height=int(message["height"]),
        webp=base64.b64decode(message["webp"]),
    )


def _read_sheets(
    path: Path, limits: Limits, progress: Callable[[int, int], None] | None
) -> tuple[list[Sheet], ReadingError | None]:
    """A sheet for each page, and what broke the child, if anything did.

    The page that broke it is lost, the others are not: those before it were heard, and
    another child goes on behind it. Out of time, the rest is lost.
    """
    sheets: list[Sheet] = []
    refusals: list[ReadingError] = []
    total = 0
    until = time.monotonic() + limits.wall_seconds
    while True:
        left = replace(limits, wall_seconds=max(until - time.monotonic(), 0.0))
        with Child("read", path, left, first=len(sheets)) as child:
            try:
                for message in child.messages():
                    if "pages" in message:
                        total = int(message["pages"])
                        continue
                    sheets.append(sheet_of(message))
                    if progress is not None:
                        progress(len(sheets), total)
            except ReadingError as error:
                refusals.append(_explained(error, len(sheets) + 1, limits))
                if refusals[-1].params.get("reason") not in _KILLED or not total:
                    raise refusals[-1] from None
                again = (
                    refusals[-1].params["reason"] == "memory"
                    and len(refusals) <= _MOST_BROKEN
                )
                lost = len(sheets) + 1 if again else total
                sheets += map(_unread, range(len(sheets) + 1, lost + 1))
                if len(sheets) < total:
                    continue
        break
    if not total or len(sheets) != total:
        raise ReadingError("damaged")
    if all(sheet.unreadable for sheet in sheets):
        raise refusals[0] if refusals else ReadingError("damaged")
    return sheets, refusals[0] if refusals else None


def _unread(number: int) -> Sheet:
    return Sheet(number=number, width=1.0, height=1.0, unreadable=True)


def _explained(error: ReadingError, page: int, limits: Limits) -> ReadingError:
    extra: dict[str, str | int] = {}
    if error.code == "too_complex":
        extra = {"page": page}
    elif error.code == "too_many_pages":
        extra = {"limit": limits.max_pages}
    elif error.code == "too_large":
        extra = {"limit": limits.max_bytes}
    return ReadingError(error.code, **{**extra, **error.params})


def _facts(inspector: Child) -> dict[str, Any]:
    """What pypdf could tell; a lecture is no worse for a broken outline."""
    nothing = {"title": "", "flags": [], "outline": [], "labels": [], "no_pages": False}
    facts: dict[str, Any] = dict(nothing)
    try:
        for message in inspector.messages():
            facts.update(message)
    except ReadingError:
        facts["flags"] = [*facts["flags"], "not_inspected"]
    if "facts" in facts:
        facts["flags"] = [*facts["flags"], "not_inspected"]
    try:
        return _cleaned(facts)
    except (TypeError, ValueError):
        return _cleaned({**nothing, "flags": ["not_inspected"]})


def _cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    """The same; they go into the database like the text, so they are cleaned like it."""
    return {
        "title": clean(str(facts["title"]))[0],
        "flags": [flag for flag in facts["flags"] if isinstance(flag, str)],
        "labels": [clean(str(label))[0] for label in facts["labels"]],
        "outline": [
            (int(level), clean(str(name))[0].strip(), int(page))
            for level, name, page in facts["outline"]
        ],
        "no_pages": bool(facts["no_pages"]),
    }


def _clock(seconds: float) -> Callable[[], None]:
    deadline = time.monotonic() + seconds

    def tick() -> None:
        if time.monotonic() > deadline:
            raise ReadingError("too_complex", reason="time")

    return tick


def _refuse_without_text(pages: Sequence[Page], limits: Limits) -> None:
    words = sum(
        len(_WORD.findall(_content(page))) for page in pages if not page.shown_on
    )
    if words >= limits.min_words:
        return
    scans = [page.number for page in pages if page.scan]
    if 2 * len(scans) >= len(pages):
        tried = all(page.confidence is not None for page in pages if page.scan)
        code = "unsure_scans" if scans and tried else "scanned"
        raise ReadingError(code, pages=ranges(scans))
    raise ReadingError("too_little_text", words=words, limit=limits.min_words)


def ranges(numbers: Sequence[int]) -> str:
    """`1-3, 7`: page numbers as a person writes them."""
    runs: list[list[int]] = []
    for before, number in pairwise([-1, *numbers]):
        if number == before + 1 and runs:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def _content(page: Page) -> str:
    return "\n".join(
        page.text[block.start : block.end]
        for block in page.blocks
        if block.role is not Role.FURNITURE
    )


def title_of(declared: str, pages: Sequence[Page]) -> str:
    title = " ".join(declared.split())[:_LONGEST_TITLE]
    if title and not _USELESS_TITLE.match(title):
        return title
    for page in pages[:2]:
        for block in page.blocks:
            early = block.role is Role.HEADING and block.order < _EARLY
            if block.role is Role.TITLE or early:
                return page.text[block.start : block.end][:_LONGEST_TITLE]
    return ""
