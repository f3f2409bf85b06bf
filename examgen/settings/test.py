"""The site as tests see it: quick timers, a store of its own, mail in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Tests never touch the data of a running site.
_HOME = Path(tempfile.mkdtemp(prefix="examgen-test-"))
os.environ.setdefault("EXAMGEN_DATA", str(_HOME))
os.environ.setdefault("EXAMGEN_SECRET_KEY", "tests-" + "only-" * 12)

from examgen.settings import *  # noqa: E402, F403

SECURE_SSL_REDIRECT = False
JOB_BACKOFF_SECONDS = 0.01
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
