"""Which expression does it: code among other code that the lecture explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.content import Bloom
from exams.gate.wording import fold
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.expressions import NAME, Expression
from exams.generation.offline.sentences import Sentence

_NEAR = 40


def expression_questions(
    analysis: Analysis, sentence: Sentence, options: int
) -> Iterator[Draft]:
    """Ask which expression does this, among others on the same object first."""
    asked = analysis.expressions.get(sentence.order)
    if asked is None:
        return
    others = [
        other
        for other in analysis.expressions.values()
        if _is_apart(asked, other)
        and abs(other.sentence.order - sentence.order) <= _NEAR
    ]
    others.sort(
        key=lambda other: (
            _object(other.code) != _object(asked.code),
            abs(other.sentence.order - sentence.order),
        )
    )
    codes = list(dict.fromkeys(other.code for other in others))[: options - 1]
    if len(codes) == options - 1:
        yield draft(
            analysis,
            sentence,
            "expression",
            f"Which of the following {asked.does}?",
            choice(asked.code, codes),
            term="",
            bloom=Bloom.UNDERSTAND,
        )


def _is_apart(one: Expression, other: Expression) -> bool:
    first, second = fold(one.does), fold(other.does)
    return one.code != other.code and first not in second and second not in first


def _object(code: str) -> str:
    found = re.match(NAME, code)
    return found.group() if found else code
