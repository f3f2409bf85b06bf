"""The site with the app `drill`, with bells that fail, and with less patience."""

from __future__ import annotations

import os

from examgen.settings import *  # noqa: F403
from examgen.settings import BELLS, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.drill"]
BELLS = BELLS | {
    "lost": "tests.chaos.bells.LOST",
    "repeating": "tests.chaos.bells.REPEATING",
}
# A job that kills its worker need not do it ten times to be seen through.
JOB_MAX_LOST_LEASES = int(os.environ.get("CHAOS_MAX_LOST_LEASES", "10"))
