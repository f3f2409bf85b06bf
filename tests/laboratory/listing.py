"""The questions to rate as JSON and as text, for raters who read elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import Any

from tests.laboratory.measuring import Asked, Measured

_CHOOSING = {"single_choice", "multiple_choice"}


def as_json(lectures: Sequence[Measured]) -> str:
    """All lectures with the text of their pages and the questions drafted from them."""
    return json.dumps([_lecture(one) for one in lectures], indent=1, ensure_ascii=False)


def _lecture(one: Measured) -> dict[str, Any]:
    return {
        "lecture": one.name,
        "title": one.title,
        "language": one.language,
        "engine": f"{one.engine} {one.version}",
        "refused": one.refused,
        "pages": {str(number): text for number, text in one.texts.items()},
        "questions": [_question(asked) for asked in one.asked],
    }


def _question(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {
        "key": asked.key,
        "number": asked.number,
        "page": asked.page,
        "kind": question.kind.value,
        "maker": asked.maker,
        "difficulty": question.difficulty.value,
        "bloom": question.bloom.value,
        "topic": question.topic,
        "stem": question.stem,
        "answers": [
            {"text": answer.text, "correct": answer.correct} for answer in asked.answers
        ],
        "explanation": question.explanation,
        "evidence": [
            {"page": item.page, "quote": item.quote} for item in question.evidence
        ],
        "warnings": [warning.code for warning in question.warnings],
    }


def as_text(lectures: Sequence[Measured]) -> str:
    return "\n".join(line for one in lectures for line in _lines(one))


def _lines(one: Measured) -> Iterator[str]:
    yield f"===== {one.name} ({one.pages} pages, {one.language})"
    for asked in one.asked:
        question = asked.question
        yield ""
        yield f"{asked.number}. [{question.kind.value}, {asked.maker}] {question.stem}"
        for place, answer in enumerate(asked.answers):
            letter = ascii_uppercase[place] if question.kind in _CHOOSING else "-"
            yield f"   {'*' if answer.correct else ' '} {letter} {answer.text}"
        for item in question.evidence:
            quote = " ".join(item.quote.split())
            yield f"   page {item.page}: {quote}"
    yield ""
