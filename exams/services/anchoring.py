"""Citations of a lecture that was read again: found anew, or flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exams.models import Exam, Lecture, Question
from exams.reading import anchors

LOST = "evidence_lost"


def anchor_again(lecture: Lecture, texts: Mapping[int, str]) -> None:
    """Let the questions of a lecture cite its pages as they are read now.

    `texts` are the pages by number. A sentence that is no longer read is flagged for
    whoever reviews the question, and stays as it was. Versions are frozen: what they
    cite is found again whenever it is shown. In the transaction of the reading.
    """
    # Exams before their questions, as whoever changes a question holds them.
    held = Exam.objects.filter(lecture=lecture).order_by("id")
    list(held.select_for_update(no_key=True).values_list("id", flat=True))
    questions = Question.objects.filter(exam__lecture=lecture).exclude(evidence=[])
    moved: list[Question] = []
    for question in questions.select_for_update(no_key=True, of=("self",)):
        now = {"evidence": question.evidence, "warnings": question.warnings}
        anchored = anchored_again(now, texts)
        if anchored != now:
            question.evidence = anchored["evidence"]
            question.warnings = anchored["warnings"]
            moved.append(question)
    Question.objects.bulk_update(moved, ["evidence", "warnings"], batch_size=100)


def anchored_again(
    question: Mapping[str, Any], texts: Mapping[int, str]
) -> dict[str, list[dict[str, Any]]]:
    """`evidence` and `warnings` of a question, for the pages as they are read now."""
    evidence, lost = _anchored(question["evidence"], texts)
    warnings = [one for one in question["warnings"] if one["code"] != LOST]
    warnings += [{"code": LOST, "params": {"page": page}} for page in lost]
    return {"evidence": evidence, "warnings": warnings}


def _anchored(
    evidence: Sequence[Mapping[str, Any]], texts: Mapping[int, str]
) -> tuple[list[dict[str, Any]], list[int]]:
    """The evidence with its new places, and the pages of what has none."""
    anchored: list[dict[str, Any]] = []
    lost: list[int] = []
    for item in evidence:
        text = texts.get(item["page"], "")
        place = anchors.find(text, item["quote"], start=item["start"], end=item["end"])
        if place is None:
            lost.append(item["page"])
            anchored.append(dict(item))
        else:
            start, end = place
            new = {"start": start, "end": end, "quote": text[start:end]}
            anchored.append({**item, **new})
    return anchored, lost
