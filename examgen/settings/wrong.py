"""What stops every command: a value without which the settings cannot even be read."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


class WrongValueError(ImproperlyConfigured):
    """One sentence with the variable and the cure, and the number of what is wrong.

    The numbers go on where those of the checks end: docs/checks.md has them all.
    """

    def __init__(self, number: str, sentence: str) -> None:
        super().__init__(number, sentence)
        self.number = number
        self.sentence = sentence

    def __str__(self) -> str:
        return f"(examgen.{self.number}) {self.sentence}"
