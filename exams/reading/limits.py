"""How much one lecture may cost. Every bound has a `ReadingError` of its own."""

from __future__ import annotations

from dataclasses import dataclass

# Raised whenever the same bytes may give another text, blocks or boxes: stored
# citations belong to the version that made them.
READER_VERSION = "3"

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    max_bytes: int = 50 * MEGABYTE
    max_pages: int = 500
    page_characters: int = 50_000
    document_characters: int = 2_000_000
    page_lines: int = 10_000
    address_space: int = 512 * MEGABYTE
    cpu_seconds: int = 20
    # Of computing between two answers of a child: for one page, or for one fact.
    answer_seconds: float = 2.0
    wall_seconds: float = 120.0
    output_bytes: int = 32 * MEGABYTE
    pixels: int = 4_000_000
    min_words: int = 150
    recognition_cpu_seconds: int = 40
    recognition_wall_seconds: float = 90.0
