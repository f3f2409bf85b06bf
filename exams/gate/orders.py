"""Sentences that order a machine about: no part of what a lecture teaches."""

from __future__ import annotations

import re

# What introduces an order, so that "nobody may ignore the rules" is none. The number is
# one of a heading.
_FIRST = r"^\s*(?:[\d.]+\s+)?"
_START = rf"(?:{_FIRST}|[.:;,!?>\"“(]\s*|\b(?:please|and|then|por favor|bitte)\s+)"
_SPEAK = (
    r"(?:say|state|tell|answer|output|write|mark|reply|respond|ask|include|offer"
    r"|generate|print|repeat|prefer)"
)
_PATTERNS = (
    # Forget what you were told.
    (
        rf"{_START}(?:ignore|disregard|forget|override)\b.{{0,40}}"
        r"\b(?:instructions?|prompts?|rules|guidelines|lecture|document|text above)\b"
    ),
    (
        rf"{_START}(?:ignora|ignore[nz]?|olvida|esque[çc]a|oublie[zr]?|vergiss|ignorieren? sie)"
        r"\b.{0,40}\b(?:instruc\w+|instruç\w+|anweisung\w*|vorgaben|consignes?|reglas)\b"
    ),
    # Whom it speaks to, and that they are to say something.
    (
        r"\b(?:language models?|llms?|(?:an?|the|dear|your|any) (?:ai|assistant|chatbot|bot))\b"
        rf".{{0,30}}\b(?:must|should|shall|always|has to|have to|please|will)\b.{{0,20}}\b{_SPEAK}\b"
    ),
    (
        rf"{_START}(?:note|message|instructions?|attention|hint)\s+(?:to|for)\s+"
        r"(?:the |all |any )?(?:ai|assistants?|chatbots?|language models?|llms?)\b"
    ),
    rf"{_START}dear (?:ai|assistant|chatbot|language model|model)\b",
    (
        r"\byou are (?:now )?(?:an? |the )?(?:ai|assistant|chatbot|exam writer|exam generator"
        r"|language model|question writer)\b"
    ),
    # What it says of every question at once.
    (
        r"\b(?:correct|right|true) (?:answer|option|choice)s? (?:to|of|in|for) "
        r"(?:every|each|all|any)\b"
    ),
    # How conversations with models are written down.
    r"<\|\w+\|>|#{2,}\s*(?:instruction|response|system)\b|\[/?INST\]",
    rf"{_FIRST}(?:system|assistant|developer)\s*:",
    r"[\"“](?:role|content|stem|question|options|correct|answer)[\"”]\s*:",
)
_ORDER = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.MULTILINE)


def order_in(text: str) -> str:
    """The words in which a text orders a machine about, empty for one that does not."""
    found = _ORDER.search(text)
    return found[0].strip(' .:;,!?>"“(\n') if found else ""
