"""Large pictures of pages: of what questions cite, and of what somebody looks at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import models, transaction

from examgen.jobs.events import record
from examgen.jobs.models import Job
from examgen.jobs.runner import Run
from examgen.jobs.states import OPEN
from exams import reading
from exams.models import Lecture, Page
from exams.services import files, lectures
from exams.services.readings import image_key, leaving_nothing_of


def store_large(run: Run, lecture: Lecture, numbers: Sequence[int]) -> dict[int, str]:
    """Draw these pages into the store; the key of each that could be drawn.

    Raises ReadingError for a file that breaks the child which draws.
    """
    if not numbers:
        return {}
    width = settings.PAGE_IMAGE_WIDTH
    keys: dict[int, str] = {}
    with files.local_copy(lecture.file) as path:
        for image in reading.render_pages(
            path, numbers, width=width, limits=lectures.limits()
        ):
            keys[image.number] = image_key(run, lecture, image.number, width)
            files.keep_derived(keys[image.number], image.webp)
            run.progress("pictures", len(keys), len(numbers))
    return keys


def want(*, page: Page, actor: uuid.UUID) -> None:
    """Ask for the large picture of a page that has none; once, however often asked."""
    with transaction.atomic():
        held = Page.objects.select_for_update(no_key=True).filter(pk=page.pk, image="")
        if held.exists() and not is_wanted(page):
            record("page.wanted", page, actor=actor, lecture=str(page.lecture_id))


def is_wanted(page: Page) -> bool:
    """Whether a worker is drawing the page, or will."""
    return _jobs(page).filter(state__in=OPEN).exists()


def was_tried(page: Page) -> bool:
    """Whether its picture was asked for before."""
    return _jobs(page).exists()


def draw_wanted(*, run: Run, page_id: uuid.UUID) -> None:
    """Draw the page; one that cannot be drawn keeps its small picture."""
    blank = Page.objects.select_related("lecture").filter(pk=page_id, image="")
    page = blank.first()
    if page is None:
        return  # deleted, read again, or drawn for a question meanwhile
    with leaving_nothing_of(page.lecture):
        try:
            keys = store_large(run, page.lecture, [page.number])
        except reading.ReadingError:
            keys = {}
        with run.finish():
            blank.update(image=keys.get(page.number, ""))


def _jobs(page: Page) -> models.QuerySet[Job]:
    return Job.objects.filter(subject=page.pk, consumer="exams.draw_page")
