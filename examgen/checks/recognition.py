"""System checks of text recognition: without them every page would be left out."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from examgen.settings.declared import DECLARED

_LANGUAGES = re.compile(r"[A-Za-z0-9_]+(?:\+[A-Za-z0-9_]+)*")
_PATIENCE = 10
_PROGRAMS = DECLARED["EXAMGEN_OCR"].words


@register
def check_ocr(**_: Any) -> list[CheckMessage]:
    """Each says why no text would be recognised, and the next only if it may be so."""
    if not settings.OCR:
        return []
    if settings.OCR not in _PROGRAMS:
        said = f"EXAMGEN_OCR is {settings.OCR!r}."
        hint = f"Leave it empty, or set it to: {', '.join(_PROGRAMS)}."
        return [Error(said, hint=hint, id="examgen.E007")]
    program = shutil.which(settings.OCR)
    known = _languages_of(program) if program else None
    if known is None:
        said = f"EXAMGEN_OCR is {settings.OCR}, and there is no such program."
        hint = "Install it (Debian: tesseract-ocr), or unset EXAMGEN_OCR."
        return [Error(said, hint=hint, id="examgen.E008")]
    return _check_languages(known)


def _check_languages(known: set[str]) -> list[CheckMessage]:
    wanted = settings.OCR_LANGUAGES
    if not _LANGUAGES.fullmatch(wanted):
        said = f"EXAMGEN_OCR_LANGUAGES is {wanted!r}."
        hint = "Join the names of languages by +: eng+deu."
        return [Error(said, hint=hint, id="examgen.E009")]
    missing = [name for name in wanted.split("+") if name not in known]
    if not missing:
        return []
    said = f"EXAMGEN_OCR_LANGUAGES names what is not installed: {', '.join(missing)}."
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
    hint = f"Install it (Debian: {packages}), or choose of: {', '.join(sorted(known))}."
    return [Error(said, hint=hint, id="examgen.E009")]


def _languages_of(program: str) -> set[str] | None:
    """What the program has data for, None when it does not even start."""
    try:
        told = subprocess.run(  # noqa: S603 - found by a name of our own
            [program, "--list-langs"],
            capture_output=True,
            text=True,
            errors="replace",
            env={},
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return set(told.stdout.split("\n")[1:]) - {"", "osd"}
