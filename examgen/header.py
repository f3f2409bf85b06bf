"""What the head of every page counts, for queries that ask for it along the way.

Apps above register what they count, so that pages below them need not know them: one
query then tells whether a page is still as it was, its head included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models.expressions import Combinable

if TYPE_CHECKING:
    from accounts.models import User

Count = Callable[["User"], Combinable]

_COUNTS: dict[str, Count] = {}


def register(name: str, count: Count) -> None:
    """Let pages show this number; it becomes a column of queries that ask for it."""
    _COUNTS[name] = count


def columns(user: User) -> dict[str, Combinable]:
    """All numbers in the head of this person's pages, as annotations of any query."""
    return {f"head_{name}": count(user) for name, count in _COUNTS.items()}
