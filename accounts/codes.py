"""Codes that people read aloud: eight characters, none like another."""

from __future__ import annotations

import secrets

# Without 0 O, 1 I L: what a code holds can be told apart in every typeface. 31 signs
# to the 8th are 852 thousand million, and wrong guesses are limited.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalised(typed: str) -> str:
    """What was meant: spaces, dashes and small letters are people's ways."""
    return "".join(typed.split()).replace("-", "").upper()


def spoken(code: str) -> str:
    """As it is shown: `K7PM-4XWD`."""
    return f"{code[:4]}-{code[4:]}"
