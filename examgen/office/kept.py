"""What educators kept of the questions that were drafted, told by maker or kind."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext as _

from exams.content import Kind
from exams.quality import Tally
from exams.services.verdicts import Judged
from exams.wording import KIND_NAMES


class By(StrEnum):
    """What the questions are told apart by."""

    MAKER = "maker"
    KIND = "kind"
    ENGINE = "engine"

    def name_of(self, judged: Judged) -> str:
        match self:
            case By.KIND:
                return str(KIND_NAMES[Kind(judged.kind)])
            case By.ENGINE:
                return f"{judged.engine} {judged.version}".strip() or _("not known")
        return judged.maker or _("not known")


def tallies(judged: Sequence[Judged], by: By) -> list[tuple[str, Tally]]:
    """A tally for each name, those with the most questions first."""
    found: dict[str, Tally] = {}
    for one in judged:
        name = by.name_of(one)
        found[name] = found.get(name, Tally()) + one.tally
    return sorted(found.items(), key=lambda item: (-item[1].total, item[0]))


def together(judged: Sequence[Judged]) -> Tally:
    return sum((one.tally for one in judged), Tally())
