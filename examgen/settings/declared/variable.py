"""What is known of a variable before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a value is, in the words of docs/configuration.md."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the word itself
    WORD = "one word of several"
    YES = "1 or 0"
    WHOLE = "whole number"
    NUMBER = "number"
    LIST = "list, comma-separated"
    ADDRESS = "address"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment.

    `default` is what holds without it, as it would be written. Where that depends on
    something else the code that reads the variable knows it, and `otherwise` says it in
    words. `least` is the smallest number that makes sense. `meaning` and `otherwise` are
    Markdown. What is `outside` is read by the compose file, by an image's build or by
    tests, and not by the settings.
    """

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    default: str = ""
    otherwise: str = ""
    example: str = ""
    least: float | None = None
    words: tuple[str, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Variables that are looked for together; `before` and `after` are Markdown."""

    title: str
    variables: tuple[Variable, ...]
    before: str = ""
    after: str = ""
