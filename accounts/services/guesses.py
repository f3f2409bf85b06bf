"""Wrong join codes, counted: guessing is hopeless, mistyping is not.

A person gets ten wrong codes in ten minutes, an address (one school behind one of
them) two hundred. Of 31^8 codes that leaves somebody at one address one chance in
3,000 a day to hit any of 10,000 courses; a class of forty may mistype five times each.
Counts live in the cache: losing them costs nothing but patience.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

WINDOW_SECONDS = 600
MOST_OF_PERSON = 10
MOST_OF_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who types codes: from which address, and as whom if they are signed in."""

    address: str
    person: uuid.UUID | None = None

    def counters(self) -> list[tuple[str, int]]:
        """Cache keys and how much each allows."""
        # Hashed: what a proxy passes on as an address may be anything.
        place = sha256(self.address.encode()).hexdigest()
        found = [(f"guesses:address:{place}", MOST_OF_ADDRESS)]
        if self.person is not None:
            found.append((f"guesses:person:{self.person}", MOST_OF_PERSON))
        return found


def too_many(guesser: Guesser) -> bool:
    """Whether to look no further, also at a code that may be right."""
    counters = guesser.counters()
    counted = cache.get_many([key for key, _most in counters])
    return any(counted.get(key, 0) >= most for key, most in counters)


def count_wrong(guesser: Guesser) -> None:
    """Remember a code that led nowhere. The window starts with the first."""
    for key, _most in guesser.counters():
        cache.add(key, 0, WINDOW_SECONDS)
        try:
            cache.incr(key)
        except ValueError:
            # It ran out between the two lines.
            cache.set(key, 1, WINDOW_SECONDS)
