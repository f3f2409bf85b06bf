"""Text recognition: pictures of text become words, page by page, in a job of its own.

It takes seconds a page where reading takes milliseconds. So each page is kept as it
comes, and a run ends after a while for others to have their turn: the next goes on
where it stopped, and so does a run after one that was killed.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from django.conf import settings

from examgen.jobs.clock import now
from examgen.jobs.runner import Run
from exams import reading
from exams.models import Lecture, Recognition
from exams.services import lectures, readings

STAGE = "recognised"


class NoTesseractError(Exception):
    """The site is to recognise text, and this machine has nothing to do it with."""


def recognise_pages(*, run: Run, lecture_id: uuid.UUID) -> None:
    """Recognise the lecture's pictures of text, then read it with what they say."""
    lecture = readings.unread(lecture_id)
    if lecture is None:
        return  # deleted, cancelled, or read by another run
    with readings.at_hand(run, lecture) as path:
        document = readings.read_copy(lecture, path)
        missing = readings.untried_pictures(document)
        if missing:
            if not _recognise(run, lecture, path, document, missing):
                return
            document = readings.read_copy(lecture, path)
        readings.keep(run, lecture, document, path)


def _recognise(
    run: Run,
    lecture: Lecture,
    path: Path,
    document: reading.Document,
    missing: tuple[int, ...],
) -> bool:
    """Whether all of them are kept now; if not, the job is put back to go on."""
    tesseract = installed()
    tried = [page for page in document.pages if page.confidence is not None]
    total = len(tried) + len(missing)
    until = monotonic() + settings.OCR_TURN_SECONDS
    for place, number in enumerate(missing, start=len(tried)):
        run.progress(STAGE, place, total)
        found = tesseract.recognise(path, number, limits=lectures.limits())
        with run.checkpoint(STAGE, place + 1, total):
            _keep(lecture, number, tesseract.languages, found)
        if monotonic() > until and place + 1 < total:
            with run.postpone(now(), "others_turn"):
                return False
    return True


def read_file(
    path: Path, progress: Callable[[str, int, int], None]
) -> reading.Document:
    """A file that is no lecture of anybody, its pictures recognised where the site does.

    Raises `ReadingError`, and `NoTesseractError` where the program is missing.
    """
    most = settings.OCR_MAX_PAGES if settings.OCR else 0
    limits = lectures.limits()
    document = reading.read_lecture(
        path,
        limits=limits,
        progress=lambda done, total: progress("read", done, total),
        untried=most,
    )
    missing = document.untried_pictures(most)
    if not missing:
        return document
    tesseract = installed()
    found: dict[int, reading.Recognised] = {}
    for number in missing:
        progress(STAGE, len(found), len(missing))
        found[number] = tesseract.recognise(path, number, limits=limits)
    return reading.read_lecture(path, limits=limits, recognised=found)


def installed() -> reading.Tesseract:
    program = shutil.which(settings.OCR)
    if program is None:
        raise NoTesseractError(settings.OCR)
    return reading.Tesseract(program, settings.OCR_LANGUAGES)


def _keep(
    lecture: Lecture, number: int, languages: str, found: reading.Recognised
) -> None:
    Recognition.objects.update_or_create(
        lecture=lecture,
        number=number,
        defaults={
            "languages": languages,
            "confidence": found.confidence,
            "trouble": found.trouble,
            "words": found.to_json() if found.is_sure else [],
        },
    )
