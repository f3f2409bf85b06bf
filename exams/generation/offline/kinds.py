"""Kinds of one thing: "A divergent boundary is a boundary where two plates move apart".

The definition gives half of its term away, so it is only asked among its siblings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exams.gate.wording import shared, singular
from exams.generation.offline.definitions import GLOSSARY, IS, phrase_fits
from exams.generation.offline.phrases import (
    Capitals,
    article_of,
    head,
    is_plural,
    is_term,
    without_article,
)
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.trimming import trim

_AFTER = (
    r"(?:that|which|who|whose|where|in which|of|with|without|for|made|used|formed|"
    r"caused|found|between|from|by)"
)


@dataclass(frozen=True, slots=True)
class KindOf:
    """`term` is a kind of `head`; `phrase` says which, `head` and all."""

    term: str
    head: str
    phrase: str
    article: str
    sentence: Sentence


def find_kinds(sentences: Iterable[Sentence], capitals: Capitals) -> Iterator[KindOf]:
    for sentence in sentences:
        told = IS.match(sentence.text) if sentence.text.endswith(".") else None
        listed = GLOSSARY.match(sentence.text) if sentence.listed else None
        for found, pattern in ((told, "is"), (listed, "glossary")):
            kind = _made(sentence, found, pattern, capitals) if found else None
            if kind:
                yield kind
                break


def _made(
    sentence: Sentence, found: re.Match[str], pattern: str, capitals: Capitals
) -> KindOf | None:
    raw = found["term"].strip()
    term, phrase = without_article(raw), trim(found["phrase"])
    noun = singular(head(term))
    if is_plural(term) or len(term.split()) == 1 or not is_term(term, defined=True):
        return None
    if article_of(raw) == "the" or not phrase_fits(phrase, pattern, "is"):
        return None
    if not re.match(
        rf"(?:an? )?(?:[\w-]+ )?{re.escape(noun)} {_AFTER}\b", phrase, re.IGNORECASE
    ):
        return None
    own = term[: term.rfind(" ")]
    if shared(own, phrase):
        return None
    phrase = phrase[:1].lower() + phrase[1:]
    article = "an" if own[:1].casefold() in "aeiou" else "a"
    if not re.match(r"an? ", phrase):
        phrase = f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"
    # "Soluble fibre is fibre that ...": what is not counted takes no article.
    bare = pattern == "glossary" and not re.match(
        r"an? ", found["phrase"], re.IGNORECASE
    )
    if bare or (pattern == "is" and not article_of(raw)):
        article, phrase = "", re.sub(r"^an? ", "", phrase)
    return KindOf(capitals.as_in_sentence(term), noun, phrase, article, sentence)
