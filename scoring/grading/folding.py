"""Texts without what should not count: case, space, accents, and how keyboards differ."""

from __future__ import annotations

import unicodedata

_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}
    | {"\u2010": "-", "\u2011": "-"}
)


def folded(text: str) -> str:
    """Return the text as it is compared. Full stops at the end mean nothing."""
    if text.isascii():
        # Most texts, and a whole class hands in at once.
        return " ".join(text.replace("`", "'").lower().split()).rstrip(". ")
    # Case first and last: folding it may bring accents, and taking those may bring case.
    parts = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", text).casefold()
    )
    plain = "".join(sign for sign in parts if not _is_accent(sign)).translate(_ALIKE)
    bare = " ".join(unicodedata.normalize("NFKC", plain).casefold().split())
    return bare.rstrip(". ")


def _is_accent(sign: str) -> bool:
    """Accents above and below letters, vowel points, and signs that show nothing.

    Not every combining sign is one: in many scripts they are letters of their own,
    whose classes lie between.
    """
    place = unicodedata.combining(sign)
    points = range(10, 36)
    above_or_below = 200
    return (
        place >= above_or_below or place in points or unicodedata.category(sign) == "Cf"
    )
