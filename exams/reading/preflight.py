"""What can be said about a file from its first bytes, without opening it."""

from __future__ import annotations

from pathlib import PurePath

from exams.reading.document import ReadingError
from exams.reading.limits import Limits

HEAD_BYTES = 4096
_SIGNATURE = b"%PDF-"
_SIGNATURE_WITHIN = 1024

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"{\\rtf", "word"),
    (b"%!PS", "postscript"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)
# Names of parts stand uncompressed in a zip's local headers.
_ZIP_PARTS = (
    (b"ppt/", "powerpoint"),
    (b"opendocument.presentation", "powerpoint"),
    (b"word/", "word"),
    (b"opendocument.text", "word"),
    (b"xl/", "spreadsheet"),
    (b"opendocument.spreadsheet", "spreadsheet"),
    (b"application/epub+zip", "book"),
)
_SUFFIXES = {
    "powerpoint": (".pptx", ".ppt", ".pps", ".ppsx", ".odp", ".pot", ".potx"),
    "word": (".docx", ".doc", ".odt", ".rtf"),
    "keynote": (".key",),
    "spreadsheet": (".xlsx", ".xls", ".ods"),
    "book": (".epub",),
}
_PHOTOGRAPHS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<?xml")


def preflight(head: bytes, size: int, limits: Limits, *, name: str = "") -> None:
    """Refuse what cannot be a lecture, by size and first bytes.

    `name` only sharpens the guess of what the file is instead; it never decides
    whether the file is a PDF.
    """
    if size == 0 or not head:
        raise ReadingError("empty")
    if size > limits.max_bytes:
        raise ReadingError("too_large", size=size, limit=limits.max_bytes)
    if _SIGNATURE not in head[:_SIGNATURE_WITHIN]:
        raise ReadingError("not_pdf", kind=kind_of(head[:HEAD_BYTES], name))


def kind_of(head: bytes, name: str = "") -> str:
    """A plain word for what a file is when it is no PDF."""
    if head.startswith(b"PK"):
        return _by_part(head) or _by_suffix(name) or "archive"
    if head.startswith(_COMPOUND_FILE):
        return _by_suffix(name) or "office"
    return _by_signature(head) or _by_markup(head) or _by_letters(head)


def _by_signature(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "picture"
    if head[4:12] in _PHOTOGRAPHS:
        return "picture"
    found = (kind for start, kind in _SIGNATURES if head.startswith(start))
    return next(found, "")


def _by_markup(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(_MARKUP):
        return ""
    return "picture" if b"<svg" in start else "web page"


def _by_part(head: bytes) -> str:
    return next((kind for part, kind in _ZIP_PARTS if part in head), "")


def _by_suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return next((kind for kind, known in _SUFFIXES.items() if suffix in known), "")


def _by_letters(head: bytes) -> str:
    if b"\x00" in head:
        return "unknown"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The end of the head may cut a character in two.
        return "text" if error.start >= len(head) - 3 else "unknown"
    return "text"
