"""What educators made of earlier questions moves the ranking of new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from exams.generation.interface import Draft
from exams.quality import Tally

# What an engine expects of a maker counts as much as so many verdicts.
_EXPECTED_COUNTS = 20


def learned(draft: Draft, verdicts: Mapping[str, Tally]) -> Draft:
    """The draft with the score that it deserves where these `verdicts` were given.

    They are told by maker. A question that was edited is half of one that was kept.
    """
    tally = verdicts.get(draft.maker)
    if tally is None:
        return draft
    used = draft.prior * _EXPECTED_COUNTS + tally.kept + tally.edited / 2
    share = used / (_EXPECTED_COUNTS + tally.total)
    return replace(draft, score=round(draft.score + share - draft.prior, 4))
