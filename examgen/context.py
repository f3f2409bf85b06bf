"""What every page needs to know: who looks, in which colours, and what awaits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from notifications.services.inbox import unread_count

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)

    def unread() -> int:
        """Counted where a page shows it, and only once for that page."""
        return unread_count(user) if user and user.is_authenticated else 0

    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "educator_signup": settings.EDUCATOR_SIGNUP,
        "theme": getattr(user, "theme", "auto"),
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "unread": SimpleLazyObject(unread),
        "max_megabytes": settings.LECTURE_MAX_BYTES // (1024 * 1024),
        "max_pages": settings.LECTURE_MAX_PAGES,
    }
