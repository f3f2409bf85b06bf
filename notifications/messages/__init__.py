"""The registry of all messages: event -> audience, words, and what people may choose.

A new message is an entry in one of the modules here, its three templates under
`templates/mail/<name>/`, and a row in docs/mails.md; a test compares them.
"""

from __future__ import annotations

from notifications.messages import boards, making, people, taking
from notifications.messages.base import Message, Notice, Timing, UnfitError

MESSAGES: dict[str, Message] = {
    message.name: message
    for module in (people, making, taking, boards)
    for message in module.MESSAGES
}


def due_at_once(event: str) -> list[Message]:
    """The messages that this event makes due without any waiting."""
    return [
        message
        for message in MESSAGES.values()
        if event in message.events and message.timing == Timing.AT_ONCE
    ]


__all__ = ["MESSAGES", "Message", "Notice", "Timing", "UnfitError", "due_at_once"]
