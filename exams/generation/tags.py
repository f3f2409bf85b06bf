"""Which of a lecture's terms a question is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exams.content import (
    Matching,
    MultipleChoice,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
)
from exams.gate.wording import content_words, fold, squash
from exams.reading.document import Document, Role

MOST_TAGS, LONGEST_TAG = 5, 60
_MOST_WORDS = 4
_TITLES = frozenset({Role.TITLE, Role.HEADING})


def terms_of(document: Document) -> dict[str, str]:
    """What the lecture itself sets apart, as it is written, by its folded form.

    That is what stands in bold, and headings that are no longer than a term.
    """
    terms: dict[str, str] = {}
    for page in document.pages:
        for block in page.blocks:
            spans = list(block.bold)
            if block.role in _TITLES:
                spans.append((block.start, block.end))
            for start, end in spans:
                _add(terms, page.text[start:end])
    return terms


def tags_of(question: Question, terms: Mapping[str, str]) -> tuple[str, ...]:
    """The terms that the question, its key or its quotes use, longest first.

    What it asks for is a term as well, if it is as short as one.
    """
    own: dict[str, str] = {}
    for text in _asked_for(question):
        _add(own, text)
    said = f" {fold(' '.join(_texts(question)))} "
    used = {folded: term for folded, term in terms.items() if f" {folded} " in said}
    found = {**own, **used}
    # Of "cell" and "cell wall" only the longer one says what is meant.
    longest = sorted(found, key=lambda folded: (-len(folded), folded))
    kept: list[str] = []
    for folded in longest:
        if not any(f" {folded} " in f" {longer} " for longer in kept):
            kept.append(folded)
    return tuple(found[folded] for folded in kept[:MOST_TAGS])


def _add(terms: dict[str, str], text: str) -> None:
    term = squash(text).strip(".,;:!?()[]“”\"' ")
    folded = fold(term)
    short = 0 < len(folded.split()) <= _MOST_WORDS and len(term) <= LONGEST_TAG
    if short and content_words(term) and not folded.replace(" ", "").isdigit():
        terms.setdefault(folded, term)


def _asked_for(question: Question) -> Iterator[str]:
    match question.body:
        case SingleChoice(options) | MultipleChoice(options):
            yield from (option.text for option in options if option.correct)
        case ShortAnswer(accepted):
            yield from accepted[:1]
        case Matching(pairs):
            yield from (left for left, _ in pairs)
        case Ordering(items):
            yield from items
        case _:
            pass


def _texts(question: Question) -> Iterable[str]:
    yield question.stem
    yield from _asked_for(question)
    yield from (item.quote for item in question.evidence)
