"""Whether a parsed sentence says something by itself, to someone without the lecture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.gate.wording import singular, word_set, words
from exams.generation.offline.parsing import Parse
from exams.generation.offline.sentences import (
    REFERENCE,
    SYMBOL,
    THAT,
    Sentence,
    is_clean,
)
from exams.generation.offline.words import GENERIC_HEADS, IMPERATIVES, LEAD_ADVERBS

_MIN_WORDS, _MAX_WORDS = 5, 40
_MIN_WORDS_SLIDE = 4
_SETTLED = 4
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_PERSONAL = word_set(
    """
    i we you he she my our your his her us me him mine ours yours myself ourselves
    yourself himself herself ones others
    """
)
_BACKWARD = frozenset({"it", "its", "they", "their", "them", "itself", "themselves"})
_POINTERS = frozenset(
    {"this", "these", "those", "such", "here", "now", "today", "above"}
)
# With "the" alone one of these is the one that was spoken of before.
_ANY_ONE = GENERIC_HEADS | {
    "algorithm", "company", "device", "discovery", "equation", "hypothesis", "law",
    "machine", "model", "organization", "organisation", "proposal", "scheme", "treaty",
}  # fmt: skip
_ORDER = word_set(
    """
    former latter same other second third next previous following rest remaining first
    last final above resulting new current given
    """
)
_NEVER_ALONE = frozenset({"former", "latter", "following", "same", "above"})
_CONNECTIVES = re.compile(
    r"^(?:In (?:addition|contrast|fact|other words|particular|short|summary|turn|"
    r"essence|both cases|this)|As a (?:result|consequence)|On the (?:other|one) hand|At the "
    r"same time|By contrast|Of course|After that|For (?:this|that|these)|Even so|"
    r"To do so|That is|Put simply|As (?:the|its) names? (?:impl|suggest|say)\w+)\b"
)
_COMPARED = re.compile(
    r"\b(?<!or )(?:more|less|fewer) (?!than\b)[a-z]+\b(?!.*\bthan\b)|\b(?:so|too) [a-z]+ that\b"
)


def stands_alone(sentence: Sentence, parse: Parse) -> bool:  # noqa: PLR0911 - one refusal a line
    """`parse` is of the sentence's `plain` text."""
    text = parse.text
    said = words(text)
    least = _MIN_WORDS_SLIDE if sentence.on_slide else _MIN_WORDS
    if not least <= len(said) <= _MAX_WORDS or not _begins(sentence):
        return False
    if not text.endswith(".") and not (sentence.listed and text[-1].isalnum()):
        return False
    if REFERENCE.search(text) or SYMBOL.search(text) or not is_clean(text):
        return False
    if said[0] in IMPERATIVES and "()" not in text.split(" ", 1)[0]:
        return False
    if _CONNECTIVES.match(text) or _COMPARED.search(text):
        return False
    if len(parse.roots) != 1:
        return False
    if not parse.children(parse.roots[0], *_SUBJECTS) and not sentence.stands_alone:
        return False  # unless word lists take it for a statement: parsers err too
    return not any(_leanings(parse))


def _begins(sentence: Sentence) -> bool:
    first = sentence.text[:1]
    return first.isupper() or first.isdigit() or "()" in sentence.text.split(" ", 1)[0]


def _leanings(parse: Parse) -> Iterator[bool]:
    """For each word that can point out of its sentence, whether it does."""
    tokens = parse.tokens
    yield (
        tokens[0].pos in {"CCONJ", "INTJ"} or tokens[0].text.casefold() in LEAD_ADVERBS
    )
    nouns: list[int] = []
    for at, token in enumerate(tokens):
        yield _points_out(parse, at, nouns)
        if token.pos in {"NOUN", "PROPN"}:
            nouns.append(at)
    yield any(
        found["noun"].casefold() not in parse.text[: found.start()].casefold()
        for found in THAT.finditer(parse.text)
    )
    root = parse.roots[0]
    for child in parse.children(root, *_SUBJECTS, "dobj"):
        yield _is_bare_definite(parse, child)


def _points_out(parse: Parse, at: int, nouns: list[int]) -> bool:
    """Whether a word means something that none of the `nouns` before it names."""
    token = parse.tokens[at]
    folded = token.text.casefold()
    if folded in _ORDER:
        return _is_of_an_order(parse, at, nouns)
    if folded in _BACKWARD:
        return token.dep != "expl" and not _has_antecedent(parse, at, nouns)
    if folded in _POINTERS:
        follows = parse.tokens[at + 1 : at + 2]
        return not (folded == "such" and follows and follows[0].text == "as")
    if folded == "that":
        return token.dep == "det" and not _is_known(parse, token.head, nouns)
    if folded in {"otherwise", "another"}:
        return folded == "otherwise" or at < _SETTLED
    return folded in _PERSONAL and (token.pos in {"PRON", "DET"} or token.dep == "poss")


def _is_of_an_order(parse: Parse, at: int, nouns: list[int]) -> bool:
    """Whether it takes one of things listed before: "the second", "the other party"."""
    folded = parse.tokens[at].text.casefold()
    if not at or parse.tokens[at - 1].text.casefold() != "the":
        return False
    head = parse.tokens[at].head
    if folded in {"last", "first", "rest"} and parse.children(head, "prep"):
        return False  # "the first half of the century"
    return folded in _NEVER_ALONE or not _is_known(parse, head, nouns)


def _is_known(parse: Parse, noun: int, nouns: list[int]) -> bool:
    return any(parse.tokens[at].lemma == parse.tokens[noun].lemma for at in nouns)


def _has_antecedent(parse: Parse, at: int, nouns: list[int]) -> bool:
    """A noun before it that agrees: "Cells use DNA for their ..."."""
    plural = parse.tokens[at].text.casefold().startswith("the")
    told = _told_of(parse, at)
    return any(
        plural == (parse.tokens[noun].tag in {"NNS", "NNPS"})
        or (plural and bool(parse.children(noun, "conj")))
        for noun in nouns
        if noun != told
    )


def _told_of(parse: Parse, at: int) -> int | None:
    """The noun that a clause is about which the word stands in, which it never means.

    "The points where they intersect" are not what intersects.
    """
    verb = parse.tokens[at].head
    return parse.tokens[verb].head if parse.tokens[verb].dep == "relcl" else None


def _is_bare_definite(parse: Parse, noun: int) -> bool:
    """Whether it means something named before: "The process ...", "the two strands"."""
    below = [parse.tokens[child] for child in parse.children(noun)]
    if not any(token.dep == "det" and token.lemma == "the" for token in below):
        return False
    kinds = {token.dep for token in below}
    if kinds & {"prep", "relcl", "acl", "appos"}:
        return False
    if "nummod" in kinds:
        return True
    generic = singular(parse.tokens[noun].text.casefold()) in _ANY_ONE
    return generic and not kinds & {"compound", "amod", "nmod"}
