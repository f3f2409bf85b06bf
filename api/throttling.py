"""So many requests a minute for each person and scope, and no more.

Counts live in the cache, as those of wrong codes do: losing them costs nothing.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.scopes import scope_of

WINDOW_SECONDS = 60


class PersonThrottle(BaseThrottle):
    """Counts in windows that begin with each full minute."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return True
        scope = scope_of(view.scope, safe=request.method in permissions.SAFE_METHODS)
        window, passed = divmod(time.time(), WINDOW_SECONDS)
        self._wait = WINDOW_SECONDS - passed
        key = f"api:{request.user.pk}:{scope}:{int(window)}"
        return _counted(key) <= most(scope)

    def wait(self) -> float:
        return self._wait


def most(scope: str) -> int:
    """How many requests of this scope a person has in one window."""
    limits: dict[str, int] = settings.API_REQUESTS_A_MINUTE
    _noun, _, verb = scope.partition(":")
    return limits.get(scope, limits[verb])


def _counted(key: str) -> int:
    cache.add(key, 0, 2 * WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:
        # Driven out of the cache between the two lines.
        cache.set(key, 1, 2 * WINDOW_SECONDS)
        return 1
