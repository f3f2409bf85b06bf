"""Which language a document is in: a vote of its smallest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORDS = {
    "en": "the of and to in is that it for are with as this be on by from which was",
    "es": "el la de que y en los las del una por con para es como más su se lo un",
    "fr": "le la les de des et est une du que dans pour qui sur pas par au avec ce",
    "de": "der die das und ist ein eine von zu den mit nicht auf im dem für sich des",
    "pt": "o a os as de que e do da em um uma para com não dos das por é ao mais",
    "it": "il la di che e lo gli una per con non sono del della è dei nel alla le",
    "nl": "de het een van en is dat op te zijn voor met niet aan er ook om als bij",
}
_SMALL_WORDS = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7af"),
    ("zh", "\u4e00-\u9fff"),
    ("ru", "\u0400-\u04ff"),
    ("el", "\u0370-\u03ff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
)
_IN_SCRIPT = [(name, re.compile(f"[{span}]")) for name, span in _SCRIPTS]
# Letters that one language of a script has and its neighbours have not.
_TELLING = (
    ("ru", "uk", re.compile("[іїєґ]")),
    ("ar", "fa", re.compile("[پچژگ]")),
)
_BULGARIAN_LACKS = re.compile("[ыэё]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH_LETTERS = 40
_SCRIPT_SHARE = 0.3
_SYLLABARY_SHARE = 0.05
_FEWEST_VOTES = 5
_VOTE_SHARE = 0.12
_LEAD = 1.15
_SAMPLE = 60_000


def languages_of(texts: Sequence[str], document: str) -> list[str]:
    """The language of each page: that of the document where a page says too little."""
    told = [language_of([text]) for text in texts]
    return [document if language == "und" else language for language in told]


def language_of(texts: Iterable[str]) -> str:
    """A two-letter code, or "und" when the text is too short or too mixed to say."""
    sample = "\n".join(texts)[:_SAMPLE].casefold()
    words = _LETTERS.findall(sample)
    letters = sum(map(len, words))
    if letters < _ENOUGH_LETTERS:
        return "und"
    return _by_script(sample, letters) or _by_small_words(words)


def _by_script(sample: str, letters: int) -> str:
    for name, pattern in _IN_SCRIPT:
        # Japanese is written mostly in the characters of Chinese.
        share = _SYLLABARY_SHARE if name == "ja" else _SCRIPT_SHARE
        found = len(pattern.findall(sample))
        if found < share * letters:
            continue
        for script, language, telling in _TELLING:
            if name == script and len(telling.findall(sample)) > found / 200:
                return language
        if name == "ru" and not _BULGARIAN_LACKS.search(sample):
            return "bg" if "ъ" in sample else "und"
        return name
    return ""


def _by_small_words(words: list[str]) -> str:
    counted = Counter(words)
    votes = {
        name: sum(counted[word] for word in small)
        for name, small in _SMALL_WORDS.items()
    }
    (best, most), (_, second) = Counter(votes).most_common(2)
    if most < max(_FEWEST_VOTES, _VOTE_SHARE * len(words)) or most < _LEAD * second:
        return "und"
    return best
