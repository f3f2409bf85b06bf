"""Every page, phone and desktop, light and dark: no axe finding, a clean console."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from exams import samples

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, FilePayload, Page

    from tests.browser.site import Site

PUBLIC = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/demo/mailbox/",
    "unsubscribe",
    "/api/docs/",
    "/no-such-page/",
]
OWN = [
    "/",
    "/lectures/",
    "/exams/",
    "/settings/",
    "/settings/tokens/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/notifications/",
    "lecture",
    "lecture pages/1",
    "lecture delete",
    "exam",
    "exam delete",
    "review",
    "edit",
    "exam publish",
]
STUDENTS = ["/", "/settings/", "/notifications/", "/lectures/"]
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
    page = context.new_page()
    check(page, [address(page, name) for name in PUBLIC])
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


@pytest.mark.parametrize("width", WIDTHS)
def test_a_students_pages(site: Site, browser: Browser, width: str):
    context = browser.new_context(
        base_url=site.url, viewport={"width": WIDTHS[width], "height": 844}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Student with a result").click()
    page.wait_for_url(f"{site.url}/")
    check(page, STUDENTS, refused="/lectures/")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_tell_of_failures(
    site: Site, browser: Browser, educator_state: Path, width: str
):
    context = browser.new_context(
        base_url=site.url,
        storage_state=educator_state,
        viewport={"width": WIDTHS[width], "height": 844},
    )
    page = context.new_page()
    page.goto("/lectures/")
    # Each width has a file of its own: the same bytes would be known already.
    damaged = samples.build("plant-cells")[: 20_000 + WIDTHS[width]]
    page.locator("input[type=file]").set_input_files(
        [
            pdf(f"damaged-{width}.pdf", damaged),
            pdf("slides.pptx", b"PK\x03\x04 ppt/presentation.xml"),
        ]
    )
    page.get_by_role("button", name=re.compile("Upload")).click()
    expect(page.get_by_text("This is a PowerPoint file")).to_be_visible()
    assert findings(page, "refused") == []
    page.goto("/lectures/")
    row = page.get_by_role("listitem").filter(has_text=f"Damaged {width}")
    expect(row.get_by_text("incomplete or damaged")).to_be_visible(timeout=60_000)
    check(page, ["/lectures/", "/", "/exams/"])
    context.close()


def pdf(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def address(page: Page, name: str) -> str:
    """Resolve a named page to the first lecture or exam that there is."""
    if name.startswith("/"):
        return name
    if name == "unsubscribe":
        page.goto("/demo/mailbox/")
        link = page.locator("a[href*='/unsubscribe/']").first.get_attribute("href")
        assert link is not None
        return link
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


def check(page: Page, addresses: list[str], refused: str = "/no-such-page/") -> None:
    said: list[str] = []
    page.on("console", lambda m: said.append(f"{page.url}: {m.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    found: list[str] = []
    for target in addresses:
        page.goto(target)
        found += findings(page, target)
    # A page that is refused is told to the console by the browser itself.
    said = [line for line in said if refused not in line]
    assert (found, said) == ([], [])


def findings(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it is now, and whether it scrolls sideways."""
    result = Axe().run(page, options=AXE_OPTIONS)
    found = [
        f"{where}: {violation['id']} "
        f"{[node['html'][:160] for node in violation['nodes']][:3]}"
        for violation in result.response["violations"]
    ]
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if sideways > 0:
        found.append(f"{where}: scrolls sideways by {sideways} px")
    return found
