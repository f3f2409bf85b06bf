"""Every page, phone and desktop, light and dark: no axe finding, a clean console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site

PUBLIC = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/demo/mailbox/",
    "/no-such-page/",
]
OWN = [
    "/",
    "/lectures/",
    "/exams/",
    "/settings/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "lecture",
    "lecture delete",
    "exam",
    "exam delete",
    "review",
    "edit",
]
WIDTHS = {"phone": 390, "desktop": 1280}
THEMES = ["light", "dark"]
# Every one of them: what is merely "best practice" is asked for as well.
AXE_OPTIONS: dict[str, object] = {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages(site: Site, browser: Browser, width: str, theme: str):
    context = browser.new_context(
        base_url=site.url,
        color_scheme=theme,
        viewport={"width": WIDTHS[width], "height": 844},
    )
    check(context.new_page(), PUBLIC)
    context.close()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_educators_pages(
    site: Site, browser: Browser, educator_state: Path, width: str, theme: str
):
    context = browser.new_context(
        base_url=site.url,
        color_scheme=theme,
        storage_state=educator_state,
        viewport={"width": WIDTHS[width], "height": 844},
    )
    page = context.new_page()
    check(page, [address(page, name) for name in OWN])
    context.close()


def address(page: Page, name: str) -> str:
    """Resolve a named page to the first lecture or exam that there is."""
    if name.startswith("/"):
        return name
    noun, _, verb = name.partition(" ")
    if noun in ("review", "edit"):
        page.goto(first(page, "/exams/", "exams") + "review/")
        return page.url + ("edit/" if noun == "edit" else "")
    base = first(page, f"/{noun}s/", f"{noun}s")
    return base + (f"{verb}/" if verb else "")


def first(page: Page, listing: str, folder: str) -> str:
    page.goto(listing)
    link = page.locator(f"main a[href^='/{folder}/']").first.get_attribute("href")
    assert link is not None
    return "/".join(link.split("/")[:3]) + "/"


def check(page: Page, addresses: list[str]) -> None:
    said: list[str] = []
    page.on("console", lambda m: said.append(f"{page.url}: {m.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    found: list[str] = []
    for target in addresses:
        page.goto(target)
        result = Axe().run(page, options=AXE_OPTIONS)
        for violation in result.response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"]][:3]
            found.append(f"{target}: {violation['id']} {nodes}")
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sideways > 0:
            found.append(f"{target}: scrolls sideways by {sideways} px")
    # A page that is not there is told to the console by the browser itself.
    said = [line for line in said if "/no-such-page/" not in line]
    assert (found, said) == ([], [])
