"""A new educator's first five minutes, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from exams import samples

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.site import Site

ADDRESS = "rosa@example.org"
A_LONG_PASSWORD = "seven-green-lamps-3"


@pytest.mark.both_databases
def test_an_educator_signs_up_uploads_reviews_and_edits(page: Page, site: Site):
    # The site has the database that the tests are run on.
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    assert (site.data / "db.sqlite3").exists() is on_sqlite
    sign_up(page)
    upload_a_sample(page)
    page.get_by_role("link", name="Review draft").first.click()

    expect(page.get_by_text("0 of 8 decided")).to_be_visible()
    quote = page.locator(".eg-evidence blockquote").inner_text()
    assert page.locator("rect.eg-lit").count() >= 1
    picture = page.locator(".eg-page img")
    assert picture.evaluate("image => image.naturalWidth") == 1024
    page.get_by_text("Text of this page").click()
    assert page.locator("details mark").inner_text().split() == quote.split()

    page.get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_label("Question", exact=True).fill("Which part is meant here?")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.locator(".eg-stem")).to_have_text("Which part is meant here?")
    expect(page.get_by_text("1 of 8 decided")).to_be_visible()

    page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name=re.compile("^Accept")).click()
    expect(page.get_by_text("2 of 8 decided")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Reject")).click()
    expect(page.get_by_text("3 of 8 decided")).to_be_visible()
    checked = site.manage("verify_invariants")
    assert checked.returncode == 0, checked.stderr


def sign_up(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Upload a lecture").first.click()
    if not page.url.endswith("/signup/"):
        page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(A_LONG_PASSWORD)
    page.get_by_label("Your name").fill("Rosa")
    page.get_by_label("I teach and want to make exams").check()
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page).to_have_url(re.compile("confirm-email"))
    confirm = page.url
    page.goto("/demo/mailbox/")
    mail = page.get_by_role("listitem").filter(has_text=ADDRESS).first
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{2,4}\b", mail.inner_text())
    assert code is not None, mail.inner_text()
    page.goto(confirm)
    page.get_by_label("Code").fill(code.group())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def upload_a_sample(page: Page) -> None:
    page.goto("/lectures/")
    page.get_by_label("Questions", exact=True).fill("8")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "plant-cells.pdf",
            "mimeType": "application/pdf",
            "buffer": samples.build("plant-cells"),
        }
    )
    page.get_by_role("button", name=re.compile("Upload")).click()
    # The page answers at once; the row then changes by itself until it is ready.
    expect(page.get_by_role("heading", name="Plant cells")).to_be_visible()
    expect(page.get_by_role("link", name="Review draft")).to_be_visible(timeout=60_000)
