"""Requests for questions in words: why one was refused, and what became of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why a request could not be begun, or changed nothing.
REQUEST_PROBLEMS: dict[str, Promise] = {
    "under_way": _("This is being drafted already. Wait for it, or cancel it."),
    "being_read": _("The lecture is being read again. Ask once that is done."),
    "no_draft": _("This exam is no draft any more, so nothing was changed in it."),
    "changed_meanwhile": _(
        "You changed or decided this question while another one was drafted. It stays "
        "as you left it."
    ),
    "internal": _(
        "Something went wrong on our side while drafting. Try again; if it happens "
        "again, tell your administrator."
    ),
    "stopped": _("An administrator stopped this. You may try again."),
}

# What a worker is at.
COUNTING: dict[str, Promise] = {
    "drafted": _("Looking for sentences"),
    "checked": _("Checking drafts"),
    "pictures": _("Drawing pages"),
}


def request_problem(code: str) -> str:
    return str(REQUEST_PROBLEMS.get(code, REQUEST_PROBLEMS["internal"]))
