"""Years: the one kind of fact that can be asked without knowing the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from exams.content import Body, Kind, Numeric, ShortAnswer, SingleChoice
from exams.gate.wording import words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import YEAR, Analysis
from exams.generation.offline.clauses import Clause
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.inversion import inverted
from exams.generation.offline.phrases import Capitals
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.words import PAST_TO_BASE

_PASSIVE = re.compile(
    r"^(?P<subject>[A-Z][^,;:]{2,70}?) (?P<verb>was|were) (?P<rest>(?:\w+ly |first )?"
    r"\w+(?:ed|[^e]n|t|de|ld)\b[^,;:]*?) in (?P<year>\d{4})(?P<tail>\b[^,;:]{0,60})?\.$"
)
_IN_YEAR = re.compile(
    r"^In (?P<year>\d{4}),? (?P<subject>[A-Z][^,;:]{2,50}?|the [^,;:]{2,50}?) "
    r"(?P<verb>[a-z]+) (?P<rest>[^;:]{8,140})\.$"
)
_AT_END = re.compile(
    r"^(?P<subject>[A-Z][^,;:]{2,50}?) (?P<verb>[a-z]+) (?P<rest>[^;:]{5,120}?) in "
    r"(?P<year>\d{4})\.$"
)
_STEPS = (3, -4, 8, -7, 12, -11, 17, -15, 22)
_NOW = 2100


def year_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    """Ask "In which year ...?" as choice, as number or as short answer."""
    years = YEAR.findall(sentence.text)
    if len(years) != 1 or not analysis.stands_alone(sentence):
        return
    clause = analysis.clauses.get(sentence.order)
    stem = (
        _parsed_stem(clause, years[0], analysis.capitals)
        if analysis.parsed
        else year_stem(sentence.text)
    )
    if stem is None:
        return
    year = int(years[0])
    bodies: list[tuple[Body, bool]] = []
    if Kind.SINGLE_CHOICE in kinds:
        others = _other_years(analysis, sentence, year, options - 1)
        listed = choice(str(year), [str(other) for other in others])
        in_order = tuple(sorted(listed.options, key=lambda option: int(option.text)))
        bodies.append((SingleChoice(in_order), True))
    if Kind.NUMERIC in kinds:
        bodies.append((Numeric(Decimal(year)), False))
    if Kind.SHORT_ANSWER in kinds:
        bodies.append((ShortAnswer((str(year),)), False))
    for body, fixed in bodies:
        yield draft(analysis, sentence, "year", stem, body, term="", fixed_order=fixed)


def _is_date(phrase: str, year: str) -> bool:
    """Whether a phrase is that year alone, or a day or month of it."""
    month = r"(?:Jan|Febr|Mar|Apr|May|June?|July?|Aug|Sept|Octo|Novem|Decem)[a-z]*"
    date = rf"(?:in|on) (?:\d{{1,2}} )?(?:{month} )?(?:\d{{1,2}}, )?{year}"
    return re.fullmatch(date, phrase, re.IGNORECASE) is not None


def _parsed_stem(clause: Clause | None, year: str, capitals: Capitals) -> str | None:
    """The same by grammar: the phrase with the year goes, the verb is turned."""
    if clause is None:
        return None
    parse = clause.parse
    if parse.tokens[clause.verb].tag in {"VBZ", "VBP"}:
        return None
    if clause.lead:
        if not _is_date(clause.lead, year):
            return None
        turned = inverted(clause, capitals)
        return f"In which year {turned}?" if turned else None
    for at in parse.children(clause.verb, "prep"):
        first, last = parse.reach(at)
        if at > clause.verb and _is_date(parse.words(first, last), year):
            turned = inverted(clause, capitals, range(first, last + 1))
            return f"In which year {turned}?" if turned else None
    return None


def year_stem(text: str) -> str | None:
    """The sentence as a question, where its verb can be turned with certainty."""
    if found := _PASSIVE.match(text):
        subject = _inside(found["subject"])
        tail = (found["tail"] or "").rstrip()
        return (
            f"In which year {found['verb']} {subject} {found['rest']}{tail}?"
            if not YEAR.search(tail)
            else None
        )
    for pattern in (_IN_YEAR, _AT_END):
        found = pattern.match(text)
        if found is None:
            continue
        base = PAST_TO_BASE.get(found["verb"])
        # "... discovered that", "... found": a bare past between a subject and its
        # object; a participle after a comma never gets here.
        if base and not _has_verb(found["subject"]):
            subject = _inside(found["subject"])
            return f"In which year did {subject} {base} {found['rest']}?"
    return None


def _inside(subject: str) -> str:
    """Turn "The cell" into "the cell"; names keep their capital."""
    first, space, rest = subject.partition(" ")
    lowered = {"The", "A", "An"}
    return (first.lower() if first in lowered else first) + space + rest


def _has_verb(subject: str) -> bool:
    said = words(subject)
    return any(
        word in PAST_TO_BASE or word in {"who", "which", "that"} for word in said
    )


def _other_years(
    analysis: Analysis, sentence: Sentence, year: int, wanted: int
) -> list[int]:
    """Years of the lecture near this one, then steps away from it."""
    near = 60
    told = [other for other in analysis.years if 0 < abs(other - year) <= near]
    chosen = sorted(told, key=lambda other: (abs(other - year), other))[: wanted - 1]
    # The position of the right year among the sorted ones should not be always the
    # same; the place of the sentence decides from which step to begin.
    start = sentence.order % len(_STEPS)
    for step in (*_STEPS[start:], *_STEPS[:start]):
        if len(chosen) >= wanted:
            break
        other = year + step
        if other not in chosen and other < _NOW:
            chosen.append(other)
    return chosen
