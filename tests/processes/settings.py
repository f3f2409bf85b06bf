"""The site with one app more."""

from __future__ import annotations

from examgen.settings import *  # noqa: F403
from examgen.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.processes.waiter"]
