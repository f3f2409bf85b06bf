"""The own format `examgen/1`: an exam as a JSON document, and back without loss.

docs/exam-format.md describes it for integrators, docs/exam-format.schema.json for
machines. Writing is deterministic: fields stand in the order of the description,
decimals are strings, and equal exams are equal bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exams.content import (
    Bloom,
    Body,
    Difficulty,
    Essay,
    Evidence,
    Exam,
    Finding,
    Kind,
    LectureSource,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortAnswer,
    Shortfall,
    SingleChoice,
    TrueFalse,
    Version,
    body_problems,
)
from exams.formats.fields import Fields, decimal_text, fail

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = "examgen/1"

_TRUE, _FALSE = "true", "false"
_JUDGEMENTS = {
    "en": ("True", "False"),
    "es": ("Verdadero", "Falso"),
    "fr": ("Vrai", "Faux"),
    "de": ("Richtig", "Falsch"),
    "pt": ("Verdadeiro", "Falso"),
    "it": ("Vero", "Falso"),
    "nl": ("Waar", "Niet waar"),
    "pl": ("Prawda", "Fałsz"),
}


# Writing


def to_bytes(exam: Exam) -> bytes:
    text = json.dumps(to_document(exam), ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def to_document(exam: Exam) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "title": exam.title,
        "language": exam.language,
        "engine": {"name": exam.engine_name, "version": exam.engine_version},
        "seed": exam.seed,
        "lecture": {
            "title": exam.lecture.title,
            "sha256": exam.lecture.sha256,
            "pages": exam.lecture.pages,
        },
        **_version_to_dict(exam.version),
        "questions": [
            question_to_dict(question, exam.language) for question in exam.questions
        ],
        "coverage": [
            {"page": page, "questions": number} for page, number in exam.coverage
        ],
        "shortfall": {
            "asked": exam.shortfall.asked,
            "made": exam.shortfall.made,
            "reasons": _findings_to_list(exam.shortfall.reasons),
        },
    }


def _version_to_dict(version: Version | None) -> dict[str, Any]:
    """The one field that may be missing: only what was published has it."""
    if version is None:
        return {}
    return {"version": {"number": version.number, "sha256": version.sha256}}


def question_to_dict(question: Question, language: str = "en") -> dict[str, Any]:
    return {
        "id": question.id,
        **body_to_dict(question.body, language),
        "stem": question.stem,
        "points": decimal_text(question.points),
        "difficulty": question.difficulty.value,
        "bloom": question.bloom.value,
        "topic": question.topic,
        "explanation": question.explanation,
        "evidence": [
            {
                "page": evidence.page,
                "start": evidence.start,
                "end": evidence.end,
                "quote": evidence.quote,
            }
            for evidence in question.evidence
        ],
        "warnings": _findings_to_list(question.warnings),
    }


def body_to_dict(body: Body, language: str = "en") -> dict[str, Any]:
    """What only the kind has. Every field is there for every kind, empty if unused."""
    fields: dict[str, Any] = {
        "kind": body.kind.value,
        "options": [],
        "accepted": [],
        "pairs": [],
        "tolerance": None,
        "unit": "",
        "rubric": "",
    }
    match body:
        case SingleChoice(options) | MultipleChoice(options):
            fields["options"] = [_option_to_dict(option) for option in options]
        case TrueFalse(correct):
            fields["options"] = _judgement_options(language, correct=correct)
        case ShortAnswer(accepted):
            fields["accepted"] = list(accepted)
        case Numeric(value, tolerance, unit):
            fields["accepted"] = [decimal_text(value)]
            fields["tolerance"] = decimal_text(tolerance)
            fields["unit"] = unit
        case Matching(pairs):
            fields["pairs"] = [list(pair) for pair in pairs]
        case Ordering(items):
            fields["options"] = [
                _option_to_dict(Option(str(place), text, correct=True))
                for place, text in enumerate(items, start=1)
            ]
        case Essay(rubric):
            fields["rubric"] = rubric
    return fields


def _option_to_dict(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "text": option.text,
        "correct": option.correct,
        "feedback": option.feedback,
    }


def _judgement_options(language: str, *, correct: bool) -> list[dict[str, Any]]:
    base = language.replace("_", "-").split("-")[0].casefold()
    true, false = _JUDGEMENTS.get(base, _JUDGEMENTS["en"])
    return [
        _option_to_dict(Option(_TRUE, true, correct)),
        _option_to_dict(Option(_FALSE, false, not correct)),
    ]


def _findings_to_list(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {"code": finding.code, "params": dict(sorted(finding.params.items()))}
        for finding in findings
    ]


# Reading


def from_document(document: Any) -> Exam:
    """The exam in a parsed document.

    Raises ContentError with a code and `where`, a path such as `questions[3].points`.
    `coverage` must be well formed but is worked out anew: whoever deletes a question
    by hand need not count pages.
    """
    fields = Fields(document, "")
    if (version := fields.text("format")) != FORMAT:
        fail("unknown_format", "format", found=version[:80])
    engine, lecture = fields.object("engine"), fields.object("lecture")
    shortfall = fields.object("shortfall")
    exam = Exam(
        title=fields.text("title"),
        language=fields.text("language"),
        engine_name=engine.text("name"),
        engine_version=engine.text("version"),
        seed=fields.integer("seed", at_least=None),
        lecture=LectureSource(
            title=lecture.text("title"),
            sha256=lecture.text("sha256"),
            pages=lecture.integer("pages"),
        ),
        questions=tuple(_question(item) for item in fields.objects("questions")),
        shortfall=Shortfall(
            asked=shortfall.integer("asked"),
            made=shortfall.integer("made"),
            reasons=_findings(shortfall, "reasons"),
        ),
        version=_version(fields),
    )
    for entry in fields.objects("coverage"):
        entry.integer("page", at_least=1)
        entry.integer("questions")
        entry.close()
    for part in (engine, lecture, shortfall, fields):
        part.close()
    _refuse_repeated_ids(exam)
    return exam


def _version(fields: Fields) -> Version | None:
    if not fields.has("version"):
        return None
    version = fields.object("version")
    read = Version(
        number=version.integer("number", at_least=1),
        sha256=version.text("sha256", filled=True),
    )
    version.close()
    return read


def from_bytes(content: bytes) -> Exam:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        fail("not_json", "")
    return from_document(document)


def _no_constant(name: str) -> None:
    """NaN and Infinity are no JSON, though Python would read them."""
    raise ValueError(name)


def question_from_dict(fields: Any) -> Question:
    return _question(Fields(fields, ""))


def body_from_dict(fields: Any) -> Body:
    reader = Fields(fields, "")
    body = _body(reader)
    reader.close()
    return body


def _question(fields: Fields) -> Question:
    question = Question(
        id=fields.text("id", filled=True),
        stem=fields.text("stem", filled=True),
        body=_body(fields),
        points=fields.decimal("points", at_least=0),
        difficulty=fields.member("difficulty", Difficulty),
        bloom=fields.member("bloom", Bloom),
        topic=fields.text("topic"),
        explanation=fields.text("explanation"),
        evidence=tuple(_evidence(item) for item in fields.objects("evidence")),
        warnings=_findings(fields, "warnings"),
    )
    fields.close()
    return question


def _body(fields: Fields) -> Body:
    kind = fields.member("kind", Kind)
    options = tuple(_option(item) for item in fields.objects("options"))
    accepted = fields.texts("accepted")
    pairs = fields.pairs("pairs")
    tolerance = fields.decimal("tolerance", optional=True)
    unit, rubric = fields.text("unit"), fields.text("rubric")
    unused = {
        "options": options,
        "accepted": accepted,
        "pairs": pairs,
        "tolerance": tolerance,
        "unit": unit,
        "rubric": rubric,
    }
    body = _body_of(kind, fields, options, accepted, pairs)
    for name, value in unused.items():
        # A key in a field the kind does not use would be dropped in silence.
        if name not in _USED[kind] and value not in ((), None, ""):
            fail("field_not_of_kind", fields.at(name), kind=kind.value)
    for problem in body_problems(body):
        fail(problem.code, fields.where, **problem.params)
    return body


def _body_of(
    kind: Kind,
    fields: Fields,
    options: tuple[Option, ...],
    accepted: tuple[str, ...],
    pairs: tuple[tuple[str, str], ...],
) -> Body:
    match kind:
        case Kind.SINGLE_CHOICE:
            body: Body = SingleChoice(options)
        case Kind.MULTIPLE_CHOICE:
            body = MultipleChoice(options)
        case Kind.TRUE_FALSE:
            body = TrueFalse(_judgement(options, fields.at("options")))
        case Kind.SHORT_ANSWER:
            body = ShortAnswer(accepted)
        case Kind.NUMERIC:
            value = fields.one_decimal("accepted")
            body = Numeric(value, fields.decimal("tolerance"), fields.text("unit"))
        case Kind.MATCHING:
            body = Matching(pairs)
        case Kind.ORDERING:
            body = Ordering(tuple(option.text for option in options))
        case Kind.ESSAY:
            body = Essay(fields.text("rubric"))
    return body


_USED = {
    Kind.SINGLE_CHOICE: {"options"},
    Kind.MULTIPLE_CHOICE: {"options"},
    Kind.TRUE_FALSE: {"options"},
    Kind.SHORT_ANSWER: {"accepted"},
    Kind.NUMERIC: {"accepted", "tolerance", "unit"},
    Kind.MATCHING: {"pairs"},
    Kind.ORDERING: {"options"},
    Kind.ESSAY: {"rubric"},
}


def _judgement(options: tuple[Option, ...], where: str) -> bool:
    by_id = {option.id: option.correct for option in options}
    if len(options) != len(by_id) or set(by_id) != {_TRUE, _FALSE}:
        fail("bad_true_false", where)
    if by_id[_TRUE] == by_id[_FALSE]:
        fail("bad_true_false", where)
    return by_id[_TRUE]


def _option(fields: Fields) -> Option:
    option = Option(
        id=fields.text("id", filled=True),
        text=fields.text("text", filled=True),
        correct=fields.flag("correct"),
        feedback=fields.text("feedback"),
    )
    fields.close()
    return option


def _evidence(fields: Fields) -> Evidence:
    evidence = Evidence(
        page=fields.integer("page", at_least=1),
        start=fields.integer("start"),
        end=fields.integer("end"),
        quote=fields.text("quote", filled=True),
    )
    # Offsets count code points, as Python's strings do.
    if evidence.end - evidence.start != len(evidence.quote):
        fail("bad_evidence", fields.where)
    fields.close()
    return evidence


def _findings(fields: Fields, name: str) -> tuple[Finding, ...]:
    findings = []
    for item in fields.objects(name):
        findings.append(Finding(item.text("code", filled=True), item.params("params")))
        item.close()
    return tuple(findings)


def _refuse_repeated_ids(exam: Exam) -> None:
    seen: set[str] = set()
    for index, question in enumerate(exam.questions):
        if question.id in seen:
            fail("repeated_id", f"questions[{index}].id", id=question.id)
        seen.add(question.id)
