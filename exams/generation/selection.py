"""From many drafts the few that make an exam: best first, spread, never twice."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exams.content import Evidence, Kind, Option, Question, SingleChoice, TrueFalse
from exams.gate.exam_wide import answers, balanced, near_duplicates
from exams.gate.wording import fold
from exams.generation.interface import Blueprint, Draft
from exams.generation.quotas import ceiling, quotas

# What a further question on the same page, the same topic or of the same maker costs
# in score. Chosen so that spread beats small differences of quality, not large ones.
_PAGE_COST = 0.10
_TOPIC_COST = 0.06
_MAKER_COST = 0.015
_QUESTIONS_PER_RETURN = 8
# Dates and names are easily asked for and soon too many: they test memory alone.
_FACTS = frozenset({"year", "person", "quantity"})
_FACT_COST = 0.06
_FACT_SHARE = 0.15

# Below this a draft is not worth a student's time: better a shorter exam.
FLOOR = 0.5


@dataclass
class _Shelf:
    """What is already chosen, in the forms that the next choice asks for."""

    chosen: list[Draft] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)
    pages: Counter[int] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    makers: Counter[str] = field(default_factory=Counter)
    spans: set[tuple[int, int]] = field(default_factory=set)
    terms: Counter[str] = field(default_factory=Counter)
    term_limit: int = 1
    fact_limit: int = 0

    def value(self, draft: Draft) -> float:
        question = draft.question
        page = question.evidence[0].page
        cost = (
            _PAGE_COST * self.pages[page]
            + _TOPIC_COST * self.topics[question.topic]
            + (_FACT_COST if draft.maker in _FACTS else _MAKER_COST)
            * self.makers[draft.maker]
        )
        return round(draft.score - cost, 6)

    def clash(self, draft: Draft) -> str:
        """Why a draft does not fit beside what is chosen; empty when it does."""
        question = draft.question
        if any(spot in self.spans for spot in _spots(question.evidence)):
            return "duplicates"
        if draft.about and self.terms[fold(draft.about)] >= self.term_limit:
            return "terms_asked"
        if draft.maker in _FACTS and self.makers[draft.maker] >= self.fact_limit:
            return "kinds_full"
        if isinstance(question.body, TrueFalse) and not self._keeps_balance(
            question.body
        ):
            return "kinds_full"
        if any(
            near_duplicates(question, other.question)
            or answers(question, other.question)
            or answers(other.question, question)
            for other in self.chosen
        ):
            return "duplicates"
        return ""

    def _keeps_balance(self, body: TrueFalse) -> bool:
        judged = [
            draft.question.body.correct
            for draft in self.chosen
            if isinstance(draft.question.body, TrueFalse)
        ]
        true = sum(judged) + body.correct
        return balanced(true=true, total=len(judged) + 1)

    def add(self, draft: Draft) -> None:
        question = draft.question
        self.chosen.append(draft)
        self.kinds[question.kind] += 1
        self.makers[draft.maker] += 1
        self.topics[question.topic] += 1
        self.pages.update({evidence.page for evidence in question.evidence})
        self.spans.update(_spots(question.evidence))
        if draft.about:
            self.terms[fold(draft.about)] += 1


def _spots(evidence: Iterable[Evidence]) -> set[tuple[int, int]]:
    return {(item.page, item.start) for item in evidence}


def select(
    drafts: Sequence[Draft], blueprint: Blueprint, rng: random.Random
) -> tuple[Draft, ...]:
    """Choose up to `blueprint.questions` drafts, in the lecture's order.

    A matching takes four definitions that could be four questions: where the lecture
    is too thin for both, and no counts were given, more questions win.
    """
    avoided = _spots(blueprint.avoid)
    # A breath of chance, less than one step of quality: another seed, another exam.
    pool = [
        replace(draft, score=draft.score + rng.uniform(0, 0.05))
        for draft in drafts
        if draft.score >= FLOOR and not avoided & _spots(draft.question.evidence)
    ]
    chosen = _choose(pool, blueprint)
    if blueprint.counts is None and len(chosen) < blueprint.questions:
        single = [d for d in pool if d.question.kind is not Kind.MATCHING]
        chosen = max(chosen, _choose(single, blueprint), key=len)
    return tuple(
        sorted(
            chosen,
            key=lambda d: (d.question.evidence[0].page, d.question.evidence[0].start),
        )
    )


def _choose(pool: Sequence[Draft], blueprint: Blueprint) -> list[Draft]:
    """First each kind fills its quota, scarcest kind first.

    Then, unless counts were given, any kind below its ceiling fills what is left.
    """
    by_kind: dict[Kind, list[Draft]] = {kind: [] for kind in blueprint.kinds}
    for draft in pool:
        if draft.question.kind in by_kind:
            by_kind[draft.question.kind].append(draft)
    available = tuple(kind for kind in blueprint.kinds if by_kind[kind])
    if not available:
        return []
    if blueprint.counts is None:
        # A kind the lecture cannot give leaves its share to the others.
        blueprint = replace(blueprint, kinds=available)

    shelf = _Shelf(fact_limit=_fact_limit(blueprint))
    wanted = quotas(blueprint)
    for kind in sorted(available, key=lambda k: (len(by_kind[k]), k.value)):
        _fill(shelf, by_kind[kind], wanted)
    if blueprint.counts is None:
        # A long exam on a lecture with few terms may come back to one of them.
        shelf.term_limit += blueprint.questions // _QUESTIONS_PER_RETURN
        ceilings = {kind: ceiling(blueprint, kind) for kind in available}
        _fill(shelf, pool, ceilings, total=blueprint.questions)
    return shelf.chosen


def _fact_limit(blueprint: Blueprint) -> int:
    """How many questions of one maker of facts; all, where a kind leaves no other."""
    if set(blueprint.kinds) <= {Kind.NUMERIC}:
        return blueprint.questions
    return max(1, round(blueprint.questions * _FACT_SHARE))


def left_out(
    drafts: Iterable[Draft], chosen: Iterable[Draft], blueprint: Blueprint
) -> Counter[str]:
    """Count, by reason, the drafts that found no place beside the chosen ones.

    What no rule keeps out found its kind full.
    """
    shelf = _Shelf(
        term_limit=1 + blueprint.questions // _QUESTIONS_PER_RETURN,
        fact_limit=_fact_limit(blueprint),
    )
    for draft in chosen:
        shelf.add(draft)
    return Counter(shelf.clash(draft) or "kinds_full" for draft in drafts)


def _fill(
    shelf: _Shelf,
    drafts: Sequence[Draft],
    limits: Mapping[Kind, int],
    total: int | None = None,
) -> None:
    """Add the best draft of each kind that has room until none is left.

    What is chosen changes the value of the rest, but only downwards, so a queue by
    last known value needs to look again only at its head: near linear on long books.
    """
    queue = [
        (-shelf.value(draft), draft.question.evidence[0].page, number)
        for number, draft in enumerate(drafts)
    ]
    heapq.heapify(queue)
    while queue:
        known, page, number = heapq.heappop(queue)
        draft = drafts[number]
        kind = draft.question.kind
        if shelf.kinds[kind] >= limits.get(kind, 0):
            continue
        if total is not None and len(shelf.chosen) >= total:
            return
        value = -shelf.value(draft)
        if value > known:
            heapq.heappush(queue, (value, page, number))
        elif not shelf.clash(draft):
            shelf.add(draft)


def place_keys(drafts: Sequence[Draft], rng: random.Random) -> tuple[Question, ...]:
    """Shuffle options so that the right answers stand evenly over the positions."""
    taken: Counter[int] = Counter()
    for draft in drafts:
        if draft.fixed_order and isinstance(draft.question.body, SingleChoice):
            options = draft.question.body.options
            taken[options.index(draft.question.body.key)] += 1
    placed: list[Question] = []
    for draft in drafts:
        question = draft.question
        if not isinstance(question.body, SingleChoice):
            placed.append(question)
            continue
        order = list(question.body.options)
        if not draft.fixed_order:
            distractors = list(question.body.distractors)
            rng.shuffle(distractors)
            rarest = min(taken[i] for i in range(len(order)))
            spot = rng.choice(
                [i for i in range(len(order)) if taken[i] == rarest],
            )
            taken[spot] += 1
            order = [*distractors[:spot], question.body.key, *distractors[spot:]]
        body = SingleChoice(tuple(_lettered(order)))
        placed.append(replace(question, body=body))
    return tuple(placed)


def _lettered(options: Iterable[Option]) -> Iterable[Option]:
    for letter, option in zip("abcdefghij", options, strict=False):
        yield replace(option, id=letter)
