"""The installed Chromium, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Headless in a container, and no calls home: they would fail on a closed network.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """Where Chromium is, or None when it or Playwright is missing."""
    if find_spec("playwright") is None:
        return None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - optional set

    # Playwright keeps an event loop in this thread, where Django then takes every query
    # for one of a coroutine. Tests that follow in this process wait for theirs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path(), args=list(_ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()
