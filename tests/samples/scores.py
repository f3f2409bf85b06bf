"""How near a reading comes to the text as a person reads it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from exams.reading import Document, Role

# Ideographs and kana stand without spaces: there every character counts as a word.
_ALONE = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(f"[{_ALONE}]|[^\\W{_ALONE}]+")


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def content(document: Document) -> str:
    """What generation may see: all blocks but furniture."""
    return "\n".join(
        page.text[block.start : block.end]
        for page in document.pages
        for block in page.blocks
        if block.role is not Role.FURNITURE
    )


def overlap(read: Sequence[str], true: Sequence[str]) -> float:
    """Word F1: 1 when both have the same words as often, in whatever order."""
    shared = (Counter(read) & Counter(true)).total()
    return 2 * shared / (len(read) + len(true))


def in_order(read: Sequence[str], true: Sequence[str]) -> float:
    """The same for words in the same order: their longest common subsequence."""
    longest = [0] * (len(true) + 1)
    for word in read:
        before = longest
        longest = [0]
        for place, other in enumerate(true):
            longest.append(
                before[place] + 1
                if word == other
                else max(before[place + 1], longest[place])
            )
    return 2 * longest[-1] / (len(read) + len(true))
