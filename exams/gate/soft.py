"""Soft rules: what a careful colleague would mention. The teacher decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from exams.content import Finding, Question, ShortAnswer, SingleChoice, TrueFalse
from exams.gate.hard import options_of, shown_texts
from exams.gate.wording import content_words, fold, singular, squash, words

LONG_STEM_WORDS = 35
KEY_LENGTH_RATIO = 1.4
_LONG_OPTION = 25
_SHORT_ANSWER = 3
_SEVERAL = 3  # of two options one always differs from the other

_DANGLING = re.compile(
    r"^(?:it|they|he|she|this|these|those|such|there)\b"
    r"|\b(?:these|those|such (?!as\b)|the (?:former|latter|same|other))\b(?! that\b)",
    re.IGNORECASE,
)
_POINTED = re.compile(r"\bwhich of (?:these|the following|those)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:not|never|except|incorrect|false|least)\b", re.IGNORECASE)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|all|none|every|only|must|entirely|completely)\b", re.IGNORECASE
)
_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|prompts?|rules)\b"
    r"|\b(?:system prompt|language model|as an ai)\b"
    r"|\byou (?:are|must act as) (?:an? )?(?:assistant|chatbot|ai)\b",
    re.IGNORECASE,
)


def options_are_not_in_the_evidence(question: Question) -> Iterator[Finding]:
    """A distractor that stands in the cited sentence may be right as well."""
    if not isinstance(question.body, SingleChoice):
        return
    quote = f" {fold(' '.join(e.quote for e in question.evidence))} "
    for option in question.body.distractors:
        folded = fold(option.text)
        if folded and f" {folded} " in quote:
            yield Finding("ambiguous_option", {"text": option.text})


def stem_stands_alone(question: Question) -> Iterator[Finding]:
    stem = _POINTED.sub("", question.stem)
    if found := _DANGLING.search(stem):
        yield Finding("context_dependent", {"text": squash(found.group())})


def answer_is_not_trivial(question: Question) -> Iterator[Finding]:
    match question.body:
        case SingleChoice(options):
            answers = [option.text for option in options if option.correct]
        case ShortAnswer(accepted):
            answers = list(accepted[:1])
        case _:
            return
    for answer in answers:
        plain = answer.strip()
        if not content_words(plain) or (
            len(plain) < _SHORT_ANSWER and not plain.isupper() and not plain.isdigit()
        ):
            yield Finding("trivial_answer", {"text": answer})


def stem_is_not_negative(question: Question) -> Iterator[Finding]:
    if isinstance(question.body, TrueFalse):
        return
    if found := _NEGATIVE.search(question.stem):
        yield Finding("negative_stem", {"text": found.group()})


def wording_is_not_absolute(question: Question) -> Iterator[Finding]:
    """Absolute words mark false statements; in one option alone they give it away."""
    if isinstance(question.body, TrueFalse):
        if found := _ABSOLUTE.search(question.stem):
            yield Finding("absolute_word", {"text": found.group()})
        return
    with_one = [o for o in options_of(question) if _ABSOLUTE.search(o.text)]
    if len(with_one) == 1:
        yield Finding("absolute_word", {"text": with_one[0].text})


def key_is_not_the_longest(question: Question) -> Iterator[Finding]:
    if not isinstance(question.body, SingleChoice):
        return
    keys = [len(o.text) for o in question.body.options if o.correct]
    others = [len(option.text) for option in question.body.distractors]
    if len(keys) != 1 or not others or keys[0] < _LONG_OPTION:
        return
    if keys[0] > KEY_LENGTH_RATIO * max(others):
        yield Finding("key_longest")


def key_number_does_not_stand_out(question: Question) -> Iterator[Finding]:
    """Of several options, a key that alone is plural, or alone is not, is told by it."""
    if not isinstance(question.body, SingleChoice):
        return
    plural = {option.correct: set[bool]() for option in question.body.options}
    for option in question.body.options:
        plural[option.correct].add(_is_plural(option.text))
    keys, others = plural.get(True, set()), plural.get(False, set())
    if (
        len(question.body.options) >= _SEVERAL
        and len(keys) == len(others) == 1
        and keys != others
    ):
        yield Finding("number_stands_out", {"text": question.body.key.text})


def _is_plural(text: str) -> bool:
    """By the ending of its last word: rough, as it is only a hint to look again."""
    said = words(text)
    return bool(said) and singular(said[-1]) != said[-1]


def stem_is_brief(question: Question) -> Iterator[Finding]:
    count = len(squash(question.stem).split())
    if count > LONG_STEM_WORDS:
        yield Finding("stem_long", {"words": count})


def speaks_to_students(question: Question) -> Iterator[Finding]:
    """A lecture may try to instruct a model; whoever reviews should notice."""
    for text in (*shown_texts(question), question.explanation):
        if found := _TO_A_MODEL.search(text):
            yield Finding("addresses_model", {"text": found.group()})
            return


SoftRule = Callable[[Question], Iterator[Finding]]

SOFT_RULES: tuple[SoftRule, ...] = (
    options_are_not_in_the_evidence,
    stem_stands_alone,
    answer_is_not_trivial,
    stem_is_not_negative,
    wording_is_not_absolute,
    key_is_not_the_longest,
    key_number_does_not_stand_out,
    stem_is_brief,
    speaks_to_students,
)
