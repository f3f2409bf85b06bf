"""A site whose files lie in a bucket that browsers reach themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from exams import samples
from tests.browser.site import PASSWORD, Site, running
from tests.examgen.waiting import wait_for
from tests.servers import Nanio
from tests.servers.s3 import KEY, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FilePayload, Page


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nanio]:
    server = Nanio(tmp_path_factory.mktemp("bucket"))
    server.start()
    server.create("exams")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def remote(bucket: Nanio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Demo lectures, read and drafted by way of the bucket."""
    with running(
        tmp_path_factory.mktemp("remote"),
        S3_BUCKET="exams",
        S3_ENDPOINT_URL=bucket.url,
        S3_PUBLIC_URL=bucket.url,
        S3_ACCESS_KEY_ID=KEY,
        S3_SECRET_ACCESS_KEY=SECRET,
        S3_ADDRESSING_STYLE="path",
        EXAMGEN_ENGLISH_MODEL="none",
    ) as site:
        yield site


@pytest.fixture
def educator(remote: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=remote.url)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("educator@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{remote.url}/")
    yield page
    context.close()


def sample() -> FilePayload:
    return {
        "name": "another.pdf",
        "mimeType": "application/pdf",
        # A comment after the end makes it a file that nobody has uploaded.
        "buffer": samples.build("plant-cells") + b"\n% another\n",
    }


def test_pictures_and_files_come_from_the_bucket(
    educator: Page, bucket: Nanio, remote: Site
) -> None:
    """The policy of the page must let them in."""
    said: list[str] = []
    educator.on("console", lambda m: said.append(m.text) if m.type != "log" else None)
    sent: list[str] = []
    educator.on("response", lambda response: sent.append(response.url))
    educator.locator("main a[href$='/review/']").first.click()
    picture = educator.locator(".eg-page img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1024
    assert any(address.startswith(f"{bucket.url}/exams/u/") for address in sent)
    with educator.expect_download() as download:
        educator.goto("/lectures/")
        educator.locator("main a[href^='/lectures/']").first.click()
        educator.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert said == []
    checked = remote.manage("verify_invariants")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def store_answers(page: Page) -> bool:
    return bool(page.request.get("/readyz").json()["store"] == "ok")


def test_an_upload_without_the_store_loses_no_setting(
    educator: Page, bucket: Nanio
) -> None:
    educator.goto("/lectures/")
    educator.get_by_label("Questions", exact=True).fill("7")
    educator.locator("input[type=file]").set_input_files(sample())
    bucket.kill()
    try:
        educator.get_by_role("button", name=re.compile("Upload")).click()
        expect(educator.get_by_role("alert")).to_contain_text(
            "The file store does not answer. Try again in a minute."
        )
        expect(educator.get_by_role("alert")).to_contain_text("another.pdf")
        questions = educator.get_by_label("Questions", exact=True)
        expect(questions).to_have_value("7")
        expect(educator.locator("[data-toast]")).to_have_count(0)
    finally:
        bucket.start()
    # The web process leaves a silent store alone for some seconds.
    wait_for(lambda: store_answers(educator), "the store again", every=0.2)
    educator.locator("input[type=file]").set_input_files(sample())
    educator.get_by_role("button", name=re.compile("Upload")).click()
    expect(educator.get_by_role("heading", name="Another")).to_be_visible()
