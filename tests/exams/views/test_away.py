"""Pages while the store is down or hangs: words and a time to come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.models import Lecture
from exams.states import LectureState
from tests.factories import exams, stores
from tests.factories.lectures import run_jobs, uploaded
from tests.samples import pdfs
from tests.servers import Nanio

WAIT = 1.0
WEB = {"impatient": True, "connect_seconds": WAIT, "read_seconds": WAIT}
WISH = {"questions": "3", "options": "4", "seed": "42"}


@pytest.fixture
def remote(mortal: Nanio) -> Iterator[Nanio]:
    """The store of this site, in a server that may be harmed."""
    bucket = mortal.create("exams")
    with stores.using(stores.bucket(mortal, bucket)):
        yield mortal


def upload(browser: Client) -> Any:
    file = SimpleUploadedFile("week1.pdf", pdfs.prose(1))
    return browser.post(reverse("lectures"), {"lectures": file, **WISH})


@pytest.mark.parametrize("harm", [Nanio.kill, Nanio.freeze])
def test_pictures_files_and_uploads_say_that_the_store_is_away(
    harm, remote: Nanio, browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    picture = reverse("page_picture", args=[lecture.id, 1, "small"])
    harm(remote)
    begun = time.monotonic()
    with stores.changed(**WEB):
        for address in (picture, reverse("lecture_file", args=[lecture.id])) * 5:
            response: Any = browser.get(address)
            assert (response.status_code, response["Retry-After"]) == (503, "30")
            assert "The file store does not answer" in response.content.decode()
        response = upload(browser)
        page = browser.get(reverse("lecture", args=[lecture.id]))
    # One silence of two tries was waited for, not eleven.
    assert time.monotonic() - begun < 10 * WAIT
    assert response.status_code == 503
    assert 'value="42"' in response.content.decode()
    assert list(Lecture.objects.all()) == [lecture]
    assert page.status_code == 200


def test_an_upload_works_again_when_the_store_is_back(
    remote: Nanio, browser: Client
) -> None:
    remote.kill()
    assert upload(browser).status_code == 503
    assert not Lecture.objects.exists()
    remote.start()
    assert upload(browser).status_code == 302
    assert Lecture.objects.get().state == LectureState.STORED


def test_a_job_waits_for_the_store_and_goes_on_when_it_is_back(
    remote: Nanio, educator: User, settings
) -> None:
    lecture = uploaded(educator, content=pdfs.prose(2))
    remote.kill()
    settings.JOB_BACKOFF_SECONDS = 3600.0
    assert run_jobs() == 1
    job = Job.objects.get()
    assert (job.state, job.tries, job.error_code) == (JobState.RETRY, 0, "store_away")
    lecture.refresh_from_db()
    assert lecture.state == LectureState.STORED

    remote.start()
    Job.objects.update(run_after=lecture.created_at)
    run_jobs()
    lecture.refresh_from_db()
    assert lecture.state == LectureState.READ
    pictures = lecture.pages.values_list("thumbnail", flat=True)
    assert {lecture.file, *pictures} <= stores.objects(remote.folder("exams"))
