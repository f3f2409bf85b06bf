"""Answers in the student's own words: the term, a gap, an explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.content import Bloom, Difficulty, Essay, ShortAnswer
from exams.gate.wording import FUNCTION_WORDS, shared, singular, words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.definitions import Definition
from exams.generation.offline.drafting import draft
from exams.generation.offline.phrases import is_code
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.terms import Term
from exams.generation.offline.words import (
    IRREGULAR_PLURALS,
    VERBS_PLURAL,
    VERBS_SINGULAR,
)

_MIN_WORDS, _MAX_WORDS = 9, 26
_MIN_RANK = 0.55
BLANK = "_____"
_AFTER_NOUN = (
    (FUNCTION_WORDS - {"and", "or", "type", "kind"}) | VERBS_SINGULAR | VERBS_PLURAL
)


def accepted_forms(
    term: str, others: tuple[str, ...] = (), *, counted: bool = True
) -> tuple[str, ...]:
    """The term first, then what a fair grader would take as well.

    Only what is `counted` has a plural: nobody writes "amnesias".
    """
    forms = [term, *others]
    *before, last = term.split(" ")
    if not is_code(term) and not last[:1].isupper():
        forms.append(" ".join([*before, singular(last)]))
        if (
            counted
            and not last.endswith(_UNCOUNTED)
            and last.casefold() not in IRREGULAR_PLURALS
        ):
            forms.append(" ".join([*before, _plural(last)]))
        if "-" in term:
            forms.append(term.replace("-", " "))
    return tuple(dict.fromkeys(form for form in forms if form.strip()))


_UNCOUNTED = (
    "s", "i", "ae", "ion", "ity", "ness", "ment", "ism", "ing", "ance", "ence", "ency",
    "phy", "gy", "th", "ence", "ure", "ery", "ship", "hood",
)  # fmt: skip


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word + "s"


def term_questions(analysis: Analysis, definition: Definition) -> Iterator[Draft]:
    """Ask "What is the term for ...?"."""
    # A proper name is no term; an acronym is one.
    named = definition.name and not definition.term.isupper()
    if named or is_code(definition.term) or not definition.nominal:
        return
    english = analysis.language == "en"
    accepted = (
        accepted_forms(
            definition.term,
            definition.synonyms,
            counted=definition.article in {"a", "an"} or not analysis.parsed,
        )
        if english
        else (definition.term,)
    )
    yield draft(
        analysis,
        definition.sentence,
        "term",
        analysis.phrasebook.term_for.format(phrase=definition.phrase),
        ShortAnswer(accepted),
        term=definition.term,
        difficulty=Difficulty.MEDIUM,
        malus=0.06 if definition.pattern == "is" else 0.0,
    )


def cloze_questions(analysis: Analysis, sentence: Sentence) -> Iterator[Draft]:
    """Ask for a key term that the sentence has only once."""
    text = analysis.statement(sentence)
    if not text or not _MIN_WORDS <= len(text.split()) <= _MAX_WORDS:
        return
    if re.search(r"\d", text):
        return  # Figures mark an example or a detail, not what the term means.
    terms = analysis.glossary.in_sentence.get(sentence.order, [])
    worthy = [term for term in terms if _is_worthy(analysis, term)]
    if not worthy:
        return
    term = max(worthy, key=lambda item: (item.score, item.key))
    gapped = _with_gap(text, term)
    if gapped is None or not _is_central(analysis, sentence, gapped[1]):
        return
    shown, answer = gapped
    yield draft(
        analysis,
        sentence,
        "cloze",
        analysis.phrasebook.complete.format(sentence=shown),
        ShortAnswer(accepted_forms(answer, analysis.names.besides(answer))),
        term=term.text,
        difficulty=Difficulty.MEDIUM,
    )


_WEAK = frozenset({"can", "may", "might", "could", "should", "would"})
_COUNTING = frozenset({"most", "many", "some", "few", "several", "no"})


def _is_central(analysis: Analysis, sentence: Sentence, answer: str) -> bool:
    """Whether the gap is what the clause turns on, and not some noun inside a phrase.

    What is left must speak of another key term, or nobody could tell what is missing.
    """
    if not analysis.parsed:
        return True
    clause = analysis.clauses.get(sentence.order)
    if clause is None or clause.lead.casefold().find(answer.casefold()) >= 0:
        return False
    parse, verb = clause.parse, clause.verb
    helpers = {parse.tokens[at].lemma for at in parse.children(verb, "aux")}
    if parse.children(verb, "neg") or helpers & _WEAK:
        return False
    first = parse.tokens[clause.first].text.casefold()
    if first in _COUNTING and answer in clause.subject:
        return False
    places = {clause.head, *parse.children(verb, "dobj", "attr", "agent")}
    for link in parse.children(verb, "prep", "agent"):
        places.update(parse.children(link, "pobj"))
    for noun in parse.children(verb, "attr", "dobj"):
        for link in parse.children(noun, "prep"):
            places.update(parse.children(link, "pobj"))
    last = answer.rsplit(maxsplit=1)[-1]
    if not any(parse.tokens[at].text == last for at in places):
        return False
    others = [
        term
        for term in analysis.glossary.in_sentence.get(sentence.order, [])
        if analysis.is_key(term) and not shared(term.text, answer)
    ]
    return bool(others)


def _is_worthy(analysis: Analysis, term: Term) -> bool:
    # A heading names what is spoken of, and not what one should be able to name.
    marked = term.definition is not None or (
        term.bold if analysis.parsed else term.marked
    )
    if term.text.casefold() in analysis.document.title.casefold():
        return False  # Every other sentence is about the subject of the whole lecture.
    return marked and analysis.rank(term.text) >= _MIN_RANK


def _with_gap(text: str, term: Term) -> tuple[str, str] | None:
    pattern = r"[\s-]+".join(rf"{re.escape(word)}\w{{0,3}}" for word in term.key)
    found = list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.IGNORECASE))
    if len(found) != 1:
        return None
    gap = found[0]
    if not _stands_free(text[: gap.start()], text[gap.end() :]):
        return None
    before = re.sub(r"\b(a)n?\s$", r"\1(n) ", text[: gap.start()], flags=re.IGNORECASE)
    return f"{before}{BLANK}{text[gap.end() :]}", gap.group()


def _stands_free(before: str, after: str) -> bool:
    """Whether the gap is a whole noun phrase and not half of a compound."""
    said_before, said_after = words(before), words(after)
    follows = after.lstrip()[:1]
    ends = not follows or not follows.isalnum() or said_after[0] in _AFTER_NOUN
    begins = not said_before or said_before[-1] in FUNCTION_WORDS
    return ends and begins and not before.endswith(("-", "/")) and follows != "-"


def essay_questions(analysis: Analysis, definition: Definition) -> Iterator[Draft]:
    """An open question whose rubric is the lecture's own definition."""
    yield draft(
        analysis,
        definition.sentence,
        "essay",
        analysis.phrasebook.essay.format(term=definition.term),
        Essay(rubric=definition.sentence.text),
        term=definition.term,
        bloom=Bloom.UNDERSTAND,
        difficulty=Difficulty.HARD,
    )
