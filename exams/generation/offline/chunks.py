"""Noun phrases of a parsed sentence: what can be a term, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exams.generation.offline.parsing import Parse

_NOUNS = frozenset({"NOUN", "PROPN"})
# What belongs to a term before its noun: "cell membrane", "plasma membrane", "inferior
# good", "p-value". Not "many cells", "its cells", "three cells".
_PARTS = frozenset({"compound", "amod", "nmod", "punct"})
_COUNTING = frozenset({"JJR", "JJS", "PDT", "CD"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A noun with what is a part of its name: words `first` to `head` of the parse."""

    first: int
    head: int
    text: str
    plural: bool


def chunks(parse: Parse) -> Iterator[Chunk]:
    """Every noun phrase without its article, counting words and what follows it."""
    for at, token in enumerate(parse.tokens):
        if token.pos not in _NOUNS or token.dep == "compound":
            continue
        first = at
        for child in reversed(parse.children(at)):
            if child >= first:
                continue
            begin, end = parse.reach(child)
            part = parse.tokens[child]
            if end != first - 1 or part.dep not in _PARTS or part.tag in _COUNTING:
                break
            if part.dep == "punct" and part.text != "-":
                break
            if part.tag in {"VBG", "VBN"} and part.dep == "amod" and begin != child:
                break
            first = begin
        yield Chunk(first, at, parse.words(first, at), token.tag in {"NNS", "NNPS"})
