"""Where a quote stands in a page that was read anew.

Offsets belong to one reading of a page. A newer reader may order lines otherwise, or
see a word that the older one did not, so what was cited is looked for by its words.
"""

from __future__ import annotations

import re


def find(text: str, quote: str, *, start: int, end: int) -> tuple[int, int] | None:
    """Where `quote` stands in `text`: at the old place, else the nearest one, else None.

    A quote that is broken into lines otherwise is the same quote: what stands at the
    place may differ from it in white space, and in nothing else.
    """
    if quote and text[start:end] == quote:
        return start, end
    words = [re.escape(word) for word in quote.split()]
    if not words:
        return None
    # Not in the middle of longer words.
    shape = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")
    found = [match.span() for match in shape.finditer(text)]
    return min(found, key=lambda span: abs(span[0] - start), default=None)
