"""Whoever is faster than the network: the last choice counts, and nothing is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import taking
from tests.browser.test_taking import move_on, sign_in, start
from tests.browser.test_taking_in_time import staff

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

    from tests.browser.site import Site


@pytest.mark.parametrize("reply", ["soon", "never", "after the form"])
def test_the_last_choice_counts_however_slow_the_reply_to_the_one_before(
    site: Site, page: Page, reply: str
) -> None:
    sign_in(page)
    address = start(page, taking.publish(site))
    page.locator("[name=answer]").nth(0).check()
    expect(page.locator("[data-status]")).to_contain_text("Saved")
    page.goto(f"{address}?q=1")
    under_way: list[Route] = []

    def delay(route: Route) -> None:
        if route.request.method == "POST":
            under_way.append(route)
        else:
            route.continue_()

    page.route("**/answers/", delay)
    page.locator("[name=answer]").nth(1).check()
    while not under_way:
        page.wait_for_timeout(50)
    # All but the third come to the server at once, and only the reply takes its time.
    response = None if reply == "after the form" else under_way[0].fetch()
    page.locator("[name=answer]").nth(0).check()
    move_on(page)
    if reply == "soon" and response is not None:
        page.wait_for_timeout(300)
        expect(page.get_by_text("Question 1 of 8")).to_be_visible()
        under_way[0].fulfill(response=response)
    expect(page.get_by_text("Question 2 of 8")).to_be_visible()
    if response is None:
        under_way[0].fetch()
    expect(page.get_by_text("Another tab")).to_have_count(0)
    assert len(under_way) == 1
    page.goto(f"{address}?q=1")
    expect(page.locator("[name=answer]").nth(0)).to_be_checked()


def test_after_the_close_a_page_sends_nothing_more(site: Site, page: Page) -> None:
    sign_in(page)
    address = start(page, taking.publish(site))
    page.goto(f"{address}?q=3")
    staff(site, address, "submit(attempt=attempt, received_at=now())")
    sent: list[Request] = []
    leaving: list[Route] = []

    def delay(route: Route) -> None:
        leaving.append(route)

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    page.route("**/receipt/", delay)
    page.locator("#answer").fill("cell wall")
    while not leaving:
        page.wait_for_timeout(50)
    # The field has the focus; a locator would wait until the page has gone.
    page.keyboard.type("s")
    page.wait_for_timeout(3_000)
    leaving[0].continue_()
    expect(page.get_by_text("1 answer came after the end.")).to_be_visible()
    saves = [r for r in sent if r.method == "POST" and r.url.endswith("/answers/")]
    assert len(saves) == 1
