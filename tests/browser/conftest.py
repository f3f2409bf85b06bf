"""One running site and one browser for all browser tests of a process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium
from tests.browser.site import PASSWORD, Site, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder what drives a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _chromium() -> None:
    if chromium.path() is None:
        reason = "BROWSER TESTS NOT RUN: no Chromium, or no Playwright"
        if os.environ.get("EXAMGEN_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def site(_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser(_chromium: None) -> Iterator[Browser]:
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="session")
def educator_state(site: Site, browser: Browser, tmp_path_factory) -> Path:
    """The cookies of the signed-in demo educator, for contexts to start from."""
    path: Path = tmp_path_factory.mktemp("state") / "educator.json"
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("educator@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site.url}/")
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def context(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site.url, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay clean."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type != "log" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []
