"""Who did it: names that do what only people do, in sentences that say it plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from exams.content import Body, Kind, ShortAnswer
from exams.gate.wording import content_words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.clauses import Clause
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.labels import full_persons
from exams.generation.offline.persons import DEEDS, PERSON
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.trimming import trim

_SUBJECT = re.compile(
    rf"^(?:In \d{{4}},? )?(?P<person>{PERSON}) (?P<rest>(?:first )?(?:{DEEDS})\b .+)\.$"
)
_PASSIVE = re.compile(
    rf"^(?P<thing>(?:The|A|An)? ?[^,;:]{{3,60}}?) (?P<was>was|were) (?P<first>first )?"
    rf"(?P<deed>{DEEDS}|written) by (?P<person>{PERSON})(?P<tail>(?: in \d{{4}})?)\.$"
)
_MIN_WORDS, _MAX_WORDS = 5, 28
_MIN_CONTENT = 3


def person_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    if not analysis.stands_alone(sentence):
        return
    clause = analysis.clauses.get(sentence.order)
    asked = person_stem(sentence.text) or (_parsed_stem(clause) if clause else None)
    if asked is None:
        return
    stem, person = asked
    bodies: list[Body] = []
    others = _others(analysis, sentence, person, options - 1)
    if Kind.SINGLE_CHOICE in kinds and len(others) == options - 1:
        bodies.append(choice(person, others))
    if Kind.SHORT_ANSWER in kinds:
        bodies.append(ShortAnswer(tuple(_names(person))))
    for body in bodies:
        yield draft(analysis, sentence, "person", stem, body, term=person)


def _names(person: str) -> Iterator[str]:
    """The whole name and the last one, unless that is a number: "Louis XVI"."""
    last = person.rsplit(" ", 1)[-1]
    yield person
    if not re.fullmatch(r"[IVX]+", last):
        yield last


def _parsed_stem(clause: Clause) -> tuple[str, str] | None:
    """The same by grammar, for any deed: "Tailor Uriah Stephens grew the Knights ..."."""
    parse = clause.parse
    person = next(
        (
            name
            for name in full_persons(parse)
            if name.first <= clause.head <= name.last
        ),
        None,
    )
    said = trim(clause.predicate)
    fits = _MIN_WORDS <= len(said.split()) <= _MAX_WORDS and not clause.copular
    if person is None or not fits or parse.tokens[clause.verb].tag != "VBD":
        return None
    if len(content_words(said)) < _MIN_CONTENT or clause.last != clause.head:
        return None
    lead = f"{clause.lead}, who" if clause.lead else "Who"
    return f"{lead} {said}?", person.text


def person_stem(text: str) -> tuple[str, str] | None:
    if found := _PASSIVE.match(text):
        thing = found["thing"].strip()
        thing = re.sub(r"^(?:The|An?)\b", lambda m: m.group().lower(), thing)
        stem = (
            f"By whom {found['was']} {thing} {found['first'] or ''}{found['deed']}"
            f"{found['tail']}?"
        )
        return stem, found["person"]
    if (found := _SUBJECT.match(text)) and len(found["rest"].split()) >= _MIN_WORDS:
        year = re.match(r"In \d{4}", text)
        when = f" {year.group()[0].lower()}{year.group()[1:]}" if year else ""
        rest = found["rest"]
        if year and re.search(r"[,;]", rest):
            return None
        return f"Who {rest}{when}?", found["person"]
    return None


def _others(
    analysis: Analysis, sentence: Sentence, person: str, wanted: int
) -> list[str]:
    surname = person.rsplit(" ", 1)[-1]
    fitting = (
        other
        for other in analysis.names.people
        if other.rsplit(" ", 1)[-1] not in sentence.text and surname not in other
    )
    return list(islice(fitting, wanted))
