"""Which of these belongs where: one member of a group among members of others."""

from __future__ import annotations

from collections.abc import Iterator

from exams.content import Bloom
from exams.gate.wording import FUNCTION_WORDS, fold, shared, words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.groups import Group, Member, joined
from exams.generation.offline.phrases import as_option
from exams.generation.offline.sentences import Sentence

_MAX_LENGTH_RATIO = 3.0
# Members of groups that have nothing to do with each other make no good wrong answers,
# and in running text "such as" never says what else is of that kind.
_KIN = 1


def membership_questions(
    analysis: Analysis, sentence: Sentence, options: int
) -> Iterator[Draft]:
    """One question for each group that begins here, for the member that fits best."""
    for group in analysis.groups_by_place.get(sentence.order, ()):
        for member in group.members:
            others = _outsiders(analysis, group, member, options - 1)
            if (
                len(others) < options - 1
                or not group.telling
                or shared(member.text, group.title)
            ):
                continue
            yield draft(
                analysis,
                member.sentence,
                "members",
                _stem(group),
                choice(as_option(member.text), [as_option(text) for text in others]),
                term=group.title,
                bloom=Bloom.UNDERSTAND,
            )
            break


def _stem(group: Group) -> str:
    if not group.kind:
        return f"Which of the following belongs to “{group.title}”?"
    kind = group.kind
    if not kind[1:2].isupper():
        kind = kind[:1].lower() + kind[1:]
    article = "an" if kind[0] in "aeiou" else "a"
    return f"Which of the following is {article} {kind}?"


def _outsiders(
    analysis: Analysis, group: Group, member: Member, wanted: int
) -> list[str]:
    """Members of the nearest other groups, best those of a like name."""
    rivals = [
        g
        for g in analysis.groups
        if g is not group and not joined(g, group) and _kinship(g, group) >= _KIN
    ]
    rivals.sort(key=lambda g: (-_kinship(g, group), abs(g.place - group.place)))
    chosen: list[str] = []
    for rival in rivals:
        for other in rival.members:
            if len(chosen) == wanted:
                return chosen
            if _fits(analysis, group, member, other) and fold(other.text) not in map(
                fold, chosen
            ):
                chosen.append(other.text)
    return chosen


def _kinship(one: Group, other: Group) -> int:
    """Groups of one sort end alike: fat-soluble and water-soluble vitamins."""
    first, second = words(one.title)[-1], words(other.title)[-1]
    ending = 4
    here, there = one.members[0].sentence, other.members[0].sentence
    beside = here.listed and there.listed and here.heading == there.heading
    named = bool(set(words(one.title)) & set(words(other.title)) - FUNCTION_WORDS)
    alike = first[-ending:] == second[-ending:] and here.listed and there.listed
    return 2 * (first == second) + beside + named + alike


def _fits(analysis: Analysis, group: Group, member: Member, other: Member) -> bool:
    lengths = sorted((len(member.text), len(other.text)))
    return (
        lengths[1] <= _MAX_LENGTH_RATIO * max(lengths[0], 5)
        and member.text[:1].isupper() == other.text[:1].isupper()
        and not analysis.sayings.together(group.title, other.text)
    )
