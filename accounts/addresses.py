"""Addresses out of what people paste: lists, mail headers, columns of a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254

_LINE_ENDS = re.compile(r"[\n\r;|]+")
_BETWEEN = re.compile(r"[\s,<>]+")
_WRAPPING = "\"'`()[]{}.:\u200b\ufeff\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019"
# What may stand beside an address and is none: names, initials, numbers of students.
_WORD = re.compile(r"[^\W_][\w'’-]*\.?|\d+|[-–—•*]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """Addresses in their order, in small letters and each once.

    `invalid` are the pieces that look like addresses, or stand where one is expected,
    and are none; `repeated` the addresses that came more than once.
    """

    valid: list[str]
    invalid: list[str]
    repeated: list[str]


def read(text: str) -> Pasted:
    """Take addresses apart by lines, blanks, commas, semicolons and bars.

    Names before an address belong to it: `Lovelace, Ada <ada@example.org>` is one.
    """
    counted: dict[str, int] = {}
    invalid: dict[str, None] = {}
    for line in _LINE_ENDS.split(text.replace("mailto:", " ")):
        for piece in _pieces(line):
            if is_address(piece):
                counted[piece.lower()] = counted.get(piece.lower(), 0) + 1
            else:
                invalid[piece] = None
    return Pasted(
        valid=list(counted),
        invalid=list(invalid),
        repeated=[address for address, times in counted.items() if times > 1],
    )


def is_address(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _pieces(line: str) -> list[str]:
    """The candidates of one line; words are told only where no address follows."""
    found: list[str] = []
    words: list[str] = []
    for raw in _BETWEEN.split(line):
        piece = raw.strip(_WRAPPING)
        if not piece:
            continue
        if "@" in piece or not _WORD.fullmatch(piece):
            found.append(piece)
            words.clear()
        else:
            words.append(piece)
    if words:
        found.append(" ".join(words))
    return found
