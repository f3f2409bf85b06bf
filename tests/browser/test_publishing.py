"""An educator publishes: by keyboard, without scripts, on a phone; the list keeps up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import THEMES, WIDTHS, findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site

# An exam of its own for each test, older than the others, so that "the first exam" of
# other tests stays what it is.
COPY = """
import uuid
from datetime import timedelta
from django.core.files.storage import default_storage
from exams.models import Exam
drafts = Exam.objects.filter(owner__email="educator@example.com", state="draft")
exam = drafts.order_by("-created_at")[0]
questions = list(exam.questions.all())
exam.pk, exam.title = uuid.uuid4(), "{title}"
exam.created_at -= timedelta(days=1)
document, exam.document = exam.document, f"{{exam.prefix}}/{{uuid.uuid4().hex}}.json"
default_storage.save(exam.document, default_storage.open(document))
exam.save(force_insert=True)
for question in questions:
    question.pk, question.exam, question.state = uuid.uuid4(), exam, "accepted"
    question.save(force_insert=True)
print(exam.pk)
"""


def reviewed(site: Site, title: str) -> str:
    """The address of a reviewed draft."""
    run = site.manage("shell", "--no-imports", "-c", COPY.format(title=title))
    assert run.returncode == 0, run.stderr
    return f"/exams/{run.stdout.split()[-1]}"


@pytest.fixture
def page(site: Site, browser: Browser, educator_state: Path) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url,
        storage_state=educator_state,
        viewport={"width": 1280, "height": 900},
    )
    yield context.new_page()
    context.close()


def test_the_list_keeps_up_with_what_is_typed(site: Site, page: Page):
    page.goto(reviewed(site, "Typing") + "/publish/")
    publish = page.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_be_enabled()
    closes = page.get_by_label("Closes")
    good = closes.input_value()
    closes.fill("2020-01-01T10:00")
    closes.blur()
    expect(page.get_by_text("This end is over already.")).to_be_visible()
    expect(publish).to_be_disabled()
    expect(page.locator("#said")).to_have_text("Not ready to publish.")
    # Whoever types goes on typing: only the list was replaced.
    closes.fill(good)
    closes.blur()
    expect(publish).to_be_enabled()
    page.get_by_label("When they hand in").check()
    expect(page.get_by_text("while others may still write")).to_be_visible()


def test_an_exam_is_published_by_keyboard_alone(site: Site, page: Page):
    page.goto(reviewed(site, "Keyboard") + "/publish/")
    page.get_by_label("Who may take it").focus()
    publish = page.get_by_role("button", name="Publish", exact=True)
    for _ in range(60):
        if publish.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/share/")
    expect(page.get_by_text("“Keyboard” is published.")).to_be_visible()
    assert re.fullmatch(
        r"[2-9A-Z]{4}-[2-9A-Z]{4}", page.locator(".eg-join-code").inner_text()
    )


def test_without_scripts_on_a_phone_one_is_told_what_is_wrong_and_publishes(
    site: Site, browser: Browser, educator_state: Path
):
    context = browser.new_context(
        base_url=site.url,
        storage_state=educator_state,
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(reviewed(site, "No scripts") + "/publish/")
    page.get_by_role("spinbutton", name="Attempts").fill("0")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Allow 1 to 100 attempts.").first).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    page.get_by_role("spinbutton", name="Attempts").fill("2")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("2 attempts; the best counts.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/share/")
    page.get_by_role("link", name="Close now").click()
    page.get_by_role("button", name="Close now").click()
    page.wait_for_url("**/share/")
    page.get_by_role("link", name="Reopen").click()
    page.get_by_role("button", name="Reopen").click()
    page.wait_for_url("**/share/")
    expect(page.get_by_text("“No scripts” is open again.")).to_be_visible()
    context.close()
    assert site.manage("verify_invariants").returncode == 0


def test_the_pages_of_a_published_exam_have_no_finding(
    site: Site, browser: Browser, educator_state: Path
):
    address = reviewed(site, "Looked at")
    pages = ["share", "close", "end", "delete", "review"]
    found: list[str] = []
    for theme in THEMES:
        for width in WIDTHS.values():
            context = browser.new_context(
                base_url=site.url,
                color_scheme=theme,
                storage_state=educator_state,
                viewport={"width": width, "height": 844},
            )
            page = context.new_page()
            page.goto(f"{address}/publish/")
            if not page.url.endswith("/share/"):
                found += findings(page, "publish")
                page.get_by_role("button", name="Publish", exact=True).click()
                page.wait_for_url("**/share/")
            for name in pages:
                page.goto(f"{address}/{name}/")
                found += findings(page, f"{name} {theme} {width}")
            context.close()
    assert found == []
