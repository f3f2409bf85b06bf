"""What a piece of code does, as slides on programming say it: "A[3] gets the third ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exams.generation.offline.sentences import Sentence
from exams.generation.offline.trimming import trim

NAME = r"[A-Za-z_][\w.]*"
_CODE = (
    rf"{NAME}(?:\[{{1,2}}[^\s\[\]]*(?:, ?[^\s\[\]]+)*\]{{1,2}}|\$\w+|"
    rf"\.{NAME}\([^()]*\)|\([^()]*\))"
)
_DOES = re.compile(
    rf"^(?P<code>{_CODE}) (?P<does>(?:will |would )?(?:gets?|returns?|gives?|provides?|"
    r"throws?|drops?|produces?|outputs?|prints?|creates?|selects?|removes?|adds?|"
    r"computes?|checks?|converts?|generates?|sorts?|counts?|appends?|replaces?|reads?|"
    r"writes?|opens?|deletes?)\b (?P<what>.+?))\.?$"
)
_MIN_WORDS, _MAX_WORDS = 3, 16


@dataclass(frozen=True, slots=True)
class Expression:
    """`code` does what `does` says, by this sentence."""

    code: str
    does: str
    sentence: Sentence


def find_expressions(sentences: Iterable[Sentence]) -> Iterator[Expression]:
    for sentence in sentences:
        found = _DOES.match(sentence.text)
        if found is None or re.search(_CODE, found["what"]):
            continue
        does = trim(found["does"])
        if _MIN_WORDS <= len(does.split()) <= _MAX_WORDS and "?" not in does:
            yield Expression(found["code"], does, sentence)
