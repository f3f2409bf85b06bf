"""What the lecture puts under one name: titled lists, and lists inside a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exams.gate.wording import FUNCTION_WORDS, fold, shared, singular, words
from exams.generation.offline.chunks import chunks
from exams.generation.offline.parsing import Parse
from exams.generation.offline.sentences import Sentence, as_topic
from exams.generation.offline.words import GENERIC_HEADS, VAGUE_MODIFIERS

_MIN_LISTED, _MIN_SAID = 3, 2
_MAX_MEMBER_WORDS = 5
_LABEL = re.compile(r"^(?P<label>[^\W\d_][^:;.!?]{2,40}):\s+(?P<rest>[^:;!?]+?)\.?$")
_SUCH_AS = frozenset({"including", "like"})
_VAGUE_TITLE = re.compile(
    r"^(?:summary|conclusions?|introduction|overview|examples?|agenda|outline|contents|"
    r"today|review|recap|key (?:points|terms|ideas)|notes?|definitions?|questions?|why|"
    r"what|how|when|where|terms|terminology|vocabulary|glossary)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Member:
    text: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Group:
    """`kind` is one of them ("monosaccharide") where the name says so, else ""."""

    title: str
    kind: str
    members: tuple[Member, ...]
    place: int

    @property
    def telling(self) -> bool:
        """Whether the name says what sort of thing: not "other factors", "key points"."""
        said = words(self.title)
        return said[0] not in VAGUE_MODIFIERS and not (
            len(said) == 1 and singular(said[0]) in GENERIC_HEADS
        )

    @property
    def folded(self) -> frozenset[str]:
        return frozenset(fold(member.text) for member in self.members)


def find_groups(
    sentences: Sequence[Sentence], parses: Mapping[int, Parse]
) -> Iterator[Group]:
    yield from _titled(sentences, parses)
    for sentence in sentences:
        parse = parses[sentence.order]
        if group := _labelled(sentence) or _said(sentence, parse):
            yield group


def _titled(
    sentences: Iterable[Sentence], parses: Mapping[int, Parse]
) -> Iterator[Group]:
    """Bullets of one heading, if all are bare names of things."""
    under: dict[tuple[int, str], list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        if sentence.listed:
            under[sentence.page, sentence.heading].append(sentence)
    for (_, heading), listed in under.items():
        title = as_topic(heading)
        if not title or len(listed) < _MIN_LISTED or _VAGUE_TITLE.match(title):
            continue
        if all(_is_name(parses[sentence.order]) for sentence in listed):
            members = tuple(Member(_bare(s.text), s) for s in listed)
            yield Group(title, "", members, listed[0].order)


def _is_name(parse: Parse) -> bool:
    return (
        0 < len(parse.text.split()) <= _MAX_MEMBER_WORDS
        and not re.search(r"[:;=?!()\d]|\.$", parse.text)
        and not any(t.pos in {"VERB", "AUX", "PRON"} for t in parse.tokens)
        and any(t.pos in {"NOUN", "PROPN"} for t in parse.tokens)
    )


def _bare(text: str) -> str:
    return text.strip().rstrip(".,;")


def _labelled(sentence: Sentence) -> Group | None:
    """Read "Monosaccharides: glucose, fructose, galactose"."""
    found = _LABEL.match(sentence.text)
    if found is None or not sentence.listed or len(found["label"].split()) > 3:  # noqa: PLR2004
        return None
    names = _split(found["rest"])
    if len(names) < _MIN_LISTED or _VAGUE_TITLE.match(found["label"]):
        return None
    label = found["label"].strip()
    kind = _one_of(label)
    if not kind:
        return None  # "Acoustic encoding: input of sounds, words, and music"
    return Group(
        label,
        kind,
        tuple(Member(name, sentence) for name in names),
        sentence.order,
    )


def _split(text: str) -> list[str]:
    names = [_bare(n) for n in re.split(r",\s+(?:and |or )?|\s+(?:and|or)\s+", text)]
    few = all(0 < len(name.split()) <= 3 for name in names)  # noqa: PLR2004
    plain = not any(re.search(r"[\d=()]", name) for name in names)
    return names if few and plain and not any(map(_is_function, names)) else []


def _is_function(name: str) -> bool:
    said = words(name)
    return not said or said[0] in FUNCTION_WORDS or said[-1] in FUNCTION_WORDS


def _one_of(label: str) -> str:
    """What each of them is, if the name says it: "Disaccharides", not "Digestion"."""
    last = label.rsplit(maxsplit=1)[-1]
    one = singular(last)
    if one == last or one.casefold() in GENERIC_HEADS:
        return ""
    return label[: len(label) - len(last)] + one


def _said(sentence: Sentence, parse: Parse) -> Group | None:
    """Read "plasmid-borne elements such as A, B and C" and "cells include A and B"."""
    for at, token in enumerate(parse.tokens):
        kind = _kind_before(parse, at) if token.lemma in {"as", *_SUCH_AS} else None
        if kind is None and token.lemma == "include":
            kind = _subject_of(parse, at)
        if kind is None:
            continue
        listed = parse.children(at, "pobj", "dobj")
        if not listed:
            continue
        names = list(_chain(parse, listed[0]))
        if len(names) >= _MIN_SAID:
            head, text = kind
            one = parse.tokens[head].lemma
            if one in GENERIC_HEADS and len(text.split()) == 1:
                return None
            members = tuple(Member(name, sentence) for name in names)
            single = text[: len(text) - len(parse.tokens[head].text)] + one
            return Group(text, single, members, sentence.order)
    return None


def _kind_before(parse: Parse, at: int) -> tuple[int, str] | None:
    """The plural noun before "such as" or "including"."""
    head = parse.tokens[at].head
    if parse.tokens[at].lemma == "as" and not any(
        parse.tokens[child].lemma == "such" for child in parse.children(at)
    ):
        return None
    return _plural_chunk(parse, head) if head < at else None


def _subject_of(parse: Parse, verb: int) -> tuple[int, str] | None:
    subjects = parse.children(verb, "nsubj")
    return _plural_chunk(parse, subjects[0]) if subjects else None


def _plural_chunk(parse: Parse, head: int) -> tuple[int, str] | None:
    if parse.tokens[head].tag != "NNS":
        return None
    return next(
        ((chunk.head, chunk.text) for chunk in chunks(parse) if chunk.head == head),
        None,
    )


def _chain(parse: Parse, first: int) -> Iterator[str]:
    """The noun phrases of a list, if each is a plain one."""
    at: int | None = first
    texts = {chunk.head: chunk.text for chunk in chunks(parse)}
    while at is not None:
        if at not in texts or parse.children(at, "relcl", "prep"):
            return
        yield texts[at]
        at = next(iter(parse.children(at, "conj")), None)


def joined(one: Group, other: Group) -> bool:
    """Whether two groups have a member in common, or one names the other."""
    return bool(
        one.folded & other.folded
        or shared(one.title, other.title) == words(one.title)
        or fold(one.title) in other.folded
        or fold(other.title) in one.folded
    )
