"""Where a sentence gives a thing its name in passing: "... elements called plasmids"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exams.gate.wording import FUNCTION_WORDS, shared
from exams.generation.offline.phrases import MAX_TERM_WORDS, Capitals, is_term
from exams.generation.offline.sentences import Sentence

_NAMED = re.compile(
    r"(?P<before>[\w'’)-]+),? (?:(?:often|also|commonly|sometimes|usually|together|"
    r"collectively|now|generally) )*(?:called|known as|termed|referred to as) "
    r"(?:an? |the )?"
)
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
# "is called by", "so-called": no name follows, or the name is of something unsaid.
_NO_THING = frozenset({"is", "are", "so", "was", "were", "be", "been", "it", "they"})


@dataclass(frozen=True, slots=True)
class Naming:
    """`term` stands at `start` to `end` of the sentence's text on one line."""

    term: str
    start: int
    end: int
    sentence: Sentence


def find_namings(sentences: Iterable[Sentence], capitals: Capitals) -> Iterator[Naming]:
    """One naming per sentence: with two, the one gap would be filled by the other."""
    for sentence in sentences:
        found = list(_NAMED.finditer(sentence.text))
        if len(found) != 1 or found[0]["before"].casefold() in _NO_THING - {
            "is",
            "are",
        }:
            continue
        start = found[0].end()
        end = _name_end(sentence.text, start)
        term = sentence.text[start:end]
        if not is_term(term) or shared(term, sentence.text[: found[0].start()]):
            continue
        if _is_active(found[0], sentence.text[end:]):
            continue
        yield Naming(capitals.as_in_sentence(term), start, end, sentence)


def _is_active(found: re.Match[str], after: str) -> bool:
    """Whether somebody calls one thing another: "Durkheim called the beliefs of ..."."""
    article = found.group().rstrip().endswith(" the")
    verb = found.group().rstrip().removesuffix(" the").endswith("called")
    return article and verb and bool(re.match(r",? (?:and|or|of|[\w-]+, )\b", after))


def _name_end(text: str, start: int) -> int:
    """The name runs to the next function word or sign."""
    end = at = start
    for _ in range(MAX_TERM_WORDS):
        token = _TOKEN.match(text, at)
        if token is None or token.group().casefold() in FUNCTION_WORDS:
            break
        end = token.end()
        if text[end : end + 1] != " ":
            break
        at = end + 1
    return end
