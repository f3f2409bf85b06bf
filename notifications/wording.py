"""Reasons in words, for people who look after a site."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.states import Reason

REASONS: Mapping[str, Promise] = {
    Reason.UNWANTED: _("The person has switched this message off."),
    Reason.INACTIVE: _("The account is closed."),
    Reason.UNCONFIRMED: _("The person has not confirmed their address."),
    Reason.GONE: _("What the message is about is no longer there."),
    Reason.LEFT: _("The person has left the course."),
    Reason.HIDDEN: _("The person may not see it now."),
    Reason.OUTDATED: _("What the message says is no longer true."),
    Reason.ACCEPTED: _("The invitation is accepted already."),
    Reason.UNKNOWN: _("This release knows no such message."),
    Reason.RECIPIENT_REFUSED: _("The mail server refused the recipient."),
    Reason.MESSAGE_REFUSED: _("The mail server refused the message."),
    Reason.BUSY: _("The mail server asked to try again later."),
    Reason.TIMEOUT: _("The mail server did not answer in time."),
    Reason.NO_HOST: _("The mail server's name is not known."),
    Reason.CONNECTION_REFUSED: _("The mail server refused the connection."),
    Reason.UNREACHABLE: _("The mail server could not be reached."),
    Reason.DROPPED: _("The mail server ended the connection in the middle."),
    Reason.TLS: _("No secure connection to the mail server could be made."),
    Reason.AUTHENTICATION: _("The mail server refused user name and password."),
    Reason.SENDER_REFUSED: _("The mail server refused the sender."),
    Reason.HELD: _(
        "A worker stopped while sending: the mail may have arrived. It is held until "
        "somebody sends it again."
    ),
    Reason.GAVE_UP: _("It failed again and again, and is not tried any more."),
    Reason.STOPPED: _("An administrator stopped it."),
}

# What to look at when nothing gets through.
CURES: Mapping[str, Promise] = {
    Reason.TIMEOUT: _(
        "Check host and port, and whether a firewall lets this machine through."
    ),
    Reason.NO_HOST: _("Check the host in EMAIL_URL."),
    Reason.CONNECTION_REFUSED: _(
        "Check host and port in EMAIL_URL, and that a mail server listens there."
    ),
    Reason.UNREACHABLE: _("Check this machine's network and the host in EMAIL_URL."),
    Reason.DROPPED: _(
        "Check the port: 587 goes with smtp+tls://, 465 with smtp+ssl://, 25 with "
        "smtp://."
    ),
    Reason.TLS: _(
        "Check the port: 587 goes with smtp+tls://, 465 with smtp+ssl://, 25 with "
        "smtp://. The server's certificate must be valid for the host's name."
    ),
    Reason.AUTHENTICATION: _(
        "Check user name and password in EMAIL_URL, or MAILGUN_API_KEY. Characters "
        "such as @ and / must be written as %40 and %2F in EMAIL_URL."
    ),
    Reason.SENDER_REFUSED: _(
        "Check EXAMGEN_FROM: the server must allow this sender. With Mailgun check "
        "MAILGUN_DOMAIN and MAILGUN_REGION."
    ),
    Reason.RECIPIENT_REFUSED: _("Check the address."),
    Reason.MESSAGE_REFUSED: _("The server's own words say why."),
    Reason.BUSY: _("Try again in a few minutes; mails wait and are tried again."),
}


def reason_words(reason: str) -> str:
    """Say why a delivery was not sent, or not yet."""
    return str(REASONS.get(reason, ""))


def cure_words(reason: str) -> str:
    """Say what the operator can do about it."""
    return str(CURES.get(reason, ""))
