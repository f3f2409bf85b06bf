"""Hard rules about evidence: the lecture's own words, where they stand, unaltered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exams.content import (
    Evidence,
    Finding,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from exams.gate.orders import order_in
from exams.gate.wording import fold, squash, support
from exams.reading.document import Document, Page, Role

NOT_EVIDENCE = frozenset({Role.HIDDEN, Role.FURNITURE, Role.REFERENCE})

# An answer is supported when at least half of its content words stand in the quote.
# Model-written distractors and false statements need no support, only keys do.
MIN_SUPPORT = 0.5


def _page(document: Document, number: int) -> Page | None:
    if 0 < number <= len(document.pages) and (
        document.pages[number - 1].number == number
    ):
        return document.pages[number - 1]
    return next((page for page in document.pages if page.number == number), None)


def evidence_is_there(question: Question, _document: Document) -> Iterator[Finding]:
    if not question.evidence:
        yield Finding("no_evidence")


def evidence_is_verbatim(question: Question, document: Document) -> Iterator[Finding]:
    for evidence in question.evidence:
        page = _page(document, evidence.page)
        if page is None:
            yield Finding("evidence_page_missing", {"page": evidence.page})
        elif page.scan:
            yield Finding("evidence_page_unreadable", {"page": evidence.page})
        elif not _is_verbatim(evidence, page):
            yield Finding("evidence_not_verbatim", {"page": evidence.page})


def _is_verbatim(evidence: Evidence, page: Page) -> bool:
    # Negative offsets would count from the end of the page and could match by luck.
    if not 0 <= evidence.start < evidence.end <= len(page.text):
        return False
    found = page.text[evidence.start : evidence.end]
    return found == evidence.quote and bool(found.strip())


def evidence_is_lecture_text(
    question: Question, document: Document
) -> Iterator[Finding]:
    for evidence in question.evidence:
        page = _page(document, evidence.page)
        if page is None or not _is_verbatim(evidence, page):
            continue
        touched = [
            block
            for block in page.blocks
            if block.start < evidence.end and block.end > evidence.start
        ]
        if not touched:
            yield Finding("evidence_outside_text", {"page": evidence.page})
        for block in touched:
            if block.role in NOT_EVIDENCE:
                yield Finding(
                    "evidence_wrong_role",
                    {"page": evidence.page, "role": block.role.value},
                )


def evidence_gives_no_orders(
    question: Question, _document: Document
) -> Iterator[Finding]:
    """What a lecture says to a machine is nothing to ask students about."""
    for evidence in question.evidence:
        if order := order_in(squash(evidence.quote)):
            yield Finding("evidence_gives_orders", {"text": order})


def answer_is_supported(question: Question, _document: Document) -> Iterator[Finding]:
    source = squash(" ".join(evidence.quote for evidence in question.evidence))
    if not source:
        return
    for claim in _claims(question):
        if not _supports(claim, source):
            yield Finding("answer_unsupported", {"text": claim})


def _claims(question: Question) -> Iterator[str]:
    match question.body:
        case SingleChoice(options) | MultipleChoice(options):
            # A choice is as good as stem and key together: "Which of these is a
            # unit of life?" with the key "cell" needs the quote to hold both.
            yield from (option.text for option in options if option.correct)
        case TrueFalse(correct):
            if correct:
                yield question.stem
        case ShortAnswer(accepted):
            # One accepted form in the quote is enough; the others are variants.
            source = " ".join(evidence.quote for evidence in question.evidence)
            if not any(_supports(answer, source) for answer in accepted):
                yield accepted[0] if accepted else ""
        case Numeric(value):
            yield f"{value:f}"
        case Matching(pairs):
            for left, right in pairs:
                yield left
                yield right
        case Ordering(items):
            yield from items
        case _:
            pass


def _supports(claim: str, source: str) -> bool:
    folded = fold(claim)
    if not folded:
        # Nothing but signs, as "+" or "==": then the signs themselves must be there.
        return claim.strip() in source
    return f" {folded} " in f" {fold(source)} " or support(claim, source) >= MIN_SUPPORT


EvidenceRule = Callable[[Question, Document], Iterator[Finding]]

EVIDENCE_RULES: tuple[EvidenceRule, ...] = (
    evidence_is_there,
    evidence_is_verbatim,
    evidence_is_lecture_text,
    evidence_gives_no_orders,
    answer_is_supported,
)
