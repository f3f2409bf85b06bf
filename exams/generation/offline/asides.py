"""Definitions said in passing: "profits, which are the difference between ..."."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exams.generation.offline.chunks import Chunk, chunks
from exams.generation.offline.definitions import Definition, defined_by
from exams.generation.offline.parsing import Parse
from exams.generation.offline.phrases import Capitals
from exams.generation.offline.sentences import Sentence

_ARTICLES = frozenset({"a", "an", "the"})
_SAYING = ("prep", "relcl", "acl")


def find_asides(
    sentences: Iterable[Sentence], parses: Mapping[int, Parse], capitals: Capitals
) -> Iterator[Definition]:
    """At most one of each sentence, where the aside is a whole phrase of its own."""
    for sentence in sentences:
        parse = parses[sentence.order]
        for chunk in chunks(parse):
            said = _said_of(parse, chunk)
            if not said:
                continue
            verb = "are" if chunk.plural else "is"
            whole = f"{_article(parse, chunk)}{chunk.text} {verb} {said}"
            if found := defined_by(sentence, whole, capitals):
                yield found
                break


def _article(parse: Parse, chunk: Chunk) -> str:
    words = [parse.tokens[at].text for at in parse.children(chunk.head, "det")]
    return next((f"{w.lower()} " for w in words if w.lower() in _ARTICLES), "")


def _said_of(parse: Parse, chunk: Chunk) -> str:
    """What an apposition or a relative clause says the thing is, or ""."""
    if any(parse.tokens[at].name for at in range(chunk.first, chunk.head + 1)):
        return ""  # a name is somebody or something, and no term
    for at in parse.children(chunk.head, "appos"):
        if at == chunk.head + 2 or parse.tokens[chunk.head + 1].text == ",":
            return _phrase(parse, at)
    for verb in parse.children(chunk.head, "relcl"):
        who = parse.children(verb, "nsubj")
        what = parse.children(verb, "attr")
        if parse.tokens[verb].lemma != "be" or len(what) != 1 or not who:
            continue
        # Only with a comma does it tell what the thing is, and not which one is meant.
        comma = parse.tokens[chunk.head + 1].text == ","
        if comma and parse.tokens[who[0]].text == "which" and who[0] < what[0]:
            return _phrase(parse, what[0])
    return ""


def _phrase(parse: Parse, head: int) -> str:
    first, last = parse.reach(head)
    opened = parse.tokens[first].text.casefold() in _ARTICLES
    if not opened or not parse.children(head, *_SAYING):
        return ""
    if parse.children(head, "conj", "appos") or parse.tokens[head].pos != "NOUN":
        return ""
    return parse.words(first, last).rstrip(",;: ")
