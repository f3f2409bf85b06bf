"""Only in the demo: the mails that would have been sent, and one-click sign-in."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import entrance
from accounts.models import User
from examgen.demo import people

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse

# The file backend writes this line after every message.
_SEPARATOR = b"\n" + b"-" * 79 + b"\n"
_NEWEST = 30


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    at: datetime | None


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest mails, newest first, or lead to whoever catches them."""
    if settings.MAILBOX_URL:
        return redirect(settings.MAILBOX_URL)
    files = sorted(settings.MAIL_DIR.glob("*.log"), reverse=True)[:_NEWEST]
    mails = [mail for file in files for mail in _read(file)]
    return render(request, "demo/mailbox.html", {"mails": mails[:_NEWEST]})


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo people, and go where the visitor was going.

    Their password is public anyway.
    """
    address = request.POST.get("email", "")
    if address not in people.ONE_CLICK:
        raise Http404
    user = get_object_or_404(User, email=address)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(entrance.asked(request) or "home")


def _moment(date: str) -> datetime:
    """The time of a mail; `-0000`, which Django writes, is UTC of an unknown place."""
    at = parsedate_to_datetime(date)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(file: Path) -> list[Mail]:
    parts = file.read_bytes().split(_SEPARATOR)
    return [_parse(part) for part in reversed(parts) if part.strip()]


def _parse(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw.lstrip(), policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"]
    return Mail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        at=_moment(str(date)) if date else None,
    )
