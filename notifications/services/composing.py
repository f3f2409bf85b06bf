"""A delivery as a mail: in the addressee's language and hours, text and HTML."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from examgen.moments import written
from notifications.messages import MESSAGES, Message
from notifications.models import Delivery
from notifications.services.subscriptions import unsubscribe_token

# What a mail or terminal could take for the end of a line, or for an order.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a mail goes, and how whoever reads it speaks and counts the hours."""

    email: str
    name: str = ""
    language: str = ""
    time_zone: str = "UTC"

    @classmethod
    def of(cls, delivery: Delivery) -> Addressee:
        """Look the address up now: it may have changed since the event."""
        if delivery.invitation is not None:
            return cls(delivery.invitation.email)
        user = delivery.recipient
        assert isinstance(user, User)
        return cls(user.email, user.name, user.language, user.time_zone)


def compose(delivery: Delivery, at: datetime) -> EmailMultiAlternatives:
    """Write the mail, or raise UnfitError when the addressee is not to have it."""
    message = MESSAGES[delivery.message]
    addressee = Addressee.of(delivery)
    with (
        translation.override(_language(addressee.language)),
        timezone.override(zoneinfo.ZoneInfo(addressee.time_zone)),
    ):
        context = _context(message, delivery, addressee, at)
        folder = f"mail/{message.name}"
        subject = one_line(render_to_string(f"{folder}/subject.txt", context))
        context["subject"] = subject
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            to=[addressee.email],
            headers=_headers(delivery, context["unsubscribe"]),
        )
        page = render_to_string(f"{folder}/body.html", context)
        mail.attach_alternative(without_blank_lines(page), "text/html")
    return mail


def one_line(text: str) -> str:
    """Text of people as a mail may show it: one line, nothing hidden, no address.

    Titles and names are typed by people whom the reader may not know: the only links
    of a mail are ours, and mail programs make links of whatever looks like one. "=?"
    would begin letters in disguise, which are decoded after everything was checked.
    """
    line = " ".join(_UNSEEN.sub(" ", text).split())
    return line.replace("://", ": //").replace("=?", "= ?")


def without_blank_lines(page: str) -> str:
    """What templates leave between their tags would be a third of the mail."""
    return "\n".join(line for line in page.splitlines() if line.strip()) + "\n"


def absolute(path: str) -> str:
    """A link on our own site, whatever host the request or the job came by."""
    return f"{settings.SITE_URL}{path}"


def _context(
    message: Message, delivery: Delivery, addressee: Addressee, at: datetime
) -> dict[str, Any]:
    said = delivery.facts | message.words(delivery, at)
    words = {name: _written(value, addressee) for name, value in said.items()}
    unsubscribe = ""
    if message.optional and delivery.recipient is not None:
        token = unsubscribe_token(delivery.recipient, message.name)
        unsubscribe = absolute(reverse("unsubscribe", args=[token]))
    return words | {
        "name": one_line(addressee.name),
        "link": absolute(message.link(delivery)),
        "site_name": settings.SITE_NAME,
        "site_url": absolute("/"),
        "settings_url": absolute(reverse("notifications")),
        "profile_url": absolute(reverse("preferences")),
        "unsubscribe": unsubscribe,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "time_zone": addressee.time_zone,
    }


def _written(value: Any, addressee: Addressee) -> Any:
    match value:
        case str():
            return one_line(value)
        case datetime():
            return f"{written(value, 'whole')} ({addressee.time_zone})"
        case _:
            return value


def _headers(delivery: Delivery, unsubscribe: str) -> dict[str, str]:
    headers = {
        "Message-ID": delivery.message_id,
        # So that no absence note answers, and no other machine.
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe:
        # RFC 8058: one click in the mail program, without a page of ours.
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _language(wished: str) -> str:
    known = dict(settings.LANGUAGES)
    return wished if wished in known else settings.LANGUAGE_CODE
