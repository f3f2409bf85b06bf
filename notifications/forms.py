"""The table of what a person wants to be told, by which channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy

from accounts.models import User
from notifications.messages import MESSAGES, Message
from notifications.services.subscriptions import Choice, choices_of
from notifications.states import Channel


@dataclass(frozen=True, slots=True)
class Row:
    """One message, and a box for each channel."""

    message: Message
    boxes: list[tuple[Channel, forms.BoundField]]


class ChoicesForm(forms.Form):
    """A box for each message and channel that this person may choose."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self._choices = choices_of(person)
        for choice, wanted in self._choices.items():
            message, channel = choice
            self.fields[_field(choice)] = forms.BooleanField(
                label=format_lazy("{}: {}", MESSAGES[message].title, channel.label),
                required=False,
                initial=wanted,
            )

    def rows(self) -> Iterator[Row]:
        """The table: what concerns students first, then what concerns educators."""
        names = list(dict.fromkeys(message for message, _channel in self._choices))
        for name in sorted(names, key=lambda name: MESSAGES[name].for_educators):
            boxes = [(channel, self[_field((name, channel))]) for channel in Channel]
            yield Row(MESSAGES[name], boxes)

    def chosen(self) -> dict[Choice, bool]:
        return {
            choice: bool(self.cleaned_data[_field(choice)]) for choice in self._choices
        }


def _field(choice: Choice) -> str:
    message, channel = choice
    return f"{message}-{channel.value}"
