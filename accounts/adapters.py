"""The few places where allauth asks the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi


@dataclass(frozen=True, slots=True)
class Site:
    """What allauth's mails say about where they come from."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Use the configured address of the site, never a Host header."""
        links = {
            name: _on_our_site(link)
            for name, link in context.items()
            if name.endswith("_url")
        }
        site = Site(name="Examgen", domain=urlsplit(settings.SITE_URL).netloc)
        ours = {"site_url": settings.SITE_URL, "current_site": site}
        super().send_mail(template_prefix, email, {**context, **links, **ours})

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Give allauth's mails, which are text, the look of all our mails as well."""
        mail: EmailMessage = super().render_mail(
            template_prefix, email, context, headers
        )
        if isinstance(mail, EmailMultiAlternatives) and not mail.alternatives:
            said = {
                "subject": mail.subject,
                "text": str(mail.body).rsplit("\n-- \n", 1)[0],
                "site_name": "Examgen",
                "site_url": f"{settings.SITE_URL}/",
                "language": get_language(),
                "direction": "rtl" if get_language_bidi() else "ltr",
            }
            page = render_to_string("mail/account.html", said)
            mail.attach_alternative(page, "text/html")
        return mail


def _on_our_site(link: str) -> str:
    """Put a link that allauth built for the host it was asked at onto our own."""
    parts = urlsplit(link)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.SITE_URL}{parts.path}{query}"
