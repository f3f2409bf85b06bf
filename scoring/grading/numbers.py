"""Numbers as they are typed in many countries: 1.5, 1,5, 1 234,5, −3, 2e6, 5 km."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_LONGEST = 60

# Spaces and apostrophes group digits; what separates the fraction is told later.
_NUMBER = re.compile(
    r"""
    (?P<before>[^\d\s.,+-]*) \s*
    (?P<sign>[+-]?) \s*
    (?P<digits>\d[\d.,]* | [.,]\d+)
    (?P<power>e[+-]?\d{1,2})? \s*
    (?P<after>[^\d\s].*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_GROUPED = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))", re.ASCII)
_TEN_TO = re.compile(r"\s*[x*·]\s*10\s*\^?\s*([+-]?\d{1,2})(?!\d)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a text may mean: 1,234 is a number above one, or above a thousand.

    `unit` is what stands before or behind the digits.
    """

    readings: tuple[Decimal, ...]
    unit: str = ""


def read_number(text: str) -> Typed | None:
    """Read a text that holds one number, and perhaps its unit; None for any other."""
    if len(text) > _LONGEST:
        return None
    plain = _TEN_TO.sub(r"e\1", _GROUPED.sub("", _plain(text)))
    found = _NUMBER.fullmatch(plain)
    if found is None or (found["before"] and found["after"]):
        return None
    numerals = _numerals(found["digits"])
    if not numerals:
        return None
    sign, power = found["sign"], found["power"] or ""
    return Typed(
        readings=tuple(Decimal(f"{sign}{digits}{power}") for digits in numerals),
        unit=(found["before"] or found["after"] or "").strip(),
    )


def same_unit(one: str, other: str) -> bool:
    """Whether two units are the same; capitals count, since mW is no MW."""
    return _bare_unit(one) == _bare_unit(other)


def _plain(text: str) -> str:
    """Digits of every script as 0 to 9, and one sign for each of minus, times, space."""
    signs = unicodedata.normalize("NFKC", _powers(text)).translate(_ALIKE)
    digits = (
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in signs
    )
    return " ".join("".join(digits).split())


# The last two are the Arabic signs before the fraction and between thousands.
_ALIKE = str.maketrans("−–\u2012×⋅’\u066b\u066c", "---x·'.'")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


def _powers(text: str) -> str:
    """10⁶ as 10^6: the signs would else become digits of the number before them."""
    return re.sub(
        "(?<=10)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
        lambda found: "^" + found[0].translate(_RAISED),
        text,
    )


def _numerals(digits: str) -> list[str]:
    """The readings of digits with points and commas, as Python writes numbers."""
    if "." in digits and "," in digits:
        # Both: the last one separates the fraction, the other one groups.
        last = max(digits, key=lambda sign: digits.rfind(sign) if sign in ".," else -1)
        whole, _, fraction = digits.rpartition(last)
        groups = whole.split("," if last == "." else ".")
        return [f"{''.join(groups)}.{fraction}"] if _grouped(groups) else []
    if digits.count(",") <= 1 and digits.count(".") <= 1:
        readings = [digits.replace(",", ".")]
        if _THOUSANDS.fullmatch(digits):
            readings.append(digits.replace(",", ""))
        return readings
    groups = re.split("[.,]", digits)
    return ["".join(groups)] if _grouped(groups) else []


def _grouped(groups: list[str]) -> bool:
    """Whether these are groups of three, but for the first."""
    first, *others = groups
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in others)  # noqa: PLR2004


def _bare_unit(unit: str) -> str:
    plain = unicodedata.normalize("NFKC", unit)
    return "".join(sign for sign in plain if not sign.isspace() and sign != "^")
