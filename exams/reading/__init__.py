"""PDF bytes to pages, blocks and words, in a limited child process.

Importing this package loads neither PDFium nor pypdf nor Pillow: those live in the
child alone. The story: `reader` -> `process` -> `child` (`extraction`, `inspection`,
`pictures`) -> `tokens` -> `structure` -> `document`.
"""

from __future__ import annotations

from exams.reading.document import (
    Block,
    Box,
    Document,
    Page,
    PageKind,
    ReadingError,
    Role,
    Word,
)
from exams.reading.limits import READER_VERSION, Limits
from exams.reading.preflight import HEAD_BYTES, preflight
from exams.reading.reader import PageImage, ranges, read_lecture, render_pages

__all__ = [
    "HEAD_BYTES",
    "READER_VERSION",
    "Block",
    "Box",
    "Document",
    "Limits",
    "Page",
    "PageImage",
    "PageKind",
    "ReadingError",
    "Role",
    "Word",
    "preflight",
    "ranges",
    "read_lecture",
    "render_pages",
]
