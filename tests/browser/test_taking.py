"""Taking an exam in a real browser: by script, without it, and when things go wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import taking
from tests.browser.site import PASSWORD
from tests.browser.test_pages import THEMES, WIDTHS, findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.site import Site
    from tests.browser.taking import Prepared

ADDRESS = "student@example.com"
MOST_BYTES = 120_000
MOST_SCRIPT = 35_000
MOST_REQUESTS = 10


@pytest.fixture
def exam(site: Site) -> Prepared:
    """An exam of its own for each test, since everybody has one attempt."""
    return taking.publish(site)


@pytest.fixture
def taker(page: Page) -> Page:
    """A page whose console must stay clean, signed in as the demo's student."""
    sign_in(page)
    return page


@pytest.fixture
def scriptless(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def start(page: Page, exam: Prepared) -> str:
    """Start, and return the attempt's address."""
    page.goto(exam.address)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/attempts/**")
    return page.url.split("?")[0]


def answer(page: Page, exam: Prepared) -> None:
    """Give the right answer to the question on the page, whatever its kind."""
    right: Any = exam.key[page.locator(".eg-stem").inner_text()]
    match page.locator("#page").get_attribute("data-kind"):
        case "single_choice":
            page.locator(f"input[value='{right}']").check()
        case "multiple_choice":
            for name in right:
                page.locator(f"input[value='{name}']").check()
        case "true_false":
            page.get_by_label("True" if right else "False", exact=True).check()
        case "matching":
            for left, there in right.items():
                page.locator(f"#left-{left}").select_option(there)
        case "ordering":
            sort(page, right)
        case _:
            page.locator("#answer").fill(str(right))


def sort(page: Page, right: list[str]) -> None:
    """Move one thing after the other up to its place, by its button."""
    for place, name in enumerate(right):
        while order(page).index(name) > place:
            page.locator(f"button[value='{name}:up']").click()
    if page.get_by_role("button", name="Keep this order").count():
        page.get_by_role("button", name="Keep this order").click()
    assert order(page) == right


def order(page: Page) -> list[str]:
    values = page.locator("[name=answer]").all()
    return [str(value.get_attribute("value")) for value in values]


def move_on(page: Page) -> None:
    page.locator(".eg-foot .btn-primary").click()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/receipt/")


# The story


def test_an_exam_is_taken_and_its_result_seen(taker: Page, exam: Prepared) -> None:
    start(taker, exam)
    for number in range(1, 9):
        expect(taker.get_by_text(f"Question {number} of 8")).to_be_visible()
        answer(taker, exam)
        expect(taker.locator("[data-status]")).to_contain_text("Saved")
        move_on(taker)
    expect(taker.get_by_text("All 8 questions have an answer.")).to_be_visible()
    hand_in(taker)
    expect(taker.get_by_text("8 answers of 8")).to_be_visible()
    taker.get_by_role("link", name="See result").click()
    expect(taker.get_by_text("1 answer is still being read.")).to_be_visible()
    expect(taker.get_by_text("7 questions answered rightly")).to_be_visible()


def test_it_is_taken_without_any_script(scriptless: Page, exam: Prepared) -> None:
    sign_in(scriptless)
    start(scriptless, exam)
    for number in range(1, 9):
        expect(scriptless.get_by_text(f"Question {number} of 8")).to_be_visible()
        answer(scriptless, exam)
        move_on(scriptless)
    expect(scriptless.get_by_text("All 8 questions have an answer.")).to_be_visible()
    hand_in(scriptless)
    scriptless.get_by_role("link", name="See result").click()
    expect(scriptless.get_by_text("7 questions answered rightly")).to_be_visible()


def test_what_is_given_is_there_after_a_reload(taker: Page, exam: Prepared) -> None:
    attempt = start(taker, exam)
    cell = taker.get_by_role("button", name=re.compile("^Question 1,"))
    expect(cell).to_have_accessible_name("Question 1, seen, no answer")
    answer(taker, exam)
    expect(cell).to_have_accessible_name("Question 1, answered")
    expect(taker.get_by_text("1 answered")).to_be_visible()
    taker.goto(f"{attempt}?q=1")
    expect(taker.locator("[name=answer]:checked")).to_have_count(1)
    # The short answer is saved while it is typed, without any button.
    taker.goto(f"{attempt}?q=3")
    with taker.expect_response("**/answers/"):
        taker.locator("#answer").press_sequentially("cell wall")
    taker.goto(f"{attempt}?q=3")
    expect(taker.locator("#answer")).to_have_value("cell wall")


def test_enter_in_a_field_leads_on_and_not_back(taker: Page, exam: Prepared) -> None:
    attempt = start(taker, exam)
    taker.goto(f"{attempt}?q=3")
    taker.locator("#answer").fill("cell wall")
    taker.locator("#answer").press("Enter")
    expect(taker.get_by_text("Question 4 of 8")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_time_can_be_hidden_and_stays_hidden(
    taker: Page, exam: Prepared, width: int
) -> None:
    taker.set_viewport_size({"width": width, "height": 844})
    start(taker, exam)
    time = taker.locator("[data-timer-text]")
    expect(time).to_have_text(re.compile(r"^(29|30) min$"))
    taker.get_by_role("button", name="Hide time").click()
    expect(time).to_be_hidden()
    move_on(taker)
    expect(taker.get_by_text("Question 2 of 8")).to_be_visible()
    expect(time).to_be_hidden()
    # Its name changes, so it says nothing of being pressed.
    button = taker.get_by_role("button", name="Show time")
    assert button.get_attribute("aria-pressed") is None
    button.click()
    expect(time).to_be_visible()


# When things go wrong


def test_offline_answers_wait_and_arrive(
    site: Site, browser: Browser, exam: Prepared
) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    sign_in(page)
    attempt = start(page, exam)
    page.goto(f"{attempt}?q=3")
    context.set_offline(offline=True)
    page.locator("#answer").fill("cell wall")
    status = page.locator("[data-status]")
    expect(status).to_contain_text("Offline. Keep working")
    context.set_offline(offline=False)
    expect(status).to_contain_text("Saved", timeout=30_000)
    assert stored(context, page) == "cell wall"
    context.close()


def test_a_lost_session_costs_no_answer(
    site: Site, browser: Browser, exam: Prepared
) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    sign_in(page)
    attempt = start(page, exam)
    page.goto(f"{attempt}?q=3")
    context.clear_cookies()
    page.locator("#answer").fill("cell wall")
    status = page.locator("[data-status]")
    expect(status).to_contain_text("Signed out. Sign in to save:")
    with context.expect_page() as opened:
        status.get_by_role("link", name="Sign in").click()
    sign_in(opened.value)
    expect(status).to_contain_text("Saved", timeout=60_000)
    assert page.url == f"{attempt}?q=3"
    assert stored(context, page) == "cell wall"
    context.close()


def stored(context: BrowserContext, page: Page) -> str:
    """What another tab is shown as the answer."""
    other = context.new_page()
    other.goto(page.url)
    value = other.locator("#answer").input_value()
    other.close()
    return value


# What it weighs, and for whom it is


def test_a_page_of_an_exam_is_light(
    site: Site, browser: Browser, exam: Prepared
) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    sign_in(page)
    attempt = start(page, exam)
    context.close()
    # As on a first visit: nothing is in this browser's cache.
    fresh = browser.new_context(base_url=site.url)
    page = fresh.new_page()
    sign_in_quietly(page)
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda request: sizes.update(
            {request.url: request.sizes()["responseBodySize"]}
        ),
    )
    page.goto(f"{attempt}?q=2", wait_until="networkidle")
    scripts = sum(size for url, size in sizes.items() if ".js" in url)
    fresh.close()
    assert len(sizes) <= MOST_REQUESTS, sorted(sizes)
    assert 0 < scripts <= MOST_SCRIPT
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def sign_in_quietly(page: Page) -> None:
    """By requests alone, so that no style and no picture comes into the cache."""
    form = page.request.get("/accounts/login/").text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    page.request.post(
        "/accounts/login/",
        form={
            "csrfmiddlewaretoken": token[1],
            "login": ADDRESS,
            "password": PASSWORD,
        },
        headers={"Referer": page.request.get("/accounts/login/").url},
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_an_exam_are_for_everybody(
    site: Site, browser: Browser, exam: Prepared, width: str, theme: str
) -> None:
    context = browser.new_context(
        base_url=site.url,
        color_scheme=theme,
        viewport={"width": WIDTHS[width], "height": 844},
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page)
    page.goto(exam.address)
    found = findings(page, "start")
    attempt = start(page, exam)
    for number in range(1, 9):
        page.goto(f"{attempt}?q={number}")
        found += findings(page, f"question {number}")
    page.goto(f"{attempt}submit/")
    found += findings(page, "hand in")
    hand_in(page)
    found += findings(page, "receipt")
    page.goto(f"{attempt}result/")
    found += findings(page, "result")
    context.close()
    assert (found, said) == ([], [])
