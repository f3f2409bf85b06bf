"""The few places where allauth asks the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts import entrance
from accounts.services import people

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


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
        site = Site(name=settings.SITE_NAME, domain=urlsplit(settings.SITE_URL).netloc)
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
                "site_name": settings.SITE_NAME,
                "site_url": f"{settings.SITE_URL}/",
                "language": get_language(),
                "direction": "rtl" if get_language_bidi() else "ltr",
            }
            page = render_to_string("mail/account.html", said)
            mail.attach_alternative(page, "text/html")
        return mail

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """At sign-up, an invitation to the address spares the code."""
        return entrance.vouches_for(request, email)

    def pre_login(
        self, request: HttpRequest, user: User, **known: Any
    ) -> HttpResponse | None:
        """At sign-in too, should the address have waited for its code until now."""
        if brought := entrance.invitation(request):
            entrance.confirm(user, brought.email)
        response: HttpResponse | None = super().pre_login(request, user, **known)
        return response

    def post_login(
        self, request: HttpRequest, user: User, **known: Any
    ) -> HttpResponse:
        """Go where they wanted, whatever happened in between."""
        known["redirect_url"] = entrance.wanted(request) or known["redirect_url"]
        response: HttpResponse = super().post_login(request, user, **known)
        return response

    def add_message(
        self, request: HttpRequest, *args: Any, message: Any = None, **known: Any
    ) -> None:
        """Say what helps after too many wrong codes: allauth only says to wait."""
        too_many = message == self.error_messages["too_many_login_attempts"]
        if too_many and _is_code_page(request):
            message = _("That was one wrong code too many. Sign in to get a new one.")
        super().add_message(request, *args, message=message, **known)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_auto_signup_allowed(
        self, request: HttpRequest, sociallogin: SocialLogin
    ) -> bool:
        """Ask nothing of students; others may say that they teach."""
        asks = settings.EDUCATOR_SIGNUP != "invite"
        if asks and not entrance.for_students(request):
            return False
        return bool(super().is_auto_signup_allowed(request, sociallogin))

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: Any
    ) -> User:
        """Take the name over: we have one field for it, allauth looks for two."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(filter(None, parts))
        user.name = str(name).replace("\x00", "")[:150]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None
    ) -> User:
        """Without a form there is nobody else to finish the sign-up."""
        user: User = super().save_user(request, sociallogin, form)
        if form is None:
            people.welcome(user=user, wants_to_teach=False)
        return user


def _is_code_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name == entrance.CODE_PAGE


def _on_our_site(link: str) -> str:
    """Put a link that allauth built for the host it was asked at onto our own."""
    parts = urlsplit(link)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.SITE_URL}{parts.path}{query}"
