"""Limits, and pages that are kept: in Redis where there is one.

Redis is never the only place of anything: docs/decisions/0006-redis-may-be-away.md.
"""

from __future__ import annotations

from typing import Any

from examgen.settings.celery import REDIS_URL
from examgen.settings.environment import env

# The broker's Redis serves as the cache too, unless the cache has one of its own.
CACHE_URL = env.redis_url("CACHE_URL") or REDIS_URL

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # A page of a board is some 30 kB.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "examgen.cache.LimitsCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "examgen-limits",
        },
        "pages": {
            "BACKEND": "examgen.cache.PagesCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "examgen-pages",
        },
    }
