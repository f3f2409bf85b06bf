"""How many questions of each kind, when only kinds or only a number were given."""

from __future__ import annotations

from exams.content import Kind
from exams.generation.interface import Blueprint

# Choice carries an exam: it can be graded by machine and judged at a glance. True or
# false is guessed half the time, so it stays at a fifth unless asked for.
_WEIGHTS = {
    Kind.SINGLE_CHOICE: 60,
    Kind.MULTIPLE_CHOICE: 20,
    Kind.TRUE_FALSE: 15,
    Kind.SHORT_ANSWER: 15,
    Kind.NUMERIC: 10,
    Kind.MATCHING: 10,
    Kind.ORDERING: 10,
    Kind.ESSAY: 10,
}
TRUE_FALSE_SHARE = 0.2
SHORT_ANSWER_SHARE = 0.6


def quotas(blueprint: Blueprint) -> dict[Kind, int]:
    """Largest remainder by weight; explicit counts are taken as they are."""
    if blueprint.counts is not None:
        return dict(blueprint.counts)
    total = sum(_WEIGHTS[kind] for kind in blueprint.kinds)
    exact = {
        kind: blueprint.questions * _WEIGHTS[kind] / total for kind in blueprint.kinds
    }
    shares = {kind: int(share) for kind, share in exact.items()}
    left = blueprint.questions - sum(shares.values())
    by_remainder = sorted(
        blueprint.kinds,
        key=lambda kind: (shares[kind] - exact[kind], blueprint.kinds.index(kind)),
    )
    for kind in by_remainder[:left]:
        shares[kind] += 1
    return shares


def ceiling(blueprint: Blueprint, kind: Kind) -> int:  # noqa: PLR0911 - one rule each
    """The most of a kind that may fill places other kinds left empty."""
    if blueprint.counts is not None:
        return blueprint.counts.get(kind, 0)
    if kind not in blueprint.kinds:
        return 0
    share = quotas(blueprint)[kind]
    if Kind.SINGLE_CHOICE not in blueprint.kinds or kind is Kind.SINGLE_CHOICE:
        return blueprint.questions
    if kind is Kind.TRUE_FALSE:
        return max(share, int(blueprint.questions * TRUE_FALSE_SHARE))
    if kind is Kind.SHORT_ANSWER:
        return max(share, int(blueprint.questions * SHORT_ANSWER_SHARE))
    if kind in {Kind.MATCHING, Kind.ESSAY, Kind.ORDERING}:
        return max(share, 1)
    return blueprint.questions
