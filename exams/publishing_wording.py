"""The checklist, the rules of an exam and what is refused about its doors, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from examgen.moments import written
from exams.policy import Counting, Release, Several
from exams.wording import say

CHECKS: dict[str, Promise] = {
    "undecided": ngettext_lazy(
        "%(count)s question is not decided yet.",
        "%(count)s questions are not decided yet.",
        "count",
    ),
    "nothing_kept": _("No question is kept. Accept at least one."),
    "decided": ngettext_lazy(
        "%(count)s of %(total)s questions is kept.",
        "%(count)s of %(total)s questions are kept.",
        "count",
    ),
    "keys_broken": ngettext_lazy(
        "The key of question %(numbers)s cannot be graded. Edit or reject it.",
        "The keys of questions %(numbers)s cannot be graded. Edit or reject them.",
        "count",
    ),
    "keys_whole": _("Every key is whole."),
    "no_points": _("No question is worth any points. Edit one to give it points."),
    "some_worthless": ngettext_lazy(
        "Question %(numbers)s is worth no points.",
        "Questions %(numbers)s are worth no points.",
        "count",
    ),
    "points": _("Points to reach: %(points)s."),
    "essays": ngettext_lazy(
        "%(count)s essay must be graded by a person; results wait for that.",
        "%(count)s essays must be graded by a person; results wait for that.",
        "count",
    ),
    "opens_too_far": _(
        "The exam would open more than five years from now. Check the year."
    ),
    "no_end": _("The exam has no end: it stays open until you close it."),
    "window_over": _("This end is over already. Choose a later one."),
    "ends_before_start": _("The exam would end before it opens. Choose a later end."),
    "closes_too_far": _(
        "The exam would end more than five years from now. Check the year."
    ),
    "window_short": ngettext_lazy(
        "The exam is open for %(count)s minute, so nobody has the full %(minutes)s "
        "minutes of the time limit.",
        "The exam is open for %(count)s minutes, so nobody has the full %(minutes)s "
        "minutes of the time limit.",
        "count",
    ),
    "window": _("From %(opens)s to %(closes)s the exam is open."),
    "zone_utc": _("All times are in UTC. Choose your own time zone in the settings."),
    "zone": _("All times are in the time zone %(zone)s."),
    "no_limit": _("No time limit."),
    "minutes_out_of_range": _("A time limit is 1 to %(limit)s minutes."),
    "limit": ngettext_lazy(
        "Time limit: %(count)s minute.", "Time limit: %(count)s minutes.", "count"
    ),
    "attempts_out_of_range": _("Allow 1 to %(limit)s attempts."),
    "one_attempt": _("One attempt."),
    "attempts_best": ngettext_lazy(
        "%(count)s attempt; the best counts.",
        "%(count)s attempts; the best counts.",
        "count",
    ),
    "attempts_last": ngettext_lazy(
        "%(count)s attempt; the last counts.",
        "%(count)s attempts; the last counts.",
        "count",
    ),
    "attempts_average": ngettext_lazy(
        "%(count)s attempt; the average counts.",
        "%(count)s attempts; the average counts.",
        "count",
    ),
    "release_undecided": _(
        "Without an end, results cannot wait for it. Choose when students see them."
    ),
    "release_after_close": _("Students see results once the exam has closed."),
    "release_before_retry": _(
        "Students see results when they hand in, before their next attempt."
    ),
    "release_at_submit": _(
        "Students see results when they hand in, while others may still write."
    ),
    "release_manual": _("Students see results when you release them."),
    "release_date_missing": _("Choose the date on which students see results."),
    "release_before_end": _(
        "Students would see results before the exam ends. Choose a later date."
    ),
    "release_before_start": _(
        "Students would see results before anybody can write. Choose a later date."
    ),
    "release_too_far": _(
        "Students would see results more than five years from now. Check the year."
    ),
    "release_on_date": _("From %(due)s on students see results."),
    "no_pass_mark": _("No pass mark: nobody passes or fails."),
    "pass_mark_out_of_range": _("A pass mark is 0 to 100 per cent."),
    "pass_mark": _("Whoever has %(percent)s %% of the points passes."),
    "negative_without_penalty": _(
        "Points fall below zero only with “right minus wrong”."
    ),
    "anyone": _("Everybody who has the link and an account may take it."),
    "course_foreign": _("Choose one of your courses."),
    "course_empty": _(
        "Nobody is in “%(course)s” yet. Whoever joins later may take it as well."
    ),
    "course": ngettext_lazy(
        "%(count)s student of “%(course)s” may take it.",
        "%(count)s students of “%(course)s” may take it.",
        "count",
    ),
    "extra_time": ngettext_lazy(
        "%(count)s of them has extra time.",
        "%(count)s of them have extra time.",
        "count",
    ),
    "no_extra_time": _("None of them has extra time."),
}

REFUSALS: dict[str, Promise] = {
    "still_open": _("The exam is still open. Close it, then release the results."),
    "end_over": CHECKS["window_over"],
    "end_before_start": CHECKS["ends_before_start"],
    "end_too_far": CHECKS["closes_too_far"],
    "end_needed": _("Results wait for the end of this exam, so it needs one."),
}

COUNTING_NAMES: dict[Counting, Promise] = {
    Counting.BEST: _("The best"),
    Counting.LAST: _("The last"),
    Counting.AVERAGE: _("Their average"),
}

RELEASE_NAMES: dict[Release, Promise] = {
    Release.AFTER_CLOSE: _("Once the exam has closed"),
    Release.AT_SUBMIT: _("When they hand in"),
    Release.ON_DATE: _("On a date"),
    Release.MANUAL: _("When I release them"),
}

# Each with its formula: C options are right and I are wrong, c and i of them chosen.
SEVERAL_NAMES: dict[Several, Promise] = {
    Several.EXACT: _("All or nothing: 1 if c = C and i = 0, else 0"),
    Several.PROPORTIONAL: _("Share of the right ones: c ÷ C, but 0 if c + i > C"),
    Several.PENALTY: _("Right minus wrong: c ÷ C − i ÷ I, at least 0"),
}


def check_words(code: str, params: Mapping[str, Any]) -> str:
    return say(CHECKS[code], {name: _plain(value) for name, value in params.items()})


def refusal(code: str) -> str:
    return str(REFUSALS[code])


def _plain(value: Any) -> Any:
    """A parameter as people write it: times in their zone, no needless zeros."""
    match value:
        case datetime():
            return written(value, "year")
        case Decimal():
            return number_format(f"{value.normalize():f}")
        case list():
            return ", ".join(map(str, value))
        case _:
            return value
