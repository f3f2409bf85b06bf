"""Which names are persons: those that do what only people do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exams.generation.offline.sentences import Sentence

# Institutions can publish and propose; nobody but a person does the rest. A name is
# only taken as a person's once it is seen with one of these.
DEEDS = (
    "argued|believed|coined|concluded|conjectured|constructed|demonstrated|described|"
    "designed|discovered|formulated|hypothesised|hypothesized|introduced|invented|"
    "noticed|observed|painted|postulated|proposed|proved|showed|suggested|theorised|"
    "theorized|wrote|composed|founded|developed"
)
PERSON = r"[A-Z][\w'’-]+(?: (?:[A-Z]\.|van|von|de|der|la|[A-Z][\w'’-]+)){1,3}"
_DID = re.compile(rf"(?P<person>{PERSON}) (?:first |also |later )?(?:{DEEDS})\b")
_DONE = re.compile(rf"\b(?:{DEEDS}|written) by (?P<person>{PERSON})")


def find_people(sentences: Iterable[Sentence]) -> list[str]:
    """Persons in the order the lecture brings them up."""
    found: dict[str, None] = {}
    for sentence in sentences:
        for pattern in (_DID, _DONE):
            for match in pattern.finditer(sentence.text):
                found.setdefault(match["person"], None)
    return list(found)
