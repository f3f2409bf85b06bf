"""The site with one app and one page more."""

from __future__ import annotations

from examgen.settings import *  # noqa: F403
from examgen.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.processes.waiter"]
ROOT_URLCONF = "tests.processes.urls"
# Hashed names would ask for a collectstatic before every run.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
