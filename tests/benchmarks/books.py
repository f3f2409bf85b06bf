"""Lectures of any length for `bench-generation`, from the samples that ship with us."""

from __future__ import annotations

import random
import re
import string
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from exams import samples
from exams.reading import Document, Page, read_lecture

CHAPTER = 12
_PROSE = ("plant-cells", "supply-and-demand")
_WORD = re.compile(r"[A-Za-z]{5,}")
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
# What tells a plural, an adjective or a doer stays at the end of a word.
_KEPT = 3
_LONG = 8


def book(pages: int, *, first: int = 0) -> Document:
    """Dense prose, each chapter about other things; `first` is that of the first one.

    Every chapter is the same twelve pages, in which terms and long words are others: a
    book whose vocabulary grows as it goes on, and that says hardly a sentence twice.
    New words are as long as the old, so that each still stands where it was read.
    """
    chapter = _read_pages()
    terms = _terms(chapter)
    found: list[Page] = []
    for number in range(pages):
        about, place = divmod(first * CHAPTER + number, CHAPTER)
        names = _names(terms, about)
        page = chapter[place]
        found.append(replace(page, number=number + 1, text=_renamed(page.text, names)))
    return Document(title="A course book", language="en", pages=tuple(found))


def _read_pages() -> list[Page]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lecture.pdf"
        found: list[Page] = []
        for name in _PROSE:
            path.write_bytes(samples.build(name))
            found += read_lecture(path).pages
    return found[:CHAPTER]


def _terms(pages: list[Page]) -> set[str]:
    """Long words, and those of what the lectures set in bold, in lower case."""
    long = {
        word.lower()
        for page in pages
        for word in _WORD.findall(page.text)
        if len(word) >= _LONG
    }
    bold = (
        page.text[start:end]
        for page in pages
        for block in page.blocks
        for start, end in block.bold
    )
    return long | {word.lower() for run in bold for word in _WORD.findall(run)}


def _names(terms: set[str], chapter: int) -> Mapping[str, str]:
    """Another name for each term: vowels for vowels, the ending as it was."""
    if not chapter:
        return {}
    dice = random.Random(chapter)
    swap = str.maketrans(
        _VOWELS + _CONSONANTS,
        "".join(_shuffled(_VOWELS, dice)) + "".join(_shuffled(_CONSONANTS, dice)),
    )
    return {term: term[:-_KEPT].translate(swap) + term[-_KEPT:] for term in terms}


def _shuffled(letters: str, dice: random.Random) -> Iterator[str]:
    yield from dice.sample(letters, len(letters))


def _renamed(text: str, names: Mapping[str, str]) -> str:
    def other(found: re.Match[str]) -> str:
        word = found[0]
        name = names.get(word.lower(), word)
        return string.capwords(name) if word[0].isupper() else name

    return _WORD.sub(other, text) if names else text
