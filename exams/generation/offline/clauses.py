"""The plain main clause of a sentence: its subject, what is said of it, what leads in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exams.generation.offline.chunks import Chunk, chunks
from exams.generation.offline.parsing import Parse, Token
from exams.generation.offline.words import LEAD_ADVERBS

_ARTICLE = re.compile(r"^(?:an?|the|each|every)\s+", re.IGNORECASE)
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_SUBJECTS = ("nsubj", "nsubjpass")
_LINKS = frozenset({"of", "by", "in", "into", "from", "with", "on", "as"})
_MAX_LEAD = 9


@dataclass(frozen=True, slots=True)
class Clause:
    """`first` to `last` is the subject, `end` the last word said of it; `lead` and `predicate` are text.

    `lead` is a phrase before the subject without which the sentence claims too much
    ("In animals"), `predicate` runs from the verb to the end, without the full stop.
    """

    parse: Parse
    first: int
    last: int
    head: int
    verb: int
    end: int
    lead: str
    predicate: str
    plural: bool

    @property
    def subject(self) -> str:
        return self.parse.words(self.first, self.last)

    @property
    def bare_subject(self) -> str:
        return _ARTICLE.sub("", self.subject)

    @property
    def determiner(self) -> str:
        token = self.parse.tokens[self.first]
        return token.text.casefold() if token.pos in {"DET", "PRON"} else ""

    @property
    def copular(self) -> bool:
        return self.parse.tokens[self.verb].lemma == "be"


def main_clause(parse: Parse) -> Clause | None:  # noqa: PLR0911 - one refusal a line
    """The clause, if the sentence is one statement with a noun as its subject."""
    if len(parse.roots) != 1:
        return None
    tokens, verb = parse.tokens, parse.roots[0]
    if tokens[verb].pos not in {"VERB", "AUX"} or not _is_finite(parse, verb):
        return None
    if parse.children(verb, "expl", "csubj", "csubjpass", "ccomp") and not _says_that(
        parse, verb
    ):
        return None
    subjects = parse.children(verb, *_SUBJECTS)
    if len(subjects) != 1 or subjects[0] > verb:
        return None
    head = subjects[0]
    if tokens[head].pos not in {"NOUN", "PROPN"}:
        return None
    first, last = parse.reach(head)
    begin = _verb_begins(parse, verb, last)
    if begin is None:
        return None
    lead = _lead(parse, verb, first)
    if lead is None:
        return None
    end = _end(parse, verb)
    while end > verb and tokens[end].pos == "PUNCT" and tokens[end].text in ".,;:":
        end -= 1
    predicate = parse.words(begin, end).strip().rstrip(".,;: ")
    return Clause(
        parse,
        first,
        last,
        head,
        verb,
        end,
        lead,
        predicate,
        _is_plural(parse, head, verb),
    )


def _is_finite(parse: Parse, verb: int) -> bool:
    if parse.tokens[verb].tag in _FINITE:
        return True
    helpers = parse.children(verb, "aux", "auxpass")
    return any(parse.tokens[helper].tag in _FINITE for helper in helpers)


def _says_that(parse: Parse, verb: int) -> bool:
    """A clause that follows its verb is part of what is said."""
    clauses = parse.children(verb, "ccomp")
    others = parse.children(verb, "expl", "csubj", "csubjpass")
    return not others and all(clause > verb for clause in clauses)


def _verb_begins(parse: Parse, verb: int, subject_ends: int) -> int | None:
    """The first word after the subject, if only helpers and adverbs stand before it.

    A lead adverb there ("also", "however") speaks to another sentence: none then.
    """
    begin = subject_ends + 1
    for at in range(begin, verb):
        token = parse.tokens[at]
        if token.head != verb or token.dep not in {"aux", "auxpass", "neg", "advmod"}:
            return None
        if token.text.casefold() in LEAD_ADVERBS:
            return None
    return begin if begin <= verb else None


def _lead(parse: Parse, verb: int, first: int) -> str | None:  # noqa: PLR0911
    """What stands before the subject: "", or a phrase worth keeping; else none."""
    if first == 0:
        return ""
    opened = [child for child in parse.children(verb) if child < first]
    matter = [c for c in opened if parse.tokens[c].dep not in {"punct", "cc"}]
    if any(parse.tokens[c].dep == "cc" for c in opened) or len(matter) != 1:
        return None
    begin, end = parse.reach(matter[0])
    token = parse.tokens[matter[0]]
    if begin != 0 or end >= first:
        return None
    if token.dep == "advmod" and begin == end:
        return "" if token.text.casefold() in LEAD_ADVERBS else None
    if token.dep not in {"prep", "advcl"} or end - begin >= _MAX_LEAD:
        return None
    said = parse.tokens[begin : end + 1]
    if any(_points(word) or word.pos == "PRON" for word in said):
        return None
    return parse.words(begin, end)


def _points(token: Token) -> bool:
    return token.text.casefold() in {"this", "that", "these", "those", "such", "here"}


def _end(parse: Parse, verb: int) -> int:
    """The last word of what is said: a second main clause is cut off."""
    last = len(parse.tokens) - 1
    for at in parse.children(verb, "conj"):
        if parse.children(at, *_SUBJECTS, "expl"):
            before = parse.children(verb, "cc")
            cuts = [cc for cc in before if verb < cc < at] or [parse.reach(at)[0]]
            last = min(last, cuts[-1] - 1)
    for at in parse.children(verb, "parataxis"):
        if at > verb:
            last = min(last, parse.reach(at)[0] - 1)
    return last


def _is_plural(parse: Parse, head: int, verb: int) -> bool:
    """By the verb where that shows it, else by the noun; two nouns are a plural."""
    if parse.children(head, "conj"):
        return True
    helpers = [verb, *parse.children(verb, "aux", "auxpass")]
    for helper in sorted(helpers):
        token = parse.tokens[helper]
        if token.tag == "VBZ" or token.text == "was":
            return False
        if token.tag == "VBP" or token.text == "were":
            return True
    return parse.tokens[head].tag in {"NNS", "NNPS"}


def complements(clause: Clause) -> Iterator[tuple[str, Chunk]]:
    """What the verb takes at its end, with the preposition before it or "".

    Only where the phrase is the last of its part: of "a region of the cell" the region
    alone would be half an answer.
    """
    parse, verb = clause.parse, clause.verb
    known = {chunk.head: chunk for chunk in chunks(parse)}
    found = [("", at) for at in parse.children(verb, "dobj")]
    for link in parse.children(verb, "prep", "agent"):
        word = parse.tokens[link].text.casefold()
        if link > verb and word in _LINKS:
            found += [(word, at) for at in parse.children(link, "pobj")]
    ends = {clause.end, *(at - 1 for at in parse.children(verb, "cc", "punct"))}
    for before, at in sorted(found, key=lambda item: -item[1]):
        chunk = known.get(at)
        named = parse.tokens[at].name
        if chunk and at in ends and parse.reach(at)[1] == at and not named:
            yield before, chunk
