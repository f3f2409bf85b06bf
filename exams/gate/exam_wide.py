"""Rules that only a whole exam can break."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exams.content import Finding, Question, ShortAnswer, SingleChoice, TrueFalse
from exams.gate.wording import (
    FUNCTION_WORDS,
    fold,
    resemblance,
    singular,
    word_set,
    words,
)

DUPLICATE_RESEMBLANCE = 0.85
STEM_RESEMBLANCE = 0.75
ANSWERING_RESEMBLANCE = 0.4
TRUE_SHARE = (0.4, 0.6)
_SKEW_FROM = 6
_POSITION_SHARE = 0.5
_LONGEST_SHARE = 0.6

# Words every stem of ours has; they say nothing about what is asked.
_FRAME = word_set(
    """best complete define defined definition describe describes fill following
    match phrase refer refers right sentence statement term terms true false word
    year correct"""
)


@dataclass(frozen=True, slots=True)
class ExamReport:
    """Findings by question id, and those that belong to the exam as a whole."""

    questions: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    whole: tuple[Finding, ...] = ()


def check_exam(questions: Sequence[Question]) -> ExamReport:
    found: dict[str, list[Finding]] = defaultdict(list)
    for question_id, finding in _pair_findings(questions):
        found[question_id].append(finding)
    return ExamReport(
        questions={key: tuple(findings) for key, findings in found.items()},
        whole=check_whole(questions),
    )


def check_whole(questions: Sequence[Question]) -> tuple[Finding, ...]:
    """What only the exam as a whole shows."""
    return (
        *key_positions(questions),
        *true_false_balance(questions),
        *longest_keys(questions),
    )


def _pair_findings(questions: Sequence[Question]) -> Iterator[tuple[str, Finding]]:
    for index, question in enumerate(questions):
        for earlier in questions[:index]:
            yield from check_pair(earlier, question)


def check_pair(earlier: Question, later: Question) -> Iterator[tuple[str, Finding]]:
    """What two questions hold against each other, with the id of the one to blame."""
    if near_duplicates(later, earlier):
        yield later.id, Finding("near_duplicate", {"other": earlier.id})
    elif same_sentence(later, earlier):
        yield later.id, Finding("same_sentence", {"other": earlier.id})
    if answers(later, earlier):
        yield later.id, Finding("answers_another", {"other": earlier.id})
    if answers(earlier, later):
        yield earlier.id, Finding("answers_another", {"other": later.id})


def _asked(question: Question) -> str:
    """What a question asks: its stem, and for framed stems its key as well."""
    match question.body:
        case SingleChoice(options):
            keys = " ".join(option.text for option in options if option.correct)
            return f"{question.stem} {keys}"
        case ShortAnswer(accepted):
            return f"{question.stem} {' '.join(accepted[:1])}"
        case TrueFalse():
            return question.stem
        case _:
            # Two matchings share their instruction but not their pairs; those are
            # compared by the sentences they cite.
            quotes = " ".join(evidence.quote for evidence in question.evidence)
            return f"{question.stem} {quotes}"


def _telling_words(text: str) -> set[str]:
    return {
        singular(word)
        for word in words(text)
        if word not in FUNCTION_WORDS and word not in _FRAME
    }


def near_duplicates(one: Question, other: Question) -> bool:
    """Whether two questions ask the same.

    Or one's stem is the other's with another subject: "A levee is a low wall" beside
    "Which term refers to a low wall?".
    """
    asked = _overlap(_asked(one), _asked(other)) > DUPLICATE_RESEMBLANCE
    return asked or _overlap(one.stem, other.stem) > STEM_RESEMBLANCE


def _overlap(one: str, other: str) -> float:
    first, second = _telling_words(one), _telling_words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def same_sentence(one: Question, other: Question) -> bool:
    """Any sentence in common, however the offsets were cut."""
    return any(
        a.page == b.page and a.start < b.end and b.start < a.end
        for a in one.evidence
        for b in other.evidence
    )


def answers(one: Question, other: Question) -> bool:
    """Whether reading `one` tells the answer of `other`."""
    match other.body:
        case SingleChoice(options):
            keys = [option.text for option in options if option.correct]
        case ShortAnswer(accepted):
            keys = list(accepted)
        case _:
            return False
    stem = f" {fold(one.stem)} "
    told = any(fold(key) and f" {fold(key)} " in stem for key in keys)
    return told and resemblance(one.stem, other.stem) >= ANSWERING_RESEMBLANCE


def key_positions(questions: Sequence[Question]) -> Iterator[Finding]:
    positions = Counter(
        next(i for i, option in enumerate(q.body.options, 1) if option.correct)
        for q in questions
        if isinstance(q.body, SingleChoice)
        and any(option.correct for option in q.body.options)
    )
    total = positions.total()
    if total < _SKEW_FROM:
        return
    position, count = max(positions.items(), key=lambda item: (item[1], -item[0]))
    if count > _POSITION_SHARE * total:
        yield Finding(
            "key_position_skew", {"position": position, "count": count, "total": total}
        )


def true_false_balance(questions: Sequence[Question]) -> Iterator[Finding]:
    judged = [q.body.correct for q in questions if isinstance(q.body, TrueFalse)]
    if not balanced(true=sum(judged), total=len(judged)):
        yield Finding("true_false_skew", {"true": sum(judged), "total": len(judged)})


def balanced(*, true: int, total: int) -> bool:
    """40 to 60 % true; with few items the nearest that whole numbers allow."""
    if abs(2 * true - total) <= 1:
        return True
    low, high = TRUE_SHARE
    return low * total <= true <= high * total


def longest_keys(questions: Sequence[Question]) -> Iterator[Finding]:
    choices = [q.body for q in questions if isinstance(q.body, SingleChoice)]
    count = sum(
        len(body.key.text) > max(len(option.text) for option in body.distractors)
        for body in choices
        if body.distractors and any(option.correct for option in body.options)
    )
    if len(choices) >= _SKEW_FROM and count > _LONGEST_SHARE * len(choices):
        yield Finding("key_often_longest", {"count": count, "total": len(choices)})
