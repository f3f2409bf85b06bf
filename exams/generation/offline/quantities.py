"""How many: numbers that a clause gives of its subject, among numbers near by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from exams.content import Body, Kind, Numeric, SingleChoice
from exams.gate.wording import content_words, words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import YEAR, Analysis
from exams.generation.offline.clauses import Clause
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.inversion import inverted
from exams.generation.offline.phrases import Capitals
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.subjects import TIED, is_story
from exams.generation.offline.words import LEAD_ADVERBS

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ABOUT = frozenset({"about", "approximately", "around", "nearly", "roughly", "almost"})
_SHARES = ("0.5", "0.75", "1.25", "1.5", "2", "2.5")
_LEAST, _COUNTED = 2, 12
_MIN_CONTENT, _MAX_WORDS = 2, 24


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` as the lecture writes it, in digits or as a `word`."""

    value: Decimal
    text: str
    stem: str

    @property
    def word(self) -> bool:
        return self.text[0].isalpha()


def quantity_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    clause = analysis.clauses.get(sentence.order)
    found = find_quantity(clause, analysis.capitals) if clause else None
    if found is None:
        return
    bodies: list[Body] = []
    others = _others(found, options - 1, sentence.order)
    if Kind.SINGLE_CHOICE in kinds and len(others) == options - 1:
        listed = choice(found.text, others)
        in_order = sorted(listed.options, key=lambda option: _value(option.text) or 0)
        bodies.append(SingleChoice(tuple(in_order)))
    if Kind.NUMERIC in kinds:
        bodies.append(Numeric(found.value))
    for body in bodies:
        yield draft(
            analysis, sentence, "quantity", found.stem, body, term="", fixed_order=True
        )


def find_quantity(  # noqa: PLR0911 - one refusal a line
    clause: Clause, capitals: Capitals
) -> Quantity | None:
    """The one number of a clause, if it counts what the verb takes."""
    parse, verb = clause.parse, clause.verb
    numbers = [i for i, token in enumerate(parse.tokens) if token.pos == "NUM"]
    if len(numbers) != 1 or is_story(clause) or TIED.search(parse.text):
        return None
    number = numbers[0]
    noun = parse.tokens[number].head
    value = _value(parse.tokens[number].text)
    taken = noun in parse.children(verb, "dobj", "attr")
    spoken = {token.text.casefold() for token in parse.tokens} & LEAD_ADVERBS
    if spoken or (clause.copular and clause.determiner not in {"a", "an"}):
        return None  # one case worked out, and not how things are
    if (
        not taken
        or value is None
        or value < _LEAST
        or YEAR.fullmatch(parse.tokens[number].text)
    ):
        return None
    if parse.tokens[number].dep != "nummod" or parse.children(noun, "appos", "conj"):
        return None
    first, last = parse.reach(noun)
    counted = parse.words(number + 1, last)
    if re.search(r"[:;,(–—]", counted) or parse.tokens[noun].tag not in {"NNS", "NN"}:
        return None
    turned = inverted(clause, capitals, range(first, last + 1))
    if turned and parse.tokens[number].text in re.findall(r"\d+", turned):
        return None  # "SHA-256 produces 256 bits" says it in the name.
    if (
        turned is None
        or len(content_words(turned)) + len(words(counted)) < _MIN_CONTENT
    ):
        return None
    near = {token.text.casefold() for token in parse.tokens[first:number]} & _ABOUT
    ask = "Approximately how many" if near else "How many"
    if re.match(r"(?:percent|per cent|%)", counted):
        ask, counted = (
            "What percentage",
            re.sub(r"^(?:percent|per cent|%) ?", "", counted),
        )
    stem = f"{ask} {counted} {turned}?"
    if clause.lead:
        stem = f"{clause.lead}, {stem[0].lower()}{stem[1:]}"
    return (
        Quantity(value, parse.tokens[number].text, re.sub(r"\s+", " ", stem))
        if len(stem.split()) <= _MAX_WORDS
        else None
    )


def _value(text: str) -> Decimal | None:
    if text.casefold() in _WORDS:
        return Decimal(_WORDS.index(text.casefold()))
    plain = text.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _others(found: Quantity, wanted: int, place: int) -> list[str]:
    """Numbers near the right one, which is not always the smallest or the middle."""
    whole = found.value == found.value.to_integral_value()
    if whole and found.value <= _COUNTED:
        # "How many kinds" has more than one for an answer.
        low = max(2, int(found.value) - place % (wanted + 1))
        near = [n for n in range(low, low + wanted + 1) if n != found.value][:wanted]
        return [_WORDS[n] if found.word else str(n) for n in near]
    if found.word:
        return []
    start = place % len(_SHARES)
    chosen: list[str] = []
    for share in (*_SHARES[start:], *_SHARES[:start]):
        text = _written(found, Decimal(share))
        if text and text not in chosen and len(chosen) < wanted:
            chosen.append(text)
    return chosen


def _written(found: Quantity, share: Decimal) -> str:
    """Another number in the way the lecture writes this one, or "" if it looks odd."""
    digits = len(found.text.partition(".")[2])
    value = round(found.value * share, digits)
    zeros = len(found.text) - len(found.text.rstrip("0,"))
    if not digits and zeros > 1:
        unit = Decimal(10) ** (zeros - found.text[-zeros:].count(",") - 1)
        value = (value / unit).to_integral_value() * unit
    text = f"{value:,}" if "," in found.text else f"{value}"
    return "" if value in {found.value, Decimal(0)} else text
