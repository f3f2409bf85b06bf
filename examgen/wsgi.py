"""The WSGI entry point of every web process."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from examgen.jobs import bell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
# Before the settings are loaded: they give web processes a pool of connections.
os.environ["EXAMGEN_ROLE"] = "web"

application = get_wsgi_application()
# Loaded now: the first upload should not wait until Celery is imported.
bell.current()
