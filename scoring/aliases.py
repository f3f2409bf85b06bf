"""Names for boards that tell nobody who somebody is. Pure."""

from __future__ import annotations

import hashlib
import uuid

# Proper names here: the same in every language of the site.
_NAMES = (
    "Alder", "Amber", "Aspen", "Basalt", "Beech", "Birch", "Briar", "Cedar",
    "Cirrus", "Clover", "Cobalt", "Comet", "Coral", "Crane", "Cypress", "Dune",
    "Elder", "Ember", "Falcon", "Fern", "Finch", "Flint", "Garnet", "Glacier",
    "Granite", "Harbour", "Hazel", "Heron", "Indigo", "Iris", "Ivy", "Jade",
    "Juniper", "Kestrel", "Lagoon", "Larch", "Lark", "Laurel", "Lichen", "Linden",
    "Lotus", "Maple", "Marble", "Meadow", "Meteor", "Moss", "Nimbus", "Oak",
    "Opal", "Orchid", "Osprey", "Pebble", "Pine", "Plover", "Poplar", "Quartz",
    "Raven", "Reed", "Sage", "Slate", "Sorrel", "Swift", "Thistle", "Willow",
)  # fmt: skip


def alias_of(board: uuid.UUID, person: uuid.UUID) -> str:
    """A name and a number, the same whenever this person looks at this board."""
    digest = hashlib.sha256(board.bytes + person.bytes).digest()
    number = int.from_bytes(digest[:8], "big")
    return f"{_NAMES[number % len(_NAMES)]} {number // len(_NAMES) % 9000 + 1000}"
