"""Click-through slides: the same slide printed once per click.

Without this every exam would be asked mostly about the slides with the most clicks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_REPEATED = 0.95


def shown_on(pages: Sequence[Counter[str]], numbers: Sequence[int]) -> list[int]:
    """For each page the number of the last page of its run that repeats it, or 0.

    `pages` holds the words of each page, or nothing for a page that takes no part.
    """
    result = [0] * len(pages)
    for place in range(len(pages) - 2, -1, -1):
        if repeats(pages[place], pages[place + 1]):
            result[place] = result[place + 1] or numbers[place + 1]
    return result


def repeats(words: Counter[str], later: Counter[str]) -> bool:
    total = words.total()
    return total > 0 and (words & later).total() >= _REPEATED * total
