"""Names for boards that tell nothing about who bears them."""

from __future__ import annotations

import secrets

# Kind ones alone: somebody will be last under each of them. 40 x 40 pairs, and numbers
# from 2 to 99 behind them, are enough for every course.
_MANNERS = (
    "Agile Amber Azure Brave Bright Brisk Calm Clever Coral Curious Daring Eager Early "
    "Fair Gentle Glad Golden Green Happy Honest Humble Jolly Keen Kind Lively Lucky "
    "Merry Mighty Neat Nimble Patient Proud Quick Quiet Silver Steady Sunny Swift True "
    "Wise"
)
_ANIMALS = (
    "Badger Beaver Bison Crane Deer Dolphin Eagle Egret Falcon Finch Fox Gecko Hare "
    "Hawk Heron Ibex Jay Kestrel Koala Lark Lemur Lion Lynx Magpie Marten Mole Moose "
    "Newt Ocelot Osprey Otter Owl Panda Puffin Raven Robin Seal Stork Swan Tiger"
)


def new_alias(*, numbered: bool = False) -> str:
    """`Quiet Otter`, or `Quiet Otter 42` for courses where the plain ones get scarce."""
    alias = f"{_one_of(_MANNERS)} {_one_of(_ANIMALS)}"
    return f"{alias} {secrets.randbelow(98) + 2}" if numbered else alias


def _one_of(words: str) -> str:
    return secrets.choice(words.split())
