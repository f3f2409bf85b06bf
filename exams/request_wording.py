"""Requests for questions in words: why one was refused, and what became of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exams.content import Kind
from exams.models import QuestionRequest
from exams.wording import KIND_NAMES

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


def request_said(request: QuestionRequest) -> str:
    """How a request stands, in one sentence."""
    match request.aim, request.state:
        case "add", "open":
            words = gettext(
                "Up to %(number)s questions on pages %(first)s to %(last)s are drafted."
            )
        case "add", "done":
            words = ngettext(
                "%(made)s of %(number)s question added, on pages %(first)s to %(last)s.",
                "%(made)s of %(number)s questions added, on pages %(first)s to %(last)s.",
                request.number,
            )
        case "add", _:
            words = gettext("No question was added on pages %(first)s to %(last)s.")
        case "kind", "open":
            words = gettext("A question of kind “%(kind)s” is drafted for this place.")
        case _, "open":
            words = gettext("Another question is drafted for this place.")
        case _, "done":
            words = gettext("Another question has this place now.")
        case _:
            words = gettext("No other question was put here; this one stays as it is.")
    kinds = [str(KIND_NAMES[Kind(kind)]) for kind in request.kinds[:1]]
    said: str = words % {
        "number": request.number,
        "made": request.made,
        "first": request.first_page,
        "last": request.last_page,
        "kind": "".join(kinds),
    }
    return said
