"""What educators made of the questions that were drafted for them.

Those that a person wrote are not judged. The verdict of a question is its state:
accepted as it was, accepted after an edit, or rejected; one for which another was asked
for is rejected too. Nothing is recorded beside it, so nothing can contradict it, and a
question that goes with its exam goes from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.fields.json import KT

from exams.models import Question, QuestionRequest
from exams.quality import Tally
from exams.services.writing import BY_HAND
from exams.states import KEPT, QuestionState, RequestAim, RequestState

_SORTS = ("engine", "version", "maker", "kind")


@dataclass(frozen=True, slots=True)
class Judged:
    """The decided questions of one engine, release, maker and kind.

    `maker` names the part of the engine that wrote them, empty for questions that were
    drafted before it was kept.
    """

    engine: str
    version: str
    maker: str
    kind: str
    tally: Tally


def verdicts() -> list[Judged]:
    """Count the judged questions of the whole site, in two queries."""
    found: defaultdict[tuple[str, str, str, str], Tally] = defaultdict(Tally)
    for row in _decided():
        kept = row["kept"] - row["edited"]
        found[_sort(row)] += Tally(kept, row["edited"], row["rejected"])
    for row in _replaced():
        found[_sort(row)] += Tally(rejected=row["rejected"])
    return [
        Judged(*sort, tally)
        for sort, tally in sorted(found.items())
        if sort[0] != BY_HAND
    ]


def _sort(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    engine, version, maker, kind = (row[name] or "" for name in _SORTS)
    return engine, version, maker, kind


def _decided() -> Iterable[Mapping[str, Any]]:
    kept = Q(state__in=KEPT)
    # Of one that was edited, reopened and accepted only its provenance tells.
    edited = Q(state=QuestionState.EDITED) | (kept & Q(provenance__edited=True))
    rows: Iterable[Mapping[str, Any]] = (
        Question.objects.exclude(state=QuestionState.PROPOSED)
        .order_by()
        .annotate(
            engine=KT("provenance__engine"),
            version=KT("provenance__version"),
            maker=KT("provenance__maker"),
        )
        .values(*_SORTS)
        .annotate(
            kept=Count("pk", filter=kept),
            edited=Count("pk", filter=edited),
            rejected=Count("pk", filter=Q(state=QuestionState.REJECTED)),
        )
    )
    return rows


def _replaced() -> Iterable[Mapping[str, Any]]:
    """What had to give its place to another question.

    One that became another kind of question is not among them: it may have been good.
    """
    rows: Iterable[Mapping[str, Any]] = (
        QuestionRequest.objects.filter(aim=RequestAim.ANOTHER, state=RequestState.DONE)
        .exclude(replaced={})
        .order_by()
        .annotate(
            engine=KT("replaced__provenance__engine"),
            version=KT("replaced__provenance__version"),
            maker=KT("replaced__provenance__maker"),
            was=KT("replaced__kind"),
        )
        .values("engine", "version", "maker", kind=F("was"))
        .annotate(rejected=Count("pk"))
    )
    return rows


def tallies_by_maker(engine: str) -> Mapping[str, Tally]:
    """What educators made of each maker's questions, over all releases of an engine.

    What a ranking may learn from: how often questions of a maker are kept.
    """
    found: dict[str, Tally] = {}
    for judged in verdicts():
        if judged.engine == engine and judged.maker:
            found[judged.maker] = found.get(judged.maker, Tally()) + judged.tally
    return found
