"""The site as tests see it: quick timers, a home of its own, mail in memory."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from examgen.settings import *  # noqa: F403
from examgen.settings import DATABASES

# Set here, not in the environment: importing this module imports its package first,
# so variables would come too late, and tests must never touch a running site's data.
DATA_DIR = Path(tempfile.mkdtemp(prefix="examgen-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
SECRET_KEY = "tests-" + "only-" * 12
DEMO = False
EDUCATOR_SIGNUP = "approval"

MAIL_DIR = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
STORAGES = {
    "default": {
        "BACKEND": "examgen.disk.DiskStorage",
        "OPTIONS": {"location": DATA_DIR / "store", "base_url": None},
    },
    # Hashed names would ask for a collectstatic before every run.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Rows that the tests of a module share live in one transaction, however long those take.
if "options" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["options"] += (
        " -c idle_in_transaction_session_timeout=0"
    )

SECURE_SSL_REDIRECT = False
JOB_BACKOFF_SECONDS = 0.01
MAIL_RETRY = timedelta(milliseconds=10)
