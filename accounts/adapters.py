"""The few places where allauth asks the site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Use the configured address of the site in links, never a Host header."""
        context = {**context, "site_url": settings.SITE_URL}
        super().send_mail(template_prefix, email, context)
