"""Sentences with their exact place on the page, and whether they stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from exams.content import Evidence
from exams.gate.wording import squash, words
from exams.generation.interface import Section
from exams.generation.offline.words import (
    ABBREVIATIONS,
    IMPERATIVES,
    LEANING_OPENERS,
    LEANING_WORDS,
    PRONOUNS,
    VERBS_PLURAL,
)
from exams.reading.document import Document, PageKind, Role

_MIN_WORDS, _MAX_WORDS = 6, 38
_LONG_BRACKET = 25
_SIGN_SHARE = 0.12
_SETTLED = 6  # After this many words a pronoun has something inside to point at.
_MAX_HEADING_WORDS = 10

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_NEXT = re.compile(r"\s+[\"'“‘«(\[¿¡]*(?:[^\W\d_]|\d)")
_MARKER = re.compile(r"\s*(?:[•▪●◦‣∙○■□–—*-]\s+|\(?(?:\d{1,2}|[a-z])[.)]\s+)")
_LAST_TOKEN = re.compile(r"\S+$")
_INITIAL = re.compile(r"^[\"'“(]*[^\W\d_]$")
REFERENCE = re.compile(
    r"\b(?:fig(?:ure|\.)?|tables?|equations?|chapters?|sections?|exercises?|modules?|"
    r"slides?|examples?|lecture|textbook|this book|appendix|box)\b|e\.g\.|\bEx:"
    r"|\bfor (?:example|instance)\b|\[\d+(?:[,–-]\s*\d+)*\]|\((?:[^()]*,\s*)?\d{4}[a-z]?\)"
    r"|https?:|www\.|\S@\S|\bet al\b|\$\d|[€£]\s?\d",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:this|these|those)\b|\bsuch\b(?! as\b)|(?<!to )\bthe (?:former|latter|same|other|second|third|next|"
    r"previous|following|rest|remaining)\b|\b(?:do|does|did) (?:so|this)\b"
    r"|\b(?:another|otherwise|the others|also|as well|too)\b"
    r"|(?<!or )\bmore [a-z]+\b(?!.*\bthan\b)",
    re.IGNORECASE,
)


_LEADS = re.compile(
    r"^(?:Conversely|However|Therefore|Thus|Hence|Moreover|Furthermore|Additionally|"
    r"Similarly|Likewise|Consequently|Generally|Typically|Usually|In general|"
    r"In contrast|By contrast|In addition|In fact|As a result|For the most part|"
    r"In other words|Of course|Put simply|More specifically|Specifically|Not surprisingly|Note that|Notice that|Recall that|Remember that),? "
)
_INNER_LEADS = re.compile(
    r",? (?:however|on the other hand|therefore|thus|of course|in turn|for the most part|"
    r"moreover|furthermore|consequently|in contrast|by contrast|in fact|then),|"
    r" also(?= [a-z])"
)
# What limits a claim stays with it: "spheres of (mostly) hydrogen".
LIMITS = (
    r"(?!(?:mostly|mainly|largely|usually|often|sometimes|generally|typically|only|not|"
    r"never|at least|at most|in part|partly|except|as opposed|disregarding|ignoring)\b)"
)
_SHORT_ASIDE = re.compile(rf"(?<=[\w’'\"”]) \({LIMITS}[^()=]{{1,25}}\)")
_LEANING_START = re.compile(
    r"^(?:In (?:addition|contrast|fact|other words|particular|short|summary|turn|both"
    r"|each|either)|As (?:a result|such|well)|On the (?:other|one)|At the same|For th\w+"
    r"|By contrast|Of course|After that|The (?:new|original|resulting|same|other|final|"
    r"next|previous|first|second|third|last|remaining|current|above|two|three|four"
    r"|answer|result|example|program|code|figure|figures|idea|point|reason|problem|"
    r"question|following|process|effect|difference|data|statement))\b(?! to\b)"
)
SYMBOL = re.compile(r"\b[A-Z]\d\b|(?<!['’])\b[b-zB-HJ-Z]\b(?![.'’-])")
_DETERMINERS = frozenset({"a", "an", "the", "all", "each", "any", "every", "in", "on"})

THAT = re.compile(
    r"\b(?:at|by|for|from|in|of|on|to|with) that (?!is\b|are\b|it\b)(?P<noun>\w+)"
)


@dataclass(frozen=True)
class Sentence:
    """`quote` is the page's own text from `start` to `end`; `text` is it on one line."""

    page: int
    start: int
    end: int
    quote: str
    role: Role
    heading: str
    section: int
    order: int
    bold: tuple[str, ...] = ()
    on_slide: bool = False

    @cached_property
    def text(self) -> str:
        return squash(self.quote)

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def statement(self) -> str:
        """The sentence without a connective at its head, if it then stands alone."""
        if self.text[:1].islower():
            return ""  # the rest of a sentence that began on another page
        bare = _LEADS.sub("", self.text)
        bare = bare[:1].upper() + bare[1:]
        return bare if stands_alone(bare) else ""

    @cached_property
    def plain(self) -> str:
        """The sentence without what ties it to its neighbours and can go: "However,"."""
        bare = _INNER_LEADS.sub("", _LEADS.sub("", self.text))
        bare = _SHORT_ASIDE.sub("", bare)
        return bare[:1].upper() + bare[1:] if self.text[:1].isupper() else bare

    @property
    def listed(self) -> bool:
        """Whether it stands where sentences need no full stop."""
        return self.on_slide or self.role is Role.BULLET

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.page, self.start, self.end, self.quote)

    @cached_property
    def stands_alone(self) -> bool:
        return stands_alone(self.text)


def split_sentences(
    document: Document, sections: Iterable[Section]
) -> Iterator[Sentence]:
    """Every sentence of the sections' blocks, in order, without list markers."""
    pages = {page.number: page for page in document.pages}
    order = 0
    for section in sections:
        for span in section.spans:
            page = pages[span.page]
            block = page.blocks[span.block]
            for start, end in _bounds(page.text, block.start, block.end):
                bold = tuple(
                    squash(page.text[b:e])
                    for b, e in block.bold
                    if start <= b and e <= end
                )
                yield Sentence(
                    page.number,
                    start,
                    end,
                    page.text[start:end],
                    block.role,
                    span.heading,
                    section.index,
                    order,
                    bold,
                    page.kind is PageKind.SLIDE,
                )
                order += 1


def _bounds(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = _after_marker(text, start, end)
    for found in _END.finditer(text, at, end):
        stop = found.end()
        if found.start() < at or not _is_end(text, at, found, end):
            continue
        yield at, stop
        at = _after_marker(text, stop, end)
    tail = len(text[at:end].rstrip()) + at
    if tail > at:
        yield at, tail


def _after_marker(text: str, start: int, end: int) -> int:
    """Skip white space, a bullet sign or a list number before a sentence."""
    if found := _MARKER.match(text, start, end):
        start = found.end()
    while start < end and text[start].isspace():
        start += 1
    return start


def _is_end(text: str, start: int, found: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, found.end(), end)
    if following is None:
        return not text[found.end() : end].strip()
    if following.group()[-1].islower():
        return False
    if found.group()[0] != ".":
        return True
    token_match = _LAST_TOKEN.search(text, start, found.start())
    token = token_match.group() if token_match else ""
    if token.isdigit():
        # "1." opens a list entry, "in 1998." ends a sentence.
        return len(token) > 2 or found.start() - start > len(token)  # noqa: PLR2004
    bare = token.casefold().lstrip("(\"'“[")
    if bare == "etc":
        return True
    return not (bare in ABBREVIATIONS or _INITIAL.match(token))


def stands_alone(text: str) -> bool:  # noqa: PLR0911 - one refusal a line
    """Whether a sentence says something by itself, to someone without the lecture."""
    said = words(text)
    if not _MIN_WORDS <= len(said) <= _MAX_WORDS or not text.endswith("."):
        return False
    first = text[:1]
    code = "()" in text.split(" ", 1)[0]
    if not (first.isupper() or first.isdigit() or code):
        return False
    opener = said[0]
    if opener in LEANING_OPENERS or (opener in IMPERATIVES and not code):
        return False
    if opener in VERBS_PLURAL and said[1] in _DETERMINERS:
        return False
    if _LEANING_START.match(text) or SYMBOL.search(text):
        return False
    if any(word in LEANING_WORDS for word in said):
        return False
    if any(word in PRONOUNS for word in said[:_SETTLED]):
        return False
    return not points_elsewhere(text) and is_clean(text)


def points_elsewhere(text: str) -> bool:
    if REFERENCE.search(text) or _POINTING.search(text):
        return True
    # "a rise in the price of a good ... that good" points inside the sentence.
    return any(
        found["noun"].casefold() not in text[: found.start()].casefold()
        for found in THAT.finditer(text)
    )


def is_clean(text: str) -> bool:
    """No loose quotes or brackets, no long aside, not mostly signs."""
    if text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        return False
    if text.count("“") != text.count("”") or text.count('"') % 2:
        return False
    if any(len(aside) > _LONG_BRACKET for aside in re.findall(r"\(([^()]*)\)", text)):
        return False
    signs = sum(
        not (sign.isalnum() or sign.isspace() or sign in ".,;:'’\"“”()-–—%/")
        for sign in text
    )
    return signs <= _SIGN_SHARE * len(text) and not re.search(
        r"[=<>|\\{}^_~]|\d\s*[×*+]\s*\d|�", text
    )


def as_topic(heading: str) -> str:
    """A heading short enough to label a question, without its number."""
    plain = re.sub(r"^\W*(?:\d+(?:\.\d+)*\.?\s+)?", "", heading).strip()
    return plain if 0 < len(plain.split()) <= _MAX_HEADING_WORDS else ""
