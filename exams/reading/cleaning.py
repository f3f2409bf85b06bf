"""Characters that may enter a page's text."""

from __future__ import annotations

import re
import unicodedata

# Invisible characters that can carry words past a reader: zero width, bidirectional
# controls, tags, variation selectors, fillers.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_KEPT = "\ue000"


def clean(text: str) -> tuple[str, int]:
    """The text as it is stored, and how many invisible characters it lost.

    The two joiners are spelling in Persian and the scripts of India and stay between
    letters of those; anywhere else they are invisible like the rest.
    """
    if text.isascii() and text.isprintable():
        return text, 0
    text = _SURROGATES.sub(_joined_pair, text)
    text = _PRIVATE.sub("•", text)
    # Private-use characters are gone now, so one of them can stand in for a joiner.
    joiners = _JOINERS.findall(text)
    text = _JOINERS.sub(_KEPT, text)
    text, removed = _INVISIBLE.subn("", text)
    for joiner in joiners:
        text = text.replace(_KEPT, joiner, 1)
    text = _CONTROL.sub("", text)
    return unicodedata.normalize("NFC", text), removed


def _joined_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")
