"""The site with the addresses that messages lead to, whether their pages are there."""

from __future__ import annotations

from examgen.settings import *  # noqa: F403

ROOT_URLCONF = "tests.notifications.contract_urls"
