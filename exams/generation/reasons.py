"""Every reason a shortfall can give, with the parameters its sentence may use.

Besides these there is one `rejected_<code>` with `count` for each hard gate code.
"""

from __future__ import annotations

from typing import Final

SHORTFALL: Final[dict[str, tuple[str, ...]]] = {
    "too_few_sentences": ("count",),
    "too_few_definitions": ("count",),
    "formulas": ("count",),
    "much_code": ("count",),
    "no_distractors": ("count",),
    "language": ("language",),
    "kind_not_offered": ("kind",),
    "too_few_of_kind": ("kind", "asked", "made"),
    "scanned_pages": ("count",),
    "no_pages_in_range": ("first", "last"),
    "too_weak": ("count",),
    "duplicates": ("count",),
    "terms_asked": ("count",),
    "kinds_full": ("count",),
    "already_asked": ("count",),
    "hint_unmet": ("hint",),
}
REJECTED_PREFIX: Final = "rejected_"
