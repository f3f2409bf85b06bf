"""Codes in words, for admins."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Mapping[str, Promise] = {
    "own_account": _("Nobody does this to their own account."),
    "staff": _("Only a superuser does this to an account of staff."),
    "no_admin": _("You may not do this any more."),
}


def refusal_words(code: str) -> str:
    """Say why an admin may not do something to an account."""
    return str(REFUSALS[code])
