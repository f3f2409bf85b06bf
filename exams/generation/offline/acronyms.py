"""Short names that the lecture gives beside the long ones: "Knights of Labor (KOL)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from exams.gate.wording import FUNCTION_WORDS, fold
from exams.generation.offline.sentences import Sentence

_SHORT = re.compile(r"\((?P<short>[A-Z][A-Za-z]{1,6})\)")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")


def find_acronyms(sentences: Iterable[Sentence]) -> Mapping[str, str]:
    """From the folded long name to its acronym, where the first letters agree."""
    found: dict[str, str] = {}
    for sentence in sentences:
        for match in _SHORT.finditer(sentence.text):
            short = match["short"]
            before = list(_WORD.finditer(sentence.text, 0, match.start()))
            long = _spelt_out(short.rstrip("s"), [word.group() for word in before])
            if long:
                found.setdefault(fold(long), short)
    return found


def _spelt_out(short: str, before: list[str]) -> str:
    """The words just before it whose first letters it has, small words aside."""
    letters = list(short.casefold())
    at = len(before)
    while at and letters:
        at -= 1
        word = before[at].casefold()
        if word[0] == letters[-1]:
            letters.pop()
        elif word not in FUNCTION_WORDS:
            return ""
    return "" if letters else " ".join(before[at:])
