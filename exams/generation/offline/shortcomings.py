"""What the engine offers for a lecture, and why it found little in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exams.content import Finding, Kind
from exams.generation.interface import Blueprint
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.distractors import terms_beside
from exams.generation.offline.phrasebook import PHRASEBOOKS, UNKNOWN
from exams.generation.offline.sentences import SYMBOL, Sentence
from exams.reading.document import Role

KINDS = frozenset(
    {
        Kind.SINGLE_CHOICE,
        Kind.TRUE_FALSE,
        Kind.SHORT_ANSWER,
        Kind.NUMERIC,
        Kind.MATCHING,
        Kind.ESSAY,
    }
)
# What can be asked safely where no word lists tell a noun from a verb.
FOREIGN_KINDS = frozenset({Kind.SHORT_ANSWER, Kind.MATCHING, Kind.ESSAY})

_FEW_SENTENCES_PER_QUESTION = 5
_FEW_DEFINITIONS = 4
_MUCH = 0.25
_FORMULA = re.compile(r"[=≤≥≈≠∑∫√∂∈∀∃→⇒±×÷^]|\\|[\u0391-\u03c9]|\b[a-z]\d\b")


def offered_kinds(analysis: Analysis) -> frozenset[Kind]:
    if analysis.language not in PHRASEBOOKS:
        return frozenset()
    return KINDS if analysis.language == "en" else FOREIGN_KINDS


def shortcomings_of(analysis: Analysis, blueprint: Blueprint) -> Iterator[Finding]:
    offered = offered_kinds(analysis)
    if offered != KINDS or analysis.document.language == UNKNOWN:
        yield Finding("language", {"language": analysis.document.language})
    for kind in blueprint.kinds:
        if kind not in offered and (offered or kind not in KINDS):
            yield Finding("kind_not_offered", {"kind": kind.value})
    sentences = [s for s in analysis.sentences if blueprint.covers(s.page)]
    usable = sum(analysis.stands_alone(sentence) for sentence in sentences)
    if usable < _FEW_SENTENCES_PER_QUESTION * blueprint.questions:
        yield Finding("too_few_sentences", {"count": usable})
    yield from _hard_matter(analysis, sentences)
    if not offered:
        return
    definitions = [d for d in analysis.definitions if blueprint.covers(d.sentence.page)]
    if len(definitions) < max(_FEW_DEFINITIONS, blueprint.questions):
        yield Finding("too_few_definitions", {"count": len(definitions)})
    if Kind.SINGLE_CHOICE in blueprint.kinds and Kind.SINGLE_CHOICE in offered:
        wanted = blueprint.options - 1
        lonely = sum(
            len(terms_beside(analysis, definition, wanted)) < wanted
            for definition in definitions
        )
        if lonely:
            yield Finding("no_distractors", {"count": lonely})


def _hard_matter(
    analysis: Analysis, sentences: Sequence[Sentence]
) -> Iterator[Finding]:
    """Formulas and code say little to whoever knows only words."""
    formulas = sum(
        bool(_FORMULA.search(s.text) or SYMBOL.search(s.text)) for s in sentences
    )
    if formulas > _MUCH * len(sentences):
        yield Finding("formulas", {"count": formulas})
    pages = {sentence.page for sentence in sentences}
    blocks = [
        block
        for page in analysis.document.pages
        if page.number in pages
        for block in page.blocks
    ]
    code = sum(block.role is Role.CODE for block in blocks)
    if code > _MUCH * len(blocks):
        yield Finding("much_code", {"count": code})
