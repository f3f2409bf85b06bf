"""A published exam in two halves: the paper that students get, and its key.

The paper holds nothing from which the key could be told: options stand in the order
of their ids, and the ids come from a secret, so that neither says where something stood
before. Whatever a student is shown before release is made from the paper alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exams import content
from exams.formats.examgen_json import body_from_dict, body_to_dict
from exams.formats.fields import decimal_text

FORMAT = "examgen-paper/1"
_ID_ALPHABET = "bcdfghjkmnpqrstvwxyz"
_ID_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Frozen:
    """Paper and key as they are stored; `sha256` is over both and the policy."""

    paper: dict[str, Any]
    key: dict[str, Any]
    sha256: str


def freeze(
    *,
    title: str,
    language: str,
    questions: Sequence[content.Question],
    policy: Mapping[str, Any],
    seed: int,
) -> Frozen:
    """Split questions into paper and key. The same seed draws the same ids.

    Whoever knows the seed can tell the key from the paper: it must be long, drawn by
    `secrets`, and kept nowhere.
    """
    draw = _Ids(seed)
    sheets, keys = [], {}
    for question in questions:
        asked, key = _split(question, draw)
        sheets.append(asked)
        keys[question.id] = key
    paper = {
        "format": FORMAT,
        "title": title,
        "language": language,
        "questions": sheets,
    }
    return Frozen(paper, keys, digest(paper, keys, policy))


def digest(
    paper: Mapping[str, Any], key: Mapping[str, Any], policy: Mapping[str, Any]
) -> str:
    """SHA-256, in hexadecimal, of the three as canonical JSON."""
    text = json.dumps([paper, key, policy], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Ids:
    """Ids that tell nothing, unique within one exam.

    They come from a keyed hash, not from a random generator: of one, the state could be
    worked out from the ids in a paper, and from it the order in which they were drawn,
    which is the key of every matching and every ordering.
    """

    def __init__(self, seed: int) -> None:
        self._secret = hashlib.sha256(f"{seed}".encode()).digest()
        self._count = 0
        self._drawn: set[str] = set()

    def labelled(self, texts: Sequence[str]) -> list[dict[str, str]]:
        """An id for each text, in the order of the texts."""
        return [{"id": self._next(), "text": text} for text in texts]

    def _next(self) -> str:
        while (name := self._draw()) in self._drawn:
            pass
        self._drawn.add(name)
        return name

    def _draw(self) -> str:
        self._count += 1
        place = self._count.to_bytes(8)
        number = int.from_bytes(hashlib.blake2b(place, key=self._secret).digest())
        letters = []
        for _ in range(_ID_LENGTH):
            number, letter = divmod(number, len(_ID_ALPHABET))
            letters.append(_ID_ALPHABET[letter])
        return "".join(letters)


def _by_id(labelled: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(labelled, key=lambda item: item["id"])


def _split(
    question: content.Question, draw: _Ids
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One question's sheet and key.

    The key holds `body` (as in the exam document), what ids stand for, explanation,
    feedback and evidence: everything that only the release may show.
    """
    sheet: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind.value,
        "stem": question.stem,
        "points": decimal_text(question.points),
    }
    key: dict[str, Any] = {
        "body": body_to_dict(question.body),
        "explanation": question.explanation,
        "topic": question.topic,
        "evidence": [
            {"page": e.page, "start": e.start, "end": e.end, "quote": e.quote}
            for e in question.evidence
        ],
    }
    match question.body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            labelled = draw.labelled([option.text for option in options])
            sheet["options"] = _by_id(labelled)
            key["right"] = [
                item["id"]
                for item, option in zip(labelled, options, strict=True)
                if option.correct
            ]
            key["feedback"] = {
                item["id"]: option.feedback
                for item, option in zip(labelled, options, strict=True)
                if option.feedback
            }
        case content.TrueFalse(correct):
            key["right"] = correct
        case content.Matching(pairs):
            left = draw.labelled([pair[0] for pair in pairs])
            right = draw.labelled([pair[1] for pair in pairs])
            sheet["left"], sheet["right"] = _by_id(left), _by_id(right)
            key["right"] = {a["id"]: b["id"] for a, b in zip(left, right, strict=True)}
        case content.Ordering(items):
            labelled = draw.labelled(items)
            sheet["items"] = _by_id(labelled)
            key["right"] = [item["id"] for item in labelled]
        case content.Numeric(unit=unit):
            sheet["unit"] = unit
        case content.ShortAnswer() | content.Essay():
            pass
    return sheet, key


def body_of(key: Mapping[str, Any]) -> content.Body:
    """The body of one question's key, for grading."""
    return body_from_dict(key["body"])
