"""An exam as plain text, for reading on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from exams import content


def to_bytes(exam: content.Exam) -> bytes:
    """Return title, questions with their key, and the sentence that proves each."""
    return "\n".join(_lines(exam)).encode()


def _lines(exam: content.Exam) -> Iterator[str]:
    yield exam.title
    for number, question in enumerate(exam.questions, start=1):
        yield ""
        yield f"{number}. {question.stem}"
        for line in _body(question.body):
            yield f"   {line}"
        for evidence in question.evidence:
            yield f"   Page {evidence.page}: {evidence.quote}"
    yield ""


def _body(body: content.Body) -> Iterator[str]:  # noqa: C901 - one case a kind
    match body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            for letter, option in zip(ascii_uppercase, options, strict=False):
                yield f"{'*' if option.correct else ' '} {letter}. {option.text}"
        case content.TrueFalse(correct):
            yield "* True" if correct else "* False"
        case content.ShortAnswer(accepted):
            yield f"* {' | '.join(accepted)}"
        case content.Numeric(value, tolerance, unit):
            yield f"* {value} ± {tolerance} {unit}".rstrip()
        case content.Matching(pairs):
            for left, right in pairs:
                yield f"* {left} = {right}"
        case content.Ordering(items):
            for place, item in enumerate(items, start=1):
                yield f"* {place}. {item}"
        case content.Essay(rubric):
            yield f"* {rubric}"
