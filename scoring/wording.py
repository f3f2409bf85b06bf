"""Codes in words: why somebody may not start, why an answer is none, when results come.

A code without a sentence fails a test, so nothing internal is ever shown.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why an attempt may not be started. That it is open already is no reason.
REFUSALS: dict[str, Promise] = {
    "own_exam": _("This is your own exam. Your students start it on this page."),
    "not_enrolled": _("Only students of the course can take this exam."),
    "not_yet": _("The exam has not opened yet."),
    "closed": _("The exam is closed. Nobody can start any more."),
    "no_attempts_left": _("You have used all your attempts."),
    "busy": _("The exam could not be started just now. Try again."),
    "void": _("Your educator took this attempt out. It counts for nothing."),
}

# Why a value is no answer to its question.
INVALID: dict[str, Promise] = {
    "unknown_question": _("This question is not in your exam. Load the page again."),
    "unknown_option": _("This choice is not in the question. Load the page again."),
    "wrong_shape": _("This is no answer to the question. Load the page again."),
    "bad_version": _("This page is out of step. Load it again."),
    "too_long": _("This answer is too long. Shorten it, then save again."),
    "bad_character": _("This answer holds a character that cannot be stored."),
    "incomplete": _("Some things are missing in this order. Load the page again."),
    "too_many": _("Too many answers came after the end. This one was not kept."),
}

# Told to programs as well; see `scoring.views.answers`.
PROBLEMS: dict[str, Promise] = {
    "login_required": _("You are signed out. Sign in to go on."),
    "not_found": _("There is no such attempt."),
    "not_json": _("Answers are sent as JSON."),
    "too_large": _("This message is larger than 64 KiB."),
    "malformed": _("This message cannot be read."),
    "unknown_protocol": _("This page is of another release. Load it again."),
    "unknown_question": _("This question is not in your exam."),
    "missing_versions": _("Some answers have not arrived yet."),
    "invalid_items": _("Some answers cannot be stored."),
    "void": _("Your educator took this attempt out."),
}

# How a typed number failed; beside a marked answer.
MARK_PROBLEMS: dict[str, Promise] = {
    "not_a_number": _("This could not be read as a number."),
    "other_unit": _("This number has another unit than the question asks for."),
}
