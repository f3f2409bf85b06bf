"""Codes that people read aloud: eight characters, none like another."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

# Without 0 O, 1 I L: what a code holds can be told apart in every typeface. 31 signs
# to the 8th are 852 thousand million, and wrong guesses are limited.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
# What apps above say of the codes that they give out: they are typed at one address.
_ELSEWHERE: list[Callable[[str], bool]] = []


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def also_given_out(ask: Callable[[str], bool]) -> None:
    """Let an app that gives out codes of its own say which are taken."""
    _ELSEWHERE.append(ask)


def leads_elsewhere(code: str) -> bool:
    """Whether a code is given out by another app already."""
    return any(ask(code) for ask in _ELSEWHERE)


def normalised(typed: str) -> str:
    """What was meant: small letters and marks between letters are people's ways."""
    return re.sub(r"[\W_]+", "", typed).upper()


def spoken(code: str) -> str:
    """As it is shown: `K7PM-4XWD`."""
    return f"{code[:4]}-{code[4:]}"
