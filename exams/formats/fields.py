"""Reading a parsed JSON document strictly: every fault has a code and a place."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from exams.content import ContentError

_Member = TypeVar("_Member", bound=StrEnum)

# Fixed-point only, and short: an exponent of a million digits fits in ten characters.
_DECIMAL = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?", re.ASCII)
_MOST_DIGITS, _MOST_PLACES = 18, 12

# Neither UTF-8 nor PostgreSQL can hold these.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BIGGEST = 2**63 - 1
_LONGEST_TEXT = 100_000


def fail(code: str, where: str, **params: str | int) -> NoReturn:
    raise ContentError(code, **params, where=where or "document")


def decimal_text(number: Decimal) -> str:
    """A decimal in fixed-point notation, as it is: 1.50 stays 1.50."""
    exponent = number.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or number.adjusted() >= _MOST_DIGITS
        or -exponent > _MOST_PLACES
    ):
        raise ContentError("bad_number", found=str(number)[:40])
    return f"{number:f}"


class Fields:
    """The fields of one object, each to be read once; `close` refuses any left."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            fail("not_an_object", where)
        self.where = where
        self._values: dict[str, Any] = value
        self._read: set[str] = set()

    def at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def close(self) -> None:
        """A misspelt field would otherwise be lost without a word."""
        for name in self._values:
            if name not in self._read:
                fail("unknown_field", self.at(str(name)[:80]))

    def has(self, name: str) -> bool:
        return name in self._values

    def _get(self, name: str) -> Any:
        self._read.add(name)
        if name not in self._values:
            fail("missing_field", self.at(name))
        return self._values[name]

    def text(self, name: str, *, filled: bool = False) -> str:
        return _text(self._get(name), self.at(name), filled=filled)

    def flag(self, name: str) -> bool:
        value = self._get(name)
        if not isinstance(value, bool):
            fail("not_a_boolean", self.at(name))
        return value

    def integer(self, name: str, *, at_least: int | None = 0) -> int:
        value = self._get(name)
        # A bool is an int to Python, but not to JSON.
        if not isinstance(value, int) or isinstance(value, bool):
            fail("not_an_integer", self.at(name))
        if abs(value) > _BIGGEST or (at_least is not None and value < at_least):
            fail("out_of_range", self.at(name))
        return value

    def decimal(
        self, name: str, *, optional: bool = False, at_least: int | None = None
    ) -> Any:
        value = self._get(name)
        if value is None and optional:
            return None
        number = _decimal(value, self.at(name))
        if at_least is not None and number < at_least:
            fail("out_of_range", self.at(name))
        return number

    def one_decimal(self, name: str) -> Decimal:
        values = self._list(name)
        if len(values) != 1:
            fail("not_one_number", self.at(name))
        return _decimal(values[0], f"{self.at(name)}[0]")

    def member(self, name: str, members: type[_Member]) -> _Member:
        value = self.text(name)
        try:
            return members(value)
        except ValueError:
            fail("unknown_value", self.at(name), found=value[:80])

    def object(self, name: str) -> Fields:
        return Fields(self._get(name), self.at(name))

    def objects(self, name: str) -> list[Fields]:
        return [
            Fields(value, f"{self.at(name)}[{index}]")
            for index, value in enumerate(self._list(name))
        ]

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(
            _text(value, f"{self.at(name)}[{index}]", filled=True)
            for index, value in enumerate(self._list(name))
        )

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        pairs: list[tuple[str, str]] = []
        for index, value in enumerate(self._list(name)):
            where = f"{self.at(name)}[{index}]"
            match value:
                case [left, right]:
                    pairs.append(
                        (
                            _text(left, f"{where}[0]", filled=True),
                            _text(right, f"{where}[1]", filled=True),
                        )
                    )
                case _:
                    fail("not_a_pair", where)
        return tuple(pairs)

    def params(self, name: str) -> dict[str, str | int]:
        """The parameters of a finding: texts and whole numbers by name."""
        value = self._get(name)
        if not isinstance(value, dict):
            fail("not_an_object", self.at(name))
        params: dict[str, str | int] = {}
        for key, item in value.items():
            where = f"{self.at(name)}.{str(key)[:80]}"
            if isinstance(item, int) and not isinstance(item, bool):
                params[_text(key, where)] = item
            else:
                params[_text(key, where)] = _text(item, where)
        return params

    def _list(self, name: str) -> list[Any]:
        value = self._get(name)
        if not isinstance(value, list):
            fail("not_a_list", self.at(name))
        return value


def _text(value: Any, where: str, *, filled: bool = False) -> str:
    if not isinstance(value, str):
        fail("not_a_text", where)
    if filled and not value.strip():
        fail("empty_text", where)
    if len(value) > _LONGEST_TEXT:
        fail("text_too_long", where, at_most=_LONGEST_TEXT)
    if _UNSTORABLE.search(value):
        fail("bad_character", where)
    return value


def _decimal(value: Any, where: str) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        fail("not_a_decimal", where)
    return Decimal(value)
