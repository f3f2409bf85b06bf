"""Draw docs/images anew: the pages that the README and the docs show.

Run it by `make screenshots`, then look at the pictures.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium
from tests.browser.site import PASSWORD, ROOT, Site, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")


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
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("educator@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site.url}/")
    _keep(page, "home", size, theme)
    page.goto("/lectures/")
    _keep(page, "lectures", size, theme)
    page.get_by_role("link", name="Plant cells").first.click()
    _keep(page, "lecture", size, theme)
    page.goto("/exams/")
    page.get_by_role("link", name="Plant cells").first.click()
    _keep(page, "exam", size, theme)
    page.goto(f"{page.url}review/")
    _keep(page, "review", size, theme)
    context.close()


def _keep(page: Page, name: str, size: str, theme: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}-{size}-{theme}.png")


if __name__ == "__main__":
    main()
