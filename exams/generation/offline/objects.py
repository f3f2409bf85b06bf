"""Questions for what a clause says its subject does, has or is made of: "What ...?"."""

from __future__ import annotations

from collections.abc import Iterator

from exams.content import Bloom, Kind, ShortAnswer
from exams.gate.wording import content_words, shared
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.chunks import Chunk
from exams.generation.offline.clauses import Clause, complements
from exams.generation.offline.distractors import subjects_beside
from exams.generation.offline.drafting import choice, choice_malus, draft
from exams.generation.offline.inversion import inverted
from exams.generation.offline.phrases import Capitals, as_option
from exams.generation.offline.recall import accepted_forms
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.subjects import EMPTY_VERBS, HEDGES, TIED, is_story
from exams.generation.offline.terms import Term

_MIN_CONTENT, _MAX_WORDS = 3, 22
# After these a passive names the one thing that there is: "is composed of", "is caused
# by". "is found in" is true of many places, so it is asked only beside wrong answers.
_TELLING = frozenset({"of", "by", "into", "from", "as"})


def object_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    clause = analysis.clauses.get(sentence.order)
    if clause is None or sentence.order in analysis.defined_in:
        return
    if not _is_fit(clause):
        return
    for link, chunk in complements(clause):
        term = analysis.glossary.get(chunk.text)
        stem = _stem(clause, chunk, term, analysis.capitals) if term else None
        if term is None or stem is None:
            continue
        if shared(term.text, stem):
            continue
        others = subjects_beside(analysis, term, sentence, stem, options - 1)
        if Kind.SINGLE_CHOICE in kinds and len(others) == options - 1:
            texts = [as_option(other.in_number_of(term)) for other in others]
            yield draft(
                analysis,
                sentence,
                "object",
                stem,
                choice(as_option(term.text), texts),
                term=term.text,
                bloom=Bloom.UNDERSTAND,
                difficulty=analysis.difficulty(term.text, texts),
                malus=choice_malus(analysis, term, others),
            )
        if Kind.SHORT_ANSWER in kinds and _is_telling(clause, link):
            yield draft(
                analysis,
                sentence,
                "object",
                stem,
                ShortAnswer(
                    accepted_forms(
                        term.text, analysis.names.besides(term.text), counted=False
                    )
                ),
                term=term.text,
            )
        return


def _is_fit(clause: Clause) -> bool:
    parse, verb = clause.parse, clause.verb
    helpers = {parse.tokens[i].text.casefold() for i in parse.children(verb, "aux")}
    return not (
        helpers & HEDGES
        or parse.children(verb, "neg", "advcl")
        or parse.tokens[verb].lemma in EMPTY_VERBS
        or parse.tokens[clause.head].tag == "NNP"
        or clause.copular
        or is_story(clause)
        or TIED.search(parse.text)
        or any(token.pos == "NUM" for token in parse.tokens)
    )


def _stem(clause: Clause, chunk: Chunk, term: Term, capitals: Capitals) -> str | None:
    first, _ = clause.parse.reach(chunk.head)
    turned = inverted(clause, capitals, range(first, clause.end + 1))
    if turned is None or not term.noun:
        return None
    lead = f"{clause.lead}, what" if clause.lead else "What"
    stem = f"{lead} {turned}?"
    if len(stem.split()) > _MAX_WORDS or len(content_words(turned)) < _MIN_CONTENT:
        return None
    return stem


def _is_telling(clause: Clause, link: str) -> bool:
    passive = clause.parse.children(clause.verb, "auxpass")
    return bool(passive) and link in _TELLING
