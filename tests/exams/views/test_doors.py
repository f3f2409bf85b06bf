"""Closing, reopening, moving the end, releasing: asked first, said afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from examgen.jobs.clock import now
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing as services
from exams.states import ExamState
from tests.factories import exams, publishing

DAY = timedelta(days=1)
PAGES = ("exam_close", "exam_reopen", "exam_end", "exam_release")


@pytest.fixture
def version(educator: User) -> ExamVersion:
    exam = exams.reviewed(educator, title="Mid-term")
    return publishing.published(educator, exam=exam, release=Release.MANUAL)


@pytest.fixture
def closed(version: ExamVersion, educator: User) -> ExamVersion:
    services.close_exam(version=version, actor=educator.id)
    return version


def at(version: ExamVersion, name: str) -> str:
    return reverse(name, args=[version.exam_id])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def leads_back(response: HttpResponse, version: ExamVersion) -> bool:
    return response["Location"] == at(version, "share")


# Closing


def test_closing_asks_first_and_says_what_it_means(
    browser: Client, version: ExamVersion
) -> None:
    page = browser.get(at(version, "exam_close"))
    assert "Close “Mid-term” now?" in text(page)
    assert "Who is writing keeps the time they have." in text(page)
    assert at(version, "share") in text(page)
    assert ExamVersion.objects.get().closed_at is None

    response = browser.post(at(version, "exam_close"))
    assert leads_back(response, version)
    assert said(response) == ["“Mid-term” is closed. You can reopen it."]
    assert ExamVersion.objects.get().exam.state == ExamState.CLOSED


def test_closing_an_exam_without_limit_and_end_says_that_it_ends_all(
    browser: Client, educator: User
) -> None:
    version = publishing.published(educator, closes_at=None, release=Release.MANUAL)
    page = text(browser.get(at(version, "exam_close")))
    assert "what students are writing is handed in as it is saved" in page


def test_closing_twice_is_said(browser: Client, closed: ExamVersion) -> None:
    response = browser.post(at(closed, "exam_close"))
    assert leads_back(response, closed)
    assert said(response) == ["This exam is closed already."]


# Reopening


def test_reopening_asks_for_a_new_end(browser: Client, closed: ExamVersion) -> None:
    page = browser.get(at(closed, "exam_reopen"))
    assert "Reopen “Mid-term”" in text(page)
    assert "Results are hidden again until you release them." in text(page)
    assert "Times are in UTC." in text(page)
    suggested = page.context["form"]["closes_at"].value()
    assert suggested.strftime("%H:%M") == "23:59"

    until = now().replace(second=0, microsecond=0) + DAY
    response = browser.post(at(closed, "exam_reopen"), {"closes_at": local(until)})
    assert leads_back(response, closed)
    assert said(response) == ["“Mid-term” is open again."]
    stored = ExamVersion.objects.get()
    assert (stored.closed_at, stored.closes_at) == (None, until)
    assert stored.exam.state == ExamState.PUBLISHED


def test_what_is_open_is_not_reopened(browser: Client, version: ExamVersion) -> None:
    address = at(version, "exam_reopen")
    until = {"closes_at": local(now() + DAY)}
    for response in (browser.get(address), browser.post(address, until)):
        assert leads_back(response, version)
        assert said(response)[-1] == "This exam is open already."
    assert ExamVersion.objects.get().closes_at == version.closes_at


# Moving the end


def test_the_end_is_moved_from_where_it_is(
    browser: Client, version: ExamVersion
) -> None:
    page = browser.get(at(version, "exam_end"))
    assert "Move the end of “Mid-term”" in text(page)
    assert f'value="{local(version.closes_at)}"' in text(page)

    until = now().replace(second=0, microsecond=0) + 2 * DAY
    response = browser.post(at(version, "exam_end"), {"closes_at": local(until)})
    assert leads_back(response, version)
    assert said(response) == ["The end of “Mid-term” is moved."]
    assert ExamVersion.objects.get().closes_at == until


def test_the_end_of_what_is_closed_is_not_moved(
    browser: Client, closed: ExamVersion
) -> None:
    response = browser.get(at(closed, "exam_end"))
    assert leads_back(response, closed)
    assert said(response) == ["This exam is closed. You can reopen it."]


BAD_ENDS = {
    "2020-01-01T10:00": "This end is over already. Choose a later one.",
    "2199-01-01T10:00": "The exam would end more than five years from now.",
    "never": "Enter a day and a time that exist.",
}


@pytest.mark.parametrize("name", ["exam_end", "exam_reopen"])
@pytest.mark.parametrize("typed", BAD_ENDS)
def test_an_end_that_cannot_be_comes_back_with_the_reason(
    browser: Client, version: ExamVersion, name: str, typed: str
) -> None:
    if name == "exam_reopen":
        services.close_exam(version=version, actor=version.exam.owner_id)
    response = browser.post(at(version, name), {"closes_at": typed})
    assert response.status_code == 422
    assert BAD_ENDS[typed] in text(response)
    assert f'value="{typed}"' in text(response)
    assert ExamVersion.objects.get().closes_at == version.closes_at


def test_an_end_may_be_left_empty_only_where_results_do_not_wait_for_it(
    browser: Client, educator: User, version: ExamVersion
) -> None:
    waiting = publishing.published(educator)
    refused = browser.post(at(waiting, "exam_end"), {"closes_at": ""})
    assert refused.status_code == 422
    assert leads_back(browser.post(at(version, "exam_end"), {"closes_at": ""}), version)
    version.refresh_from_db()
    assert version.closes_at is None


# Releasing


def test_releasing_asks_first_and_says_what_it_means(
    browser: Client, closed: ExamVersion
) -> None:
    page = text(browser.get(at(closed, "exam_release")))
    assert "Release the results of “Mid-term”?" in page
    assert "This cannot be undone." in page
    assert ExamVersion.objects.get().released_at is None

    response = browser.post(at(closed, "exam_release"))
    assert leads_back(response, closed)
    assert said(response) == ["The results of “Mid-term” are released."]
    assert ExamVersion.objects.get().released_at is not None
    assert "released on " in text(browser.get(at(closed, "share")))


def test_results_of_an_open_exam_are_refused_in_words(
    browser: Client, version: ExamVersion
) -> None:
    response = browser.post(at(version, "exam_release"))
    assert leads_back(response, version)
    assert said(response) == [
        "The exam is still open. Close it, then release the results."
    ]
    assert ExamVersion.objects.get().released_at is None


# For all of them


@pytest.mark.parametrize("name", PAGES)
def test_without_a_version_there_is_no_such_page(
    browser: Client, educator: User, name: str
) -> None:
    exam = exams.reviewed(educator)
    address = reverse(name, args=[exam.id])
    assert browser.get(address).status_code == 404
    assert browser.post(address).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_another_educator_moves_no_door(
    stranger: Client, version: ExamVersion, name: str
) -> None:
    assert stranger.get(at(version, name)).status_code == 404
    assert stranger.post(at(version, name)).status_code == 404
    assert ExamVersion.objects.get().closed_at is None
