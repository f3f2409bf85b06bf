"""Reading a lecture: its bytes become pages and blocks, or a reason why not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from django.conf import settings

from examgen.jobs.claims import LeaseLostError
from examgen.jobs.events import record
from examgen.jobs.runner import Run
from exams import reading
from exams.models import Block, Exam, Lecture, Page
from exams.reading import document as read
from exams.services import anchoring, files, lectures, lifecycle
from exams.states import ExamState, LectureState


def read_lecture(*, run: Run, lecture_id: uuid.UUID) -> None:
    """Read the file in a limited child process and store what it says.

    One with pictures of text waits for text recognition, where the site has that: it
    is asked for, and reads the file once more.
    """
    lecture = unread(lecture_id)
    if lecture is None:
        return  # deleted, cancelled, or read by another run
    with at_hand(run, lecture) as path:
        document = read_copy(
            lecture, path, lambda done, total: run.progress("read", done, total)
        )
        if pictures := untried_pictures(document):
            with run.finish():
                record("lecture.scanned", lecture, pages=len(pictures))
        else:
            keep(run, lecture, document, path)


def unread(lecture_id: uuid.UUID) -> Lecture | None:
    """The lecture, if it is still to be read."""
    return Lecture.objects.filter(id=lecture_id, state=LectureState.STORED).first()


@contextmanager
def at_hand(run: Run, lecture: Lecture) -> Iterator[Path]:
    """Yield the lecture's file; what is wrong with it ends the job well.

    Then the lecture fails with the reason, and trying again would not help.
    """
    with leaving_nothing_of(lecture):
        try:
            with files.local_copy(lecture.file) as path:
                yield path
        except reading.ReadingError as error:
            with run.finish():
                fail_lecture(lecture, error.code, error.params)


@contextmanager
def leaving_nothing_of(*rows: Lecture | Exam) -> Iterator[None]:
    """Erase what the block stored for rows that were deleted meanwhile.

    Their own erasing may have run before the block wrote its last object.
    """
    try:
        yield
    except LeaseLostError:
        for row in rows:
            if not type(row)._default_manager.filter(pk=row.pk).exists():  # noqa: SLF001 - Django's public name
                files.erase(row.prefix)
        raise


def read_copy(
    lecture: Lecture, path: Path, progress: Callable[[int, int], None] | None = None
) -> read.Document:
    """Read the file with what text recognition has found on its pictures so far.

    What was found with other languages counts only where nothing can find it anew.
    """
    found = lecture.recognitions.all()
    if settings.OCR:
        found = found.filter(languages=settings.OCR_LANGUAGES)
    return reading.read_lecture(
        path,
        limits=lectures.limits(),
        progress=progress,
        recognised={row.number: row.as_read() for row in found},
        untried=settings.OCR_MAX_PAGES if settings.OCR else 0,
    )


def untried_pictures(document: read.Document) -> tuple[int, ...]:
    """The pages that text recognition is still to be tried on, if the site has it."""
    return document.untried_pictures(settings.OCR_MAX_PAGES if settings.OCR else 0)


def keep(run: Run, lecture: Lecture, document: read.Document, path: Path) -> None:
    """Store what was read, with small pictures of all pages; the job's end."""
    thumbnails = _store_thumbnails(run, lecture, document, path)
    with run.finish():
        _store_pages(lecture, document, thumbnails)
        lifecycle.move_lecture(
            lecture,
            LectureState.READ,
            event="lecture.read",
            page_count=len(document.pages),
            language=document.language,
            flags=list(document.flags),
            outline=[list(entry) for entry in document.outline],
            untried_pictures=len(document.untried_pictures(settings.OCR_MAX_PAGES)),
            reader_version=reading.READER_VERSION,
            error_code="",
            error_params={},
        )
        texts = {page.number: page.text for page in document.pages}
        anchoring.anchor_again(lecture, texts)
        for exam in lecture.exams.filter(state=ExamState.WAITING):
            lectures.start(exam, actor=None)


def fail_lecture(
    lecture: Lecture, code: str, params: dict[str, str | int] | None = None
) -> None:
    """Fail a lecture and the exams that wait for it, with the reason.

    One that was read before goes on as it was, and so do its exams.
    """
    if lecture.was_read:
        lectures.go_back_to_reading(lecture, code, params or {})
        return
    lifecycle.move_lecture(
        lecture,
        LectureState.FAILED,
        event="lecture.failed",
        facts={"code": code},
        error_code=code,
        error_params=params or {},
    )
    for exam in lecture.exams.filter(state=ExamState.WAITING):
        lifecycle.move_exam(
            exam,
            ExamState.FAILED,
            event="exam.failed",
            facts={"code": "lecture_failed"},
            error_code="lecture_failed",
        )


def load_document(
    lecture: Lecture, numbers: Collection[int] | None = None
) -> read.Document:
    """Return the stored reading of a lecture, or of the pages with these numbers."""
    pages = lecture.pages.prefetch_related("blocks")
    if numbers is not None:
        pages = pages.filter(number__in=numbers)
    return read.Document(
        title=lecture.title,
        language=lecture.language,
        pages=tuple(page.as_read() for page in pages),
        flags=tuple(lecture.flags),
        outline=tuple((level, name, page) for level, name, page in lecture.outline),
    )


def mark_of(run: Run) -> str:
    """Set the names of this run's objects apart from those of every other run.

    What a dead run left can then be removed without asking whether somebody has just
    found it there and counts on it.
    """
    return run.token.hex[:12]


def image_key(run: Run, lecture: Lecture, number: int, width: int) -> str:
    return f"{lecture.prefix}/pages/{number:04d}-{width}-{mark_of(run)}.webp"


def _store_thumbnails(
    run: Run, lecture: Lecture, document: read.Document, path: Path
) -> dict[int, str]:
    numbers = [page.number for page in document.pages]
    width = settings.THUMBNAIL_WIDTH
    keys: dict[int, str] = {}
    for image in reading.render_pages(
        path, numbers, width=width, limits=lectures.limits()
    ):
        keys[image.number] = image_key(run, lecture, image.number, width)
        files.keep_derived(keys[image.number], image.webp)
        run.progress("pictures", len(keys), len(numbers))
    return keys


def _store_pages(
    lecture: Lecture, document: read.Document, thumbnails: dict[int, str]
) -> None:
    # Large pictures show the same page, whatever is read of it.
    drawn = dict(lecture.pages.values_list("number", "image"))
    lecture.pages.all().delete()
    pages = [
        Page(
            lecture=lecture,
            number=page.number,
            label=page.label[:20],
            language=page.language,
            kind=page.kind,
            width=page.width,
            height=page.height,
            text=page.text,
            words=[_compact(word) for word in page.words],
            scan=page.scan,
            confidence=page.confidence,
            trouble=page.trouble,
            hidden_characters=page.hidden_characters,
            shown_on=page.shown_on,
            thumbnail=thumbnails.get(page.number, ""),
            image=drawn.get(page.number, ""),
        )
        for page in document.pages
    ]
    Page.objects.bulk_create(pages, batch_size=100)
    blocks = chain.from_iterable(
        (_block(row, block) for block in page.blocks)
        for row, page in zip(pages, document.pages, strict=True)
    )
    Block.objects.bulk_create(blocks, batch_size=1000)


def _compact(word: read.Word) -> list[int]:
    box = word.box
    sides = (box.left, box.top, box.right, box.bottom)
    return [word.start, word.end, *(round(side * 10_000) for side in sides)]


def _block(row: Page, block: read.Block) -> Block:
    return Block(
        page=row,
        order=block.order,
        role=block.role,
        level=block.level,
        start=block.start,
        end=block.end,
        size=block.size,
        bold=[list(span) for span in block.bold],
    )
