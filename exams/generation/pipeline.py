"""From a document to an exam: propose, check, select, number, report."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil

from exams.content import Exam, Finding, LectureSource, Shortfall
from exams.gate import Report, check, check_exam
from exams.generation.interface import (
    Blueprint,
    Draft,
    Engine,
    Generated,
    Section,
    Studying,
)
from exams.generation.learning import learned
from exams.generation.quotas import quotas
from exams.generation.reasons import REJECTED_PREFIX
from exams.generation.sections import cut_sections
from exams.generation.selection import FLOOR, left_out, place_keys, select
from exams.quality import Tally
from exams.reading.document import Document

Progress = Callable[[str, int, int], None]

# Engines that cost are asked for half as much again as needed: the gate takes some.
_OVER_ASK = 1.5
_PER_SECTION = 6
_CHECK_BATCH = 25


def generate_exam(
    document: Document,
    blueprint: Blueprint,
    engine: Engine,
    *,
    source: LectureSource,
    progress: Progress | None = None,
    verdicts: Mapping[str, Tally] | None = None,
) -> Generated:
    """Make an exam of at most `blueprint.questions` questions, never padded.

    `progress(stage, done, total)` is told of the stages "drafted" (sections, first
    studied and then drafted from) and "checked" (drafts). It may raise to stop the work:
    nothing is held open here. `verdicts` are what educators made of earlier questions,
    by maker: with other verdicts the same seed may give another exam.
    """
    tell = progress or _silence
    sections = _wanted_sections(cut_sections(document), blueprint)
    drafts = list(_propose(document, sections, blueprint, engine, tell))
    drafts = [learned(draft, verdicts or {}) for draft in drafts]
    passed, reports, rejections = _check(drafts, document, tell)

    rng = random.Random(blueprint.seed)  # noqa: S311 - repeatable, not secret
    chosen = select(passed, blueprint, rng)
    placed = [
        replace(question, id=f"q{number}")
        for number, question in enumerate(place_keys(chosen, rng), start=1)
    ]
    whole = check_exam(placed)
    questions = tuple(
        replace(
            question,
            warnings=reports[id(draft.question)].soft
            + whole.questions.get(question.id, ()),
        )
        for question, draft in zip(placed, chosen, strict=True)
    )
    shortfall = Shortfall(blueprint.questions, len(questions))
    if shortfall.missing:
        reasons = _reasons(
            document,
            blueprint,
            engine,
            chosen=chosen,
            passed=passed,
            rejections=rejections,
        )
        shortfall = replace(shortfall, reasons=tuple(reasons))
    exam = Exam(
        title=source.title or document.title,
        language=document.language,
        engine_name=engine.name,
        engine_version=engine.version,
        seed=blueprint.seed,
        lecture=source,
        questions=questions,
        shortfall=shortfall,
    )
    return Generated(
        exam=exam,
        drafts=len(drafts),
        rejections=dict(sorted(rejections.items())),
        reports={
            question.id: reports[id(draft.question)]
            for question, draft in zip(questions, chosen, strict=True)
        },
        makers={
            question.id: draft.maker
            for question, draft in zip(questions, chosen, strict=True)
        },
        findings=whole.whole,
    )


def _silence(_stage: str, _done: int, _total: int) -> None:
    """Nobody is watching."""


def _wanted_sections(
    sections: Sequence[Section], blueprint: Blueprint
) -> tuple[Section, ...]:
    """The sections with only those blocks that stand on the pages asked for."""
    kept = (
        replace(
            section,
            spans=tuple(span for span in section.spans if blueprint.covers(span.page)),
        )
        for section in sections
    )
    return tuple(section for section in kept if section.spans)


def _propose(
    document: Document,
    sections: Sequence[Section],
    blueprint: Blueprint,
    engine: Engine,
    tell: Progress,
) -> Iterator[Draft]:
    free = all(engine.estimate(section).free for section in sections)
    if not free:
        needed = ceil(blueprint.questions * _OVER_ASK / _PER_SECTION)
        sections = _spread(sections, needed)
    share = ceil(blueprint.questions * _OVER_ASK / max(1, len(sections)))
    wish = (
        blueprint if free or blueprint.counts else replace(blueprint, questions=share)
    )
    studied = cut_sections(document) if isinstance(engine, Studying) else ()
    steps = len(studied) + len(sections)
    tell("drafted", 0, steps)
    for done, section in enumerate(studied, start=1):
        if isinstance(engine, Studying):
            engine.study(document, section)
        tell("drafted", done, steps)
    for done, section in enumerate(sections, start=len(studied) + 1):
        yield from engine.propose(document, section, wish)
        tell("drafted", done, steps)


def _spread(sections: Sequence[Section], number: int) -> tuple[Section, ...]:
    """`number` sections at even distances, first and last included."""
    if number >= len(sections):
        return tuple(sections)
    if number == 1:
        return (sections[len(sections) // 2],)
    step = (len(sections) - 1) / (number - 1)
    return tuple(sections[round(index * step)] for index in range(number))


def _check(
    drafts: Sequence[Draft], document: Document, tell: Progress
) -> tuple[list[Draft], dict[int, Report], Counter[str]]:
    passed: list[Draft] = []
    reports: dict[int, Report] = {}
    rejections: Counter[str] = Counter()
    tell("checked", 0, len(drafts))
    for done, draft in enumerate(drafts, start=1):
        report = check(draft.question, document)
        if report.passed:
            passed.append(draft)
            reports[id(draft.question)] = report
        else:
            # A draft counts once for each rule it broke, however often it broke it.
            rejections.update({finding.code for finding in report.hard})
        if done % _CHECK_BATCH == 0 or done == len(drafts):
            tell("checked", done, len(drafts))
    return passed, reports, rejections


def _reasons(
    document: Document,
    blueprint: Blueprint,
    engine: Engine,
    *,
    chosen: Sequence[Draft],
    passed: Sequence[Draft],
    rejections: Counter[str],
) -> Iterator[Finding]:
    """Why the exam is short: what the engine knows first, then kinds, then the gate."""
    if blueprint.pages is not None and not any(
        blueprint.covers(page.number) for page in document.pages
    ):
        first, last = blueprint.pages
        yield Finding("no_pages_in_range", {"first": first, "last": last})
    if document.scanned_pages:
        yield Finding("scanned_pages", {"count": len(document.scanned_pages)})
    yield from engine.shortcomings(document, blueprint)
    made = Counter(draft.question.kind for draft in chosen)
    for kind, asked in quotas(blueprint).items():
        if blueprint.counts is not None and made[kind] < asked:
            yield Finding(
                "too_few_of_kind",
                {"kind": kind.value, "asked": asked, "made": made[kind]},
            )
    # Without counts any kind might have filled the places that stayed empty.
    short = {
        kind
        for kind, asked in quotas(blueprint).items()
        if blueprint.counts is None or made[kind] < asked
    }
    passed = [draft for draft in passed if draft.question.kind in short]
    avoided = {(item.page, item.start) for item in blueprint.avoid}
    asked_before = [
        draft
        for draft in passed
        if any((item.page, item.start) in avoided for item in draft.question.evidence)
    ]
    if asked_before:
        yield Finding("already_asked", {"count": len(asked_before)})
    used = {id(draft.question) for draft in chosen}
    unused = [
        draft
        for draft in passed
        if draft not in asked_before and id(draft.question) not in used
    ]
    strong = [draft for draft in unused if draft.score >= FLOOR]
    for code, count in left_out(strong, chosen, blueprint).most_common():
        yield Finding(code, {"count": count})
    if weak := len(unused) - len(strong):
        yield Finding("too_weak", {"count": weak})
    for code, count in sorted(rejections.items(), key=lambda item: (-item[1], item[0])):
        yield Finding(f"{REJECTED_PREFIX}{code}", {"count": count})
