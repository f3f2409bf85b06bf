"""Draw docs/images anew: the pages that the README and the docs show.

Run it by `make screenshots`, then look at the pictures.
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium
from tests.browser.site import PASSWORD, ROOT, Site, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
MIDTERM = "Midterm: the plant cell"
QUIZ = "Quiz: how networks talk"
STORY_SECONDS = 120.0


def main() -> None:
    """Start the demo, visit each page in each size and theme, and keep a picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="examgen-shots-") as folder,
        running(Path(folder)) as site,
        chromium.started() as browser,
    ):
        for size in SIZES:
            for theme in THEMES:
                _draw(site, browser, size, theme)


def _draw(site: Site, browser: Browser, size: str, theme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=site.url,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    page.goto("/")
    _keep(page, "landing", size, theme)
    _as_educator(page, size, theme)
    context.clear_cookies()
    _as_students(page, size, theme)
    context.clear_cookies()
    _as_admin(page, size, theme)
    context.close()


def _as_educator(page: Page, size: str, theme: str) -> None:
    _sign_in(page, "educator@example.com")
    _wait_for_the_story(page)
    _keep(page, "home", size, theme)
    page.goto("/lectures/")
    _keep(page, "lectures", size, theme)
    _the_reading(page, size, theme)
    page.goto("/exams/")
    page.get_by_role("link", name="Plant cells").first.click()
    _keep(page, "exam", size, theme)
    page.goto(f"{page.url}review/")
    _keep(page, "review", size, theme)
    _open(page, MIDTERM, "scoreboard/")
    _keep(page, "scoreboard", size, theme)
    _open(page, QUIZ, "live/")
    _keep(page, "live", size, theme)


def _the_reading(page: Page, size: str, theme: str) -> None:
    """A lecture, what was read of it, and one of its pages."""
    page.goto("/lectures/")
    page.get_by_role("link", name="Plant cells").first.click()
    _keep(page, "lecture", size, theme)
    lecture = page.url
    page.get_by_text("Contents", exact=True).click()
    what = page.get_by_role("heading", name="What was read")
    what.evaluate("heading => heading.scrollIntoView()")
    # The bar at the top stays where it is.
    page.mouse.wheel(0, -90)
    page.wait_for_timeout(500)
    _keep(page, "reading", size, theme)
    page.goto(f"{lecture}pages/2/")
    page.locator("main img").first.evaluate("image => image.decode()")
    _keep(page, "page", size, theme)


def _as_students(page: Page, size: str, theme: str) -> None:
    _sign_in(page, "taker@example.com")
    page.get_by_role("link", name=re.compile("Continue|Go on")).first.click()
    _keep(page, "taking", size, theme)
    page.context.clear_cookies()
    _sign_in(page, "student@example.com")
    page.get_by_role("link", name=MIDTERM).first.click()
    page.locator(".eg-evidence").first.scroll_into_view_if_needed()
    _keep(page, "result", size, theme)


def _as_admin(page: Page, size: str, theme: str) -> None:
    _sign_in(page, "admin@example.com")
    for name in ("operations", "trends"):
        page.goto(f"/admin/{name}/")
        _keep(page, name, size, theme)


def _sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/$"))


def _wait_for_the_story(page: Page) -> None:
    """The exams of the demo are held once its drafts are there."""
    ends = time.monotonic() + STORY_SECONDS
    while page.get_by_text(QUIZ).count() == 0:
        assert time.monotonic() < ends, "The demo has not told its story."
        page.wait_for_timeout(1000)
        page.reload()


def _open(page: Page, title: str, part: str) -> None:
    page.goto("/exams/")
    page.get_by_role("link", name=title).first.click()
    found = re.search(r"/exams/[0-9a-f-]{36}/", page.url)
    assert found is not None, page.url
    page.goto(found[0] + part)


def _keep(page: Page, name: str, size: str, theme: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}-{size}-{theme}.png")


if __name__ == "__main__":
    main()
