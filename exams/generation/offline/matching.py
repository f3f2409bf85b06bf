"""Terms to be matched with their definitions: the kind that patterns make best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from exams.content import Bloom, Difficulty, Matching
from exams.gate.wording import resemblance, shared
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.definitions import Definition
from exams.generation.offline.drafting import draft
from exams.generation.offline.phrases import as_option

_MIN_PAIRS = 3
_GOOD_PAIRS = 4
_TOO_ALIKE = 0.4
_MAX_WORDS = 20
_LENGTH_RATIO = 3.0


def matchings(
    analysis: Analysis,
    definitions: Sequence[Definition],
    later: Sequence[Definition] = (),
) -> Iterator[Draft]:
    """A matching for every four definitions that lie close together.

    Definitions of `later` sections fill the last.
    """
    left = _usable(definitions)
    if len(left) % _GOOD_PAIRS:
        left += _usable(later)[: _GOOD_PAIRS * 2]
    while len(left) >= _MIN_PAIRS:
        group: list[Definition] = []
        for definition in list(left):
            if len(group) == _GOOD_PAIRS:
                break
            if all(_apart(analysis, definition, other) for other in group):
                group.append(definition)
        if len(group) < _MIN_PAIRS:
            return
        left = [definition for definition in left if definition not in group]
        yield _draft(analysis, group)


def _usable(definitions: Sequence[Definition]) -> list[Definition]:
    return [
        definition
        for definition in definitions
        if definition.nominal and len(definition.phrase.split()) <= _MAX_WORDS
    ]


def _apart(analysis: Analysis, one: Definition, other: Definition) -> bool:
    """Whether neither side could be matched with the other's partner."""
    first, second = analysis.glossary.get(one.term), analysis.glossary.get(other.term)
    lengths = sorted((len(one.phrase), len(other.phrase)))
    return (
        first is not None
        and second is not None
        and first.key[-len(second.key) :] != second.key
        and second.key[-len(first.key) :] != first.key
        and not analysis.are_related(first, second)
        and not shared(one.term, other.phrase)
        and not shared(other.term, one.phrase)
        and resemblance(one.phrase, other.phrase) <= _TOO_ALIKE
        and lengths[1] <= _LENGTH_RATIO * lengths[0]
    )


def _draft(analysis: Analysis, group: Sequence[Definition]) -> Draft:
    pairs = tuple(
        (as_option(d.term), d.phrase[:1].upper() + d.phrase[1:]) for d in group
    )
    first = group[0]
    distance = max(
        later.sentence.page - earlier.sentence.page
        for earlier, later in pairwise(group)
    )
    return draft(
        analysis,
        first.sentence,
        "matching",
        analysis.phrasebook.matching,
        Matching(pairs),
        term=first.term,
        bloom=Bloom.UNDERSTAND,
        difficulty=Difficulty.MEDIUM,
        more_evidence=[definition.sentence for definition in group[1:]],
        malus=0.02 * distance + (0.1 if len(group) < _GOOD_PAIRS else 0.0),
    )
