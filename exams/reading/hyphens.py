"""Words broken at the end of a line, and whether the hyphen is part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exams.reading.lines import OPEN_HYPHEN

_END = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_START = re.compile(r"^([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# First parts of compounds that no one breaks without a hyphen of their own.
_FIRST_PARTS = frozenset(
    {"self", "well", "non", "cross", "half", "long", "short", "high", "low", "quasi"}
)


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """Every whole word of the document, to tell `well-known` from `exam-ple`."""
    words: set[str] = set()
    for text in set(texts):
        if text.endswith(OPEN_HYPHEN):
            continue
        words.update(word.casefold() for word in _WORD.findall(text))
    return frozenset(words)


def is_broken(first: str, second: str) -> bool:
    """Whether two line ends look like the halves of one word."""
    return bool(_END.search(first) and _START.match(second))


def keeps_hyphen(first: str, second: str, vocabulary: frozenset[str]) -> bool:
    head, tail = _END.search(first), _START.match(second)
    if not head or not tail:
        return True
    left, right = head.group(1), tail.group(1)
    if right[0].isupper():
        return True
    if f"{left}{right}".casefold() in vocabulary:
        return False
    if f"{left}-{right}".casefold() in vocabulary:
        return True
    return left.casefold() in _FIRST_PARTS and right.casefold() in vocabulary
