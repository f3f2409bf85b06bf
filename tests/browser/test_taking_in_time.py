"""The end of time on pages that were told of another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import taking
from tests.browser.test_taking import sign_in, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.site import Site

PREAMBLE = """
from datetime import timedelta
from accounts.models import User
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.services.attempts import submit
from scoring.services.extensions import extend_one
teacher = User.objects.get(email="educator@example.com")
attempt = Attempt.objects.get(pk="{attempt}")
"""
# A tab that nobody looks at, until `look` is called.
UNSEEN = """
Object.defineProperty(Document.prototype, "hidden", { get: () => window.unseen ?? true });
"""
LOOK = "unseen = false; document.dispatchEvent(new Event('visibilitychange'))"
OVER = re.compile("Your time was over at")


@pytest.fixture
def two(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A browser with two tabs, signed in as the demo's student."""
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(40_000)
    sign_in(context.new_page())
    context.new_page()
    yield context
    context.close()


def staff(site: Site, address: str, code: str) -> None:
    """Let somebody else change something, by the id in the attempt's address."""
    attempt = address.rstrip("/").rpartition("/")[2]
    code = PREAMBLE.format(attempt=attempt) + code
    done = site.manage("shell", "--no-imports", "--command", code)
    assert done.returncode == 0, done.stderr


def end_in(site: Site, address: str, seconds: int) -> None:
    code = f"attempt.deadline = now() + timedelta(seconds={seconds}); attempt.save()"
    staff(site, address, code)


def extend(site: Site, address: str, minutes: int) -> None:
    span = f"timedelta(minutes={minutes})"
    code = f"extend_one(attempt=attempt, span={span}, reason='x', actor=teacher)"
    staff(site, address, code)


def state(page: Page, address: str) -> str:
    return str(page.request.get(f"{address}answers/").json()["state"])


def time(page: Page) -> str:
    return page.locator("[data-timer-text]").inner_text()


def test_pages_that_missed_more_time_go_on_with_it(
    site: Site, two: BrowserContext
) -> None:
    question, last = two.pages
    question.add_init_script(UNSEEN)
    address = start(question, taking.publish(site))
    end_in(site, address, 25)
    last.goto(f"{address}submit/")
    question.goto(f"{address}?q=3")
    for page in (question, last):
        expect(page.locator("[data-timer-text]")).to_have_text(re.compile(r"^0:\d\d$"))
    extend(site, address, 20)
    for page in (question, last):
        shown = page.locator("[data-timer-text]")
        expect(shown).to_have_text("20 min", timeout=60_000)
        expect(page.locator("[data-said]")).to_have_text(re.compile("has changed: unt"))
    assert state(last, address) == "open"
    # Whoever comes back to a tab finds what happened meanwhile.
    extend(site, address, 20)
    assert time(question) in ("19 min", "20 min")
    question.evaluate(LOOK)
    expect(question.locator("[data-timer-text]")).to_have_text(
        re.compile("^(39|40) min$")
    )
    # Once it is over, it is over for both.
    end_in(site, address, 12)
    for page in (question, last):
        page.reload()
    for page in (question, last):
        page.wait_for_url("**/receipt/")
        expect(page.get_by_role("heading", level=1)).to_have_text(OVER)


def test_an_end_that_was_not_there_before_is_shown(
    site: Site, two: BrowserContext
) -> None:
    question, last = two.pages
    address = start(question, taking.publish(site, minutes=None, open_ended=True))
    last.goto(f"{address}submit/")
    for page in (question, last):
        expect(page.locator("[data-timer-text]")).to_have_text("No time limit")
        expect(page.get_by_role("button", name="Hide time")).to_be_hidden()
    code = "ExamVersion.objects.filter(attempts=attempt).update(closes_at=now() + "
    staff(site, address, f"{code}timedelta(minutes=12))")
    for page in (question, last):
        # By the next word of the server.
        expect(page.locator("[data-timer-text]")).to_have_text("12 min", timeout=60_000)
        expect(page.get_by_role("button", name="Hide time")).to_be_visible()
    staff(site, address, f"{code}timedelta(seconds=5))")
    for page in (question, last):
        page.wait_for_url("**/receipt/")
        expect(page.get_by_role("heading", level=1)).to_have_text("The exam was closed")
