"""Files that are no lecture: what is wrong, where it is noticed, what people read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.samples import hostile, pdfs

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BadFile:
    """`at_upload` when the first bytes already tell; otherwise the reader finds out.

    `words` stand in the sentence that people read: the cause, and what to do next.
    """

    label: str
    content: Callable[[], bytes]
    code: str
    words: tuple[str, ...]
    at_upload: bool = False
    name: str = "week1.pdf"

    def __str__(self) -> str:
        return self.label


def _large() -> bytes:
    return pdfs.prose(1) + bytes(MEGABYTE)


AT_UPLOAD = (
    BadFile("empty", bytes, "empty", ("empty", "Export the lecture again"), True),
    BadFile("over-size", _large, "too_large", ("larger than 1 MB", "Split it"), True),
    BadFile(
        "web page named .pdf",
        hostile.html,
        "not_pdf",
        ("web page", "Save as PDF"),
        True,
    ),
    BadFile(
        "PowerPoint file named .pdf",
        hostile.powerpoint,
        "not_pdf",
        ("PowerPoint", "Export", "PDF"),
        True,
    ),
    BadFile(
        "PowerPoint file",
        hostile.powerpoint,
        "not_pdf",
        ("PowerPoint", "Export", "PDF"),
        True,
        name="week1.pptx",
    ),
    BadFile(
        "Word file named .pdf",
        hostile.word_document,
        "not_pdf",
        ("Word", "PDF"),
        True,
    ),
    BadFile(
        "archive named .pdf", hostile.plain_zip, "not_pdf", ("archive", "Unpack"), True
    ),
)
AT_READING = (
    BadFile("truncated", hostile.truncated, "damaged", ("damaged", "Export it again")),
    BadFile(
        "header only", hostile.header_only, "damaged", ("damaged", "Export it again")
    ),
    BadFile("encrypted", pdfs.encrypted, "encrypted", ("password", "Save a copy")),
    BadFile("image-only", pdfs.scan, "scanned", ("pictures of text", "1-3", "OCR")),
    BadFile("zero-page", hostile.zero_pages, "no_pages", ("no pages", "Export")),
    BadFile(
        "too many pages",
        lambda: pdfs.many_pages(21),
        "too_many_pages",
        ("21 pages", "at most 20", "Split it"),
    ),
    BadFile(
        "too few words",
        pdfs.few_words,
        "too_little_text",
        ("4 words", "at least 150"),
    ),
)
BAD_FILES = (*AT_UPLOAD, *AT_READING)


@cache
def content(bad: BadFile) -> bytes:
    """Build a file once per process."""
    return bad.content()
