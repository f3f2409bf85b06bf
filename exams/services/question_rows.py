"""Questions between the vocabulary of `content` and the columns of their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from exams import content
from exams.formats.examgen_json import body_from_dict, body_to_dict
from exams.generation import Generated
from exams.models import Question

# What makes a question this one, and not another in its place.
_OWN = (
    "kind",
    "stem",
    "body",
    "points",
    "difficulty",
    "bloom",
    "topic",
    "tags",
    "explanation",
    "evidence",
    "warnings",
    "provenance",
    "state",
)


def columns(
    question: content.Question,
    *,
    engine_name: str,
    engine_version: str,
    maker: str = "",
) -> dict[str, Any]:
    """The columns of a new question, without id and place.

    `maker` names the part of the engine that wrote it, for those that have parts.
    """
    provenance = {"engine": engine_name, "version": engine_version}
    if maker:
        provenance["maker"] = maker
    return {
        "kind": question.kind,
        "stem": question.stem,
        "body": body_to_dict(question.body),
        "points": question.points,
        "difficulty": question.difficulty,
        "bloom": question.bloom,
        "topic": question.topic[:200],
        "tags": list(question.tags),
        "explanation": question.explanation,
        "evidence": [asdict(item) for item in question.evidence],
        "warnings": [finding(item) for item in question.warnings],
        "provenance": provenance,
    }


def put_by(row: Question) -> dict[str, Any]:
    """What is kept, as JSON, of a question that leaves its place to another."""
    kept = {name: getattr(row, name) for name in _OWN}
    return {**kept, "points": f"{row.points}"}


def taken_up(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of what `put_by` kept."""
    return {**kept, "points": Decimal(kept["points"])}


def as_content(kept: Mapping[str, Any]) -> content.Question:
    """What `put_by` kept, in the vocabulary of `content`; it has no id."""
    return content.Question(
        id="",
        stem=kept["stem"],
        body=body_from_dict(kept["body"]),
        points=Decimal(kept["points"]).normalize(),
        difficulty=content.Difficulty(kept["difficulty"]),
        bloom=content.Bloom(kept["bloom"]),
        topic=kept["topic"],
        tags=tuple(kept["tags"]),
        explanation=kept["explanation"],
        evidence=tuple(content.Evidence(**item) for item in kept["evidence"]),
        warnings=tuple(content.Finding(**item) for item in kept["warnings"]),
    )


def finding(item: content.Finding) -> dict[str, object]:
    return {"code": item.code, "params": dict(item.params)}


def findings(items: Iterable[content.Finding]) -> list[dict[str, object]]:
    return [finding(item) for item in items]


def drafted(question: content.Question, made: Generated) -> dict[str, Any]:
    """The columns of one of the questions that an engine made."""
    return columns(
        question,
        engine_name=made.exam.engine_name,
        engine_version=made.exam.engine_version,
        maker=made.makers[question.id],
    )
