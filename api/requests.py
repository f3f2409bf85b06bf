"""Types that the framework leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request

if TYPE_CHECKING:
    from accounts.models import User
    from api.models import Token


class ApiRequest(Request):
    """A request behind `permissions.Person`; `auth` is None for a session."""

    if TYPE_CHECKING:
        user: User
        auth: Token | None
