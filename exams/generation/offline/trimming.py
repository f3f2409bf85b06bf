"""Cutting a definition where it stops defining and starts telling."""

from __future__ import annotations

import re

from exams.generation.offline.sentences import LIMITS

_ASIDE = re.compile(rf"\s*\({LIMITS}[^()]*\)")
_ALWAYS = re.compile(
    r"\s*(?:[;:]|\s[-–—]\s|—|,\s+(?:but|because|so|although|though|while|whereas|since|"
    r"such as|including|like|e\.g\.|i\.e\.|for example|for instance|which|usually|"
    r"typically|often|especially|particularly|similar to|meaning|rather than|not|then|thereby|"
    r"namely|as well as|thus|hence)\b|\s(?:such as|because|as described|as shown|as "
    r"illustrated|as opposed to|as compared (?:to|with)|compared (?:to|with)|although|even though|and (?:also|is|are|was|were|can|it|"
    r"they|has|have)|but (?:is|are|not))\b)"
)
_UNFINISHED = re.compile(r"\b(?:that|which|who) \w+$")
_COMMA_AND = re.compile(r",\s+(?:and|or)\s+")


_TAIL = re.compile(r",?\s(?:with|by|using|through)\s")
_LEFT = 5


def cut_before(phrase: str, word: str) -> str:
    """The phrase up to the preposition that leads to `word`, or "" if little is left.

    "an operation that joins strings with the concatenation operator" need not give
    its own term away.
    """
    at = phrase.casefold().find(word)
    cuts = [found.start() for found in _TAIL.finditer(phrase, 0, max(at, 0))]
    short = phrase[: cuts[-1]].rstrip(",;: ") if cuts else ""
    return short if len(short.split()) > _LEFT else ""


def trim(phrase: str) -> str:
    """The defining part of what follows "is": no asides, examples, further clauses."""
    phrase = _ASIDE.sub("", phrase).strip().rstrip(".").strip()
    if found := _ALWAYS.search(phrase):
        phrase = phrase[: found.start()]
    # ", and" after an earlier comma closes a list; alone it opens another clause.
    if (found := _COMMA_AND.search(phrase)) and "," not in phrase[: found.start()]:
        phrase = phrase[: found.start()]
    phrase = phrase.strip().rstrip(",;:. ").strip()
    # "the change that occurs" without its "because ..." no longer says which change.
    return "" if _UNFINISHED.search(phrase) else phrase
