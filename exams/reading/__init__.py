"""PDF bytes to pages, blocks and words, in a limited child process.

Importing this package loads neither PDFium nor pypdf nor Pillow: those live in the
children alone, and in the server that they are forked from. The story: `reader` ->
`process` -> `server` | `forkserver` -> `child` (`extraction`, `inspection`,
`pictures`) -> `tokens` -> `structure` -> `document`. Pictures of text go by way of
`recogniser` -> `recognition`, which makes tokens of them too.
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
from exams.reading.recogniser import Tesseract
from exams.reading.recognition import LEAST_CONFIDENCE, Recognised

__all__ = [
    "HEAD_BYTES",
    "LEAST_CONFIDENCE",
    "READER_VERSION",
    "Block",
    "Box",
    "Document",
    "Limits",
    "Page",
    "PageImage",
    "PageKind",
    "ReadingError",
    "Recognised",
    "Role",
    "Tesseract",
    "Word",
    "preflight",
    "ranges",
    "read_lecture",
    "render_pages",
]
