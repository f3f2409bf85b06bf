"""Hard rules that need the question alone. What breaks one never enters an exam."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from exams.content import (
    Finding,
    Matching,
    MultipleChoice,
    Option,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
    body_problems,
)
from exams.gate.wording import alike, content_words, fold, squash, words

MAX_OPTIONS = 10
MAX_STEM_WORDS = 60
MAX_LENGTH_RATIO = 2.5

# Short terms differ in length by nature ("ATP", "cell membrane") and give nothing
# away; below this many characters a length counts as this one.
LENGTH_FLOOR = 14

_ELSEWHERE = re.compile(
    r"\b(?:figure|fig\.|table|diagram|equation|page|slide|chapter|section|exercise)"
    r"\s+(?:\d|above|below|[ivx]+\b)"
    r"|\b(?:shown|listed|given|described|mentioned|discussed|seen|as)"
    r"\s+(?:above|below|earlier)\b"
    r"|\bthis\s+(?:text|passage|lecture|chapter|section|slide|page|figure|table|diagram"
    r"|paragraph|excerpt|document|author|module|book)\b"
    r"|\bthe\s+(?:text|passage|lecture|slides?|excerpt|textbook)\b"
    r"|\bthe\s+(?:figure|table|diagram|picture|page)\s+(?:above|below|shows?|shown)\b"
    r"|\baccording to the (?:text|passage|lecture|slides?)\b"
    r"|\b(?:above|below|see|following) (?:figure|table|diagram|equation)\b"
    r"|\b(?:figure|table)\b(?=\s*(?:,|\.|shows|illustrates|contains|$))",
    re.IGNORECASE,
)

_MARKUP = re.compile(
    r"https?://|www\.\w|\[[^\]\n]{1,80}\]\([^)\n]{1,200}\)|\b[\w.+-]+@[\w-]+\.\w{2,}"
    r"|</?(?:a|b|i|u|p|br|hr|em|strong|div|span|img|script|style|iframe|svg|table|tr"
    r"|td|ul|ol|li|h[1-6]|input|form|link|meta|object|embed|video|audio)\b[^<>]*>",
    re.IGNORECASE,
)

# U+FFFC to U+FFFF are no text; the rest are controls a page must never carry.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufffc-\uffff]"
)

_CATCH_ALL = re.compile(
    r"^\W*(?:(?:all|none|any|both|neither|either)\s+(?:of\s+)?(?:the\s+|these\b|them\b)"
    r"(?:above|below|options?|answers?|others?)?"
    r"|both\s+[a-f]\s+and\s+[a-f]|ninguna de las anteriores|todas las anteriores"
    r"|aucune de ces réponses|toutes ces réponses|keine der (?:genannten|antworten)"
    r"|alle (?:genannten|antworten)|nenhuma das anteriores|todas as anteriores)\W*$",
    re.IGNORECASE,
)

_CODE = re.compile(r"\w[\[($]\S|\w\(\)|[=<>{}\[\]]")
_ACRONYM = 3
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_BLANK_ARTICLE = re.compile(r"\b(a|an)\s+_{2,}", re.IGNORECASE)
# In lower case: a stem may end in a letter's name, "the first element of A?".
_LEAD_ARTICLE = re.compile(r"\b(?:a|an)\s*[:?]?\s*$")


def options_of(question: Question) -> tuple[Option, ...]:
    match question.body:
        case SingleChoice(options) | MultipleChoice(options):
            return options
    return ()


def shown_texts(question: Question) -> Iterator[str]:
    """Everything a student reads before answering."""
    yield question.stem
    match question.body:
        case SingleChoice(options) | MultipleChoice(options):
            yield from (option.text for option in options)
        case Matching(pairs):
            for pair in pairs:
                yield from pair
        case Ordering(items):
            yield from items


def body_is_possible(question: Question) -> Iterator[Finding]:
    yield from body_problems(question.body)


def options_are_few_enough(question: Question) -> Iterator[Finding]:
    count = len(options_of(question))
    if count > MAX_OPTIONS:
        yield Finding("too_many_options", {"count": count, "at_most": MAX_OPTIONS})


def options_are_distinct(question: Question) -> Iterator[Finding]:
    """Two options that differ by case, article or plural only are one option."""
    seen: dict[str, str] = {}
    for option in options_of(question):
        # In code a sign makes a difference: A[2] is not A[-2].
        code = _CODE.search(option.text)
        folded = "" if code else fold(option.text)
        folded = folded or option.text.strip()
        # Equal texts are already reported by the shape of the body.
        if folded in seen and seen[folded] != option.text:
            yield Finding("options_not_distinct", {"text": option.text})
        seen.setdefault(folded, option.text)


def stem_has_words(question: Question) -> Iterator[Finding]:
    if not words(question.stem):
        yield Finding("stem_empty")


def stem_is_short_enough(question: Question) -> Iterator[Finding]:
    count = len(squash(question.stem).split())
    if count > MAX_STEM_WORDS:
        yield Finding("stem_too_long", {"words": count, "at_most": MAX_STEM_WORDS})


def refers_to_nothing_elsewhere(question: Question) -> Iterator[Finding]:
    for text in shown_texts(question):
        if found := _ELSEWHERE.search(squash(text)):
            yield Finding("refers_to_elsewhere", {"text": found.group()})
            return


def carries_no_markup(question: Question) -> Iterator[Finding]:
    for text in shown_texts(question):
        if found := _MARKUP.search(text):
            yield Finding("markup", {"text": found.group()})
            return


def carries_no_control_characters(question: Question) -> Iterator[Finding]:
    if any(_CONTROL.search(text) for text in shown_texts(question)):
        yield Finding("control_characters")


def brackets_balance(question: Question) -> Iterator[Finding]:
    for text in shown_texts(question):
        if not _balanced(text):
            yield Finding("brackets_unbalanced", {"text": text})
            return


def _balanced(text: str) -> bool:
    expected: list[str] = []
    for sign in text:
        if sign in _PAIRS:
            expected.append(_PAIRS[sign])
        elif sign in _CLOSING and (not expected or expected.pop() != sign):
            return False
    return not expected and text.count("“") == text.count("”")


def no_option_catches_all(question: Question) -> Iterator[Finding]:
    for option in options_of(question):
        if _CATCH_ALL.match(option.text):
            yield Finding("catch_all_option", {"text": option.text})
            return


def option_lengths_are_alike(question: Question) -> Iterator[Finding]:
    lengths = [len(squash(option.text)) for option in options_of(question)]
    if not lengths:
        return
    longest, shortest = max(lengths), min(lengths)
    if longest > MAX_LENGTH_RATIO * max(shortest, LENGTH_FLOOR):
        yield Finding(
            "option_lengths_differ", {"longest": longest, "shortest": shortest}
        )


def key_case_does_not_stand_out(question: Question) -> Iterator[Finding]:
    if not isinstance(question.body, SingleChoice):
        return
    capital = {
        option.id: option.text.lstrip("\"'“(")[:1].isupper()
        for option in question.body.options
    }
    keys = [option for option in question.body.options if option.correct]
    others = {capital[o.id] for o in question.body.options if not o.correct}
    minimum = 3  # Of two options one always differs from the other.
    if (
        len(question.body.options) >= minimum
        and len(keys) == 1
        and others == {not capital[keys[0].id]}
    ):
        yield Finding("option_case_leak", {"text": keys[0].text})


def stem_does_not_hold_the_answer(question: Question) -> Iterator[Finding]:
    """No word of the key has a relative in the stem, unless distractors have it too."""
    asked = content_words(question.stem)
    match question.body:
        case SingleChoice(options):
            leaks = _told_by_key(options, asked)
        case ShortAnswer(accepted):
            leaks = {word for text in accepted for word in _relatives(text, asked)}
        case Matching(pairs):
            leaks = {
                word
                for left, right in pairs
                for word in _relatives(left, content_words(right))
            }
        case _:
            return
    if leaks:
        yield Finding("answer_in_stem", {"text": min(leaks)})


def _told_by_key(options: tuple[Option, ...], asked: list[str]) -> set[str]:
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for option in options:
        told[option.correct] |= _relatives(option.text, asked)
    return told[True] - told[False]


def _relatives(text: str, asked: list[str]) -> set[str]:
    """Words of the stem that look like a word of the text."""
    said = content_words(text)
    initials = "".join(word[0] for word in asked)
    if text.isupper() and len(text) >= _ACRONYM and text.casefold() in initials:
        # "Transport Layer Security" spells TLS out.
        return {text}
    return {word for word in asked if any(alike(word, other) for other in said)}


def article_gives_nothing_away(question: Question) -> Iterator[Finding]:
    """Refuse "a ____" and a stem that ends in "an": they tell vowels from consonants."""
    found = _BLANK_ARTICLE.search(question.stem)
    if found is None and isinstance(question.body, SingleChoice):
        found = _LEAD_ARTICLE.search(question.stem)
    if found:
        yield Finding("article_leak", {"text": squash(found.group())})


HardRule = Callable[[Question], Iterator[Finding]]

HARD_RULES: tuple[HardRule, ...] = (
    body_is_possible,
    options_are_few_enough,
    options_are_distinct,
    stem_has_words,
    stem_is_short_enough,
    refers_to_nothing_elsewhere,
    carries_no_markup,
    carries_no_control_characters,
    brackets_balance,
    no_option_catches_all,
    option_lengths_are_alike,
    key_case_does_not_stand_out,
    stem_does_not_hold_the_answer,
    article_gives_nothing_away,
)
