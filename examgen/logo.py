"""The picture before the site's name: a file of the operator, shown to everybody.

Raster formats alone: an SVG may carry a script. Pages name it by the hash of its bytes,
so browsers keep it for ever and never see another picture at the same address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

LARGEST_BYTES = 256 * 1024
LARGEST_PIXELS = 2_000
# It stands before a name, on phones too.
WIDEST = 6
MEANING = "PNG, JPEG or WebP of at most 256 KB and 2000 x 2000 pixels"
_DIGITS = 16


class NoLogoError(ValueError):
    """The file is no logo; says why in a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Logo:
    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:_DIGITS]


def read(path: str) -> Logo:
    """Return the picture in a file by its bytes, whatever the file is called.

    Raises NoLogoError for what cannot be read, is too large or of no such format.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise NoLogoError(f"{path}: {error.strerror}.") from error
    if len(content) > LARGEST_BYTES:
        raise NoLogoError(f"{path} is larger than {LARGEST_BYTES // 1024} KB.")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Logo(content, "image/png")
    if content.startswith(b"\xff\xd8\xff"):
        return Logo(content, "image/jpeg")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Logo(content, "image/webp")
    raise NoLogoError(f"{path} is neither PNG nor JPEG nor WebP.")


def examine(path: str) -> Logo:
    """Read a picture and decode it, as a browser will have to."""
    found = read(path)
    # By name: a page serves the bytes and never decodes them.
    open_image = import_string("PIL.Image.open")
    try:
        with open_image(path) as image:
            size: tuple[int, int] = image.size
            # Some bytes can stand for a picture that fills the memory.
            if fits := max(size) <= LARGEST_PIXELS:
                image.load()
    except Exception as error:
        # Decoders raise whatever they like on broken files.
        raise NoLogoError(f"{path} is broken.") from error
    if not fits:
        raise NoLogoError(f"{path} has {size[0]} x {size[1]} pixels.")
    if size[0] > WIDEST * size[1]:
        raise NoLogoError(f"{path} is more than {WIDEST} times as wide as high.")
    return found


@lru_cache(maxsize=1)
def _of_file(path: str) -> Logo | None:
    """Read once per process; a site whose logo is gone goes on without."""
    try:
        return read(path)
    except NoLogoError:
        log.warning("logo_missing")
        return None


def current() -> Logo | None:
    return _of_file(settings.LOGO) if settings.LOGO else None


def address() -> str:
    """The path of the picture on our own site; empty where there is none."""
    found = current()
    return reverse("logo", args=[found.digest]) if found else ""
