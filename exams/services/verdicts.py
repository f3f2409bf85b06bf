"""What educators made of the questions that were drafted for them.

The verdict of a question is its state: accepted as it was, accepted after an edit, or
rejected. That it was edited stands in its provenance, which it keeps whoever decides
about it later. A question that goes with its exam goes from here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.fields.json import KT

from exams.models import Question
from exams.quality import Tally
from exams.states import KEPT, QuestionState


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
    """Count the decided questions of the whole site, in one query."""
    kept = Q(state__in=KEPT)
    untouched = ~Q(provenance__has_key="edited")
    counted = (
        Question.objects.exclude(state=QuestionState.PROPOSED)
        .order_by()
        .annotate(
            engine=KT("provenance__engine"),
            version=KT("provenance__version"),
            maker=KT("provenance__maker"),
        )
        .values("engine", "version", "maker", "kind")
        .annotate(
            kept=Count("pk", filter=kept & untouched),
            edited=Count("pk", filter=kept & ~untouched),
            rejected=Count("pk", filter=Q(state=QuestionState.REJECTED)),
        )
    )
    found = [
        Judged(
            engine=row["engine"] or "",
            version=row["version"] or "",
            maker=row["maker"] or "",
            kind=row["kind"],
            tally=Tally(row["kept"], row["edited"], row["rejected"]),
        )
        for row in counted
    ]
    # Databases have different orders for words, and for none.
    return sorted(found, key=lambda one: (one.engine, one.version, one.maker, one.kind))


def tallies_by_maker(engine: str) -> Mapping[str, Tally]:
    """What educators made of each maker's questions, over all releases of an engine.

    What a ranking may learn from: how often questions of a maker are kept.
    """
    found: dict[str, Tally] = {}
    for judged in verdicts():
        if judged.engine == engine and judged.maker:
            found[judged.maker] = found.get(judged.maker, Tally()) + judged.tally
    return found
