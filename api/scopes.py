"""What a token may do: one scope for looking and one for changing, by noun. Pure.

Whoever may change something may look at it. A scope opens no door that is shut to the
person: it only shuts doors that are open to them.
"""

from __future__ import annotations

from collections.abc import Collection

READ, WRITE = "read", "write"

NOUNS = (
    "me",
    "tokens",
    "lectures",
    "exams",
    "courses",
    "attempts",
    "boards",
    "notifications",
)
# Boards are only looked at.
SCOPES = tuple(
    f"{noun}:{verb}"
    for noun in NOUNS
    for verb in (READ, WRITE)
    if (noun, verb) != ("boards", WRITE)
)


def scope_of(noun: str, *, safe: bool) -> str:
    """The scope that a request about `noun` needs."""
    return f"{noun}:{READ if safe else WRITE}"


def allows(granted: Collection[str], wanted: str) -> bool:
    """Whether a token with these scopes may do what `wanted` stands for."""
    noun, _, _verb = wanted.partition(":")
    return wanted in granted or f"{noun}:{WRITE}" in granted
