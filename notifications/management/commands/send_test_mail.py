"""Send one mail by the configured way, and say in words what went wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.template.loader import render_to_string

from examgen.jobs.clock import now
from notifications.services import transport
from notifications.services.composing import without_blank_lines
from notifications.wording import cure_words, reason_words


class Command(BaseCommand):
    help = "Send one mail to ADDRESS and say how; exits with 1 when it did not leave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *, address: str, **_: Any) -> None:
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address!r} is no e-mail address.") from error
        self.stdout.write(f"Way:  {_way()}")
        self.stdout.write(f"From: {settings.DEFAULT_FROM_EMAIL}")
        self.stdout.write(f"To:   {address}")
        self.stdout.flush()
        try:
            transport.send(_mail(address))
        except transport.MailError as error:
            raise CommandError(_said(error.problem)) from error
        self.stdout.write("Sent: the next stop has taken it.")


def _mail(address: str) -> EmailMultiAlternatives:
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": f"{settings.SITE_URL}/",
        "at": now(),
        "language": settings.LANGUAGE_CODE,
        "direction": "ltr",
    }
    context["subject"] = render_to_string("mail/test/subject.txt", context).strip()
    mail = EmailMultiAlternatives(
        subject=str(context["subject"]),
        body=render_to_string("mail/test/body.txt", context).strip() + "\n",
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    page = render_to_string("mail/test/body.html", context)
    mail.attach_alternative(without_blank_lines(page), "text/html")
    return mail


def _way() -> str:
    """The configured backend, in the operator's words and without any secret."""
    name = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    match name:
        case "smtp":
            secured = "without encryption"
            if settings.EMAIL_USE_SSL:
                secured = "TLS from the start"
            elif settings.EMAIL_USE_TLS:
                secured = "STARTTLS"
            user = settings.EMAIL_HOST_USER
            signed_in = f"as {user}" if user else "without sign-in"
            host = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
            return f"SMTP to {host}, {secured}, {signed_in}"
        case "mailgun":
            region = settings.MAILGUN_REGION.upper()
            return f"Mailgun, domain {settings.MAILGUN_DOMAIN}, region {region}"
        case "filebased":
            return f"files in {settings.EMAIL_FILE_PATH}"
        case "console":
            return "this console; set EMAIL_URL or MAILGUN_API_KEY to really send"
    return settings.EMAIL_BACKEND


def _said(problem: transport.Problem) -> str:
    lines = [
        f"Not sent. {reason_words(problem.reason)} {cure_words(problem.reason)}".strip(),
        f"  The other side said: {problem.detail}",
    ]
    return "\n".join(lines)
