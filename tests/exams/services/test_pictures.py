"""Large pictures of pages, drawn when somebody looks."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen.jobs.models import Job
from exams.models import Page
from exams.services import pictures
from tests.factories import lectures
from tests.threads import together


@pytest.fixture
def page(educator: User) -> Page:
    """Read for real, and not yet drawn large."""
    lecture = lectures.drafted(educator).lecture
    Page.objects.update(image="")
    page: Page = lecture.pages.get(number=1)
    return page


def jobs(page: Page) -> list[str]:
    drawing = Job.objects.filter(subject=page.id, consumer="exams.draw_page")
    return list(drawing.values_list("state", flat=True))


def test_it_is_drawn_for_whoever_wants_it(page: Page) -> None:
    assert not pictures.was_tried(page)
    pictures.want(page=page, actor=page.lecture.owner_id)
    assert pictures.is_wanted(page)
    lectures.run_jobs()
    page.refresh_from_db()
    with default_storage.open(page.image) as file:
        assert file.read(4) == b"RIFF"
    assert not pictures.is_wanted(page)
    pictures.want(page=page, actor=page.lecture.owner_id)
    assert jobs(page) == ["done"]


def test_many_who_want_it_at_once_cost_one_job(
    shared_database: None, page: Page
) -> None:
    def ask() -> None:
        pictures.want(page=page, actor=page.lecture.owner_id)

    together([ask] * 4)
    assert jobs(page) == ["queued"]


def test_a_page_that_cannot_be_drawn_keeps_its_small_picture(
    client: Client, page: Page, settings
) -> None:
    settings.LECTURE_MAX_BYTES = 10
    pictures.want(page=page, actor=page.lecture.owner_id)
    lectures.run_jobs()
    assert jobs(page) == ["done"]
    client.force_login(page.lecture.owner)
    address = reverse("lecture_page", args=[page.lecture_id, 1])
    shown = client.get(address).content.decode()
    assert "Draw it larger" in shown
    # It does not ask by itself again.
    assert "load, submit" not in shown


def test_a_page_that_was_deleted_meanwhile_is_not_drawn(page: Page) -> None:
    pictures.want(page=page, actor=page.lecture.owner_id)
    Page.objects.all().delete()
    lectures.run_jobs()
    assert jobs(page) == ["done"]
