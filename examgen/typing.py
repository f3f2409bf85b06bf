"""Types that Django leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class UserRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: its user is a person."""

    if TYPE_CHECKING:
        user: User
        htmx: HtmxDetails
