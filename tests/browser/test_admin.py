"""Every page of the admin in a real browser: nothing that the policy refuses, no finding.

The pages are found by following the lists, so that a new one is looked at as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.site import PASSWORD
from tests.browser.test_pages import WIDTHS, findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site

# Django's widget that moves rights from one box to another: its tooltips and the
# headings of its boxes are not as axe wants them, and they are not ours.
DJANGOS = {
    "aria-prohibited-attr": "help-tooltip",
    "color-contrast": 'for="id_permissions_to"',
}


DARK_AND_NARROW = {
    "/admin/",
    "/admin/operations/",
    "/admin/trends/",
    "/admin/verdicts/",
    "/admin/jobs/job/",
    "/admin/accounts/user/",
}


@pytest.mark.parametrize(
    ("width", "theme"), [("desktop", "light"), ("phone", "dark")], ids=str
)
def test_every_page_of_the_admin(site: Site, browser: Browser, width: str, theme: str):
    context = browser.new_context(
        base_url=site.url,
        color_scheme=theme,
        viewport={"width": WIDTHS[width], "height": 900},
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    said: list[str] = []
    sign_in(page)
    # As programs are told: the console names what the policy refused as an error.
    page.on("console", lambda m: said.append(f"{page.url}: {m.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    visited = addresses(page)
    assert len(visited) > 35
    found: list[str] = []
    for address in visited:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        # Axe itself brings styles, of which the policy tells.
        seen = len(said)
        # All lists and rows share the sheets that make them dark and narrow.
        if width == "desktop" or address in DARK_AND_NARROW:
            found += [one for one in findings(page, address) if not djangos(one)]
        del said[seen:]
    assert (found, said) == ([], [])
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("admin@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/$"))


def addresses(page: Page) -> list[str]:
    """The pages of ours, each list, the first row of each, and each form that adds."""
    page.goto("/admin/")
    lists = links(page, "#content-main th a[href^='/admin/']")
    found = [
        "/admin/",
        "/admin/operations/",
        "/admin/trends/",
        "/admin/trends/?by=week",
        "/admin/verdicts/",
    ]
    for address in lists:
        page.goto(address)
        found += [address]
        found += links(page, "#result_list tbody th a")[:1]
        found += links(page, ".object-tools a.addlink")
    return list(dict.fromkeys(found))


def links(page: Page, where: str) -> list[str]:
    found = [link.get_attribute("href") for link in page.locator(where).all()]
    return [address for address in found if address]


def djangos(finding: str) -> bool:
    return any(
        f": {rule} " in finding and what in finding for rule, what in DJANGOS.items()
    )


def test_an_admin_works_through_the_pages_as_a_person_does(site: Site, page: Page):
    """From the index to a lecture, its jobs, one of them, and back to what it is about."""
    sign_in(page)
    page.get_by_role("link", name="Admin", exact=True).click()
    expect(
        page.get_by_role("heading", name="What there is to look after")
    ).to_be_visible()
    page.get_by_role("link", name="Lectures", exact=True).first.click()
    page.get_by_role("link", name="Plant cells").first.click()
    page.locator(".object-tools").get_by_role("link", name="Jobs").click()
    page.get_by_role("link", name="exams.read_lecture").first.click()
    expect(page.get_by_role("heading", name="View job")).to_be_visible()
    page.get_by_role("link", name=re.compile("^lecture ")).first.click()
    expect(page.get_by_role("heading", name="Plant cells")).to_be_visible()


def test_figures_of_the_operations_page_are_asked_for_again(site: Site, page: Page):
    sign_in(page)
    page.goto("/admin/operations/")
    with page.expect_response(lambda answer: answer.url.endswith("/operations/")):
        page.evaluate("htmx.ajax('GET', '/admin/operations/', '#figures')")
    expect(page.get_by_role("heading", name="Queues and workers")).to_be_visible()
    page.get_by_role("button", name="Ask every part now").click()
    expect(page.get_by_text("Every part answers.")).to_be_visible()
