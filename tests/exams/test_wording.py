"""Every code has a sentence, and every sentence can be said with what its code tells."""

from __future__ import annotations

import string
from typing import Any

import pytest

from exams import content, wording
from exams.content import ContentError, Finding, Kind
from exams.gate import codes
from exams.generation.reasons import REJECTED_PREFIX, SHORTFALL
from exams.reading import Limits, ReadingError, preflight
from exams.reading.preflight import _SIGNATURES, _SUFFIXES, _ZIP_PARTS, kind_of
from exams.services.anchoring import LOST
from exams.services.progress import STAGES
from tests.samples import hostile

# As `ReadingError` documents them.
READING: dict[str, tuple[str, ...]] = {
    "too_large": ("size", "limit"),
    "empty": (),
    "not_pdf": ("kind",),
    "encrypted": (),
    "damaged": (),
    "no_pages": (),
    "too_many_pages": ("pages", "limit"),
    "too_complex": ("reason", "page"),
    "scanned": ("pages",),
    "unsure_scans": ("pages",),
    "too_little_text": ("words", "limit"),
}
NOT_PDF_KINDS = (
    {kind for _, kind in (*_SIGNATURES, *_ZIP_PARTS)}
    | set(_SUFFIXES)
    | {"archive", "office", "picture", "text", "unknown", "web page"}
)
GATE = {**codes.HARD, **codes.SOFT, **codes.EXAM_WIDE}


def params(names: tuple[str, ...]) -> dict[str, Any]:
    """Exactly what a code declares: a sentence that says more cannot be formatted."""
    return {name: f"<{name}>" for name in names}


def is_a_sentence(text: str) -> bool:
    """Starts like one, ends like one, and no placeholder was left over."""
    starts = text[0].isupper() or text[0] in "“<" or text[0] in string.digits
    return starts and text.endswith(".") and "%(" not in text


# Reading


@pytest.mark.parametrize("code", READING)
def test_every_reading_problem_has_a_sentence_of_its_own(code: str) -> None:
    said = wording.reading_problem(code, dict.fromkeys(READING[code], 7 * 1024 * 1024))
    assert is_a_sentence(said)
    if code != "internal":
        assert said != wording.reading_problem("internal", {})


def test_the_codes_of_reading_errors_are_the_documented_ones() -> None:
    documented = ReadingError.__doc__ or ""
    for code in READING:
        assert f"`{code}`" in documented
    assert set(wording.READING_PROBLEMS) == {
        *READING,
        *("internal", "cancelled", "stopped", "recognition_broke_off"),
    }


@pytest.mark.parametrize("kind", sorted(NOT_PDF_KINDS))
def test_every_kind_of_file_that_is_no_pdf_is_told_what_helps(kind: str) -> None:
    said = wording.reading_problem("not_pdf", {"kind": kind})
    assert is_a_sentence(said)
    assert "PDF" in said
    if kind != "unknown":
        assert said != wording.reading_problem("not_pdf", {"kind": "unknown"})


@pytest.mark.parametrize(
    ("content_of", "name"),
    [
        (hostile.powerpoint, "week1.pptx"),
        (hostile.powerpoint, "week1.pdf"),
        (hostile.old_powerpoint, "week1.ppt"),
    ],
)
def test_a_powerpoint_file_is_told_to_be_exported_as_pdf(content_of, name: str) -> None:
    kind = kind_of(content_of(), name)
    said = wording.reading_problem("not_pdf", {"kind": kind})
    assert "PowerPoint" in said
    assert "Export" in said
    assert "PDF" in said


def test_a_file_that_is_too_large_is_measured_in_megabytes() -> None:
    with pytest.raises(ReadingError) as caught:
        preflight(b"%PDF-", 51 * 1024 * 1024, Limits())
    said = wording.reading_problem(caught.value.code, caught.value.params)
    assert said.startswith("This file is larger than 50 MB.")


def test_a_scan_names_its_pages() -> None:
    said = wording.reading_problem("scanned", {"pages": "2-4, 7"})
    assert "2-4, 7" in said
    assert "OCR" in said


def test_numbers_stand_in_their_places() -> None:
    said = wording.reading_problem("too_many_pages", {"pages": 612, "limit": 500})
    assert "612 pages; at most 500" in said
    said = wording.reading_problem("too_little_text", {"words": 5, "limit": 150})
    assert "only 5 words; at least 150" in said


def test_a_code_of_tomorrow_is_said_in_general_and_never_shown() -> None:
    for said in (
        wording.reading_problem("brand_new", {"x": 1}),
        wording.exam_problem("brand_new"),
    ):
        assert said.startswith("Something went wrong on our side")
        assert "brand_new" not in said


# The gate


@pytest.mark.parametrize("code", GATE)
def test_every_finding_of_the_gate_has_a_sentence(code: str) -> None:
    assert is_a_sentence(wording.finding_words(code, params(GATE[code])))


def test_no_sentence_speaks_of_a_finding_that_does_not_exist() -> None:
    # And what a newer reading tells of a question.
    assert set(wording.FINDINGS) == {*GATE, LOST}


@pytest.mark.parametrize("code", codes.HARD)
def test_every_rejection_is_said_with_its_rule_in_general(code: str) -> None:
    said = wording.shortfall_reason(f"{REJECTED_PREFIX}{code}", {"count": 3})
    assert said.startswith("3 drafts did not pass a check: ")
    assert is_a_sentence(said)


# Shortfalls


@pytest.mark.parametrize("code", SHORTFALL)
def test_every_reason_of_a_shortfall_has_a_sentence(code: str) -> None:
    known: dict[str, object] = {"kind": "true_false", "count": 2}
    said = wording.shortfall_reason(
        code, {name: known.get(name, f"<{name}>") for name in SHORTFALL[code]}
    )
    assert is_a_sentence(said)
    assert "true_false" not in said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "No term is defined in the lecture."),
        (1, "Only 1 term is defined in the lecture."),
        (2, "Only 2 terms are defined in the lecture."),
    ],
)
def test_none_one_and_many_are_said_as_people_say_them(count: int, said: str) -> None:
    assert wording.shortfall_reason("too_few_definitions", {"count": count}) == said


def test_a_kind_is_called_by_its_name_in_a_shortfall() -> None:
    said = wording.shortfall_reason(
        "too_few_of_kind", {"kind": "true_false", "asked": 5, "made": 2}
    )
    assert said == "True or false: 2 of 5."


def test_every_shortfall_in_words_is_one_that_engines_report() -> None:
    assert set(wording.SHORTFALLS) == set(SHORTFALL)


# What people type


@pytest.mark.parametrize(
    "body",
    [
        content.SingleChoice((content.Option("a", "x"), content.Option("b", "y"))),
        content.SingleChoice(
            (content.Option("a", "x", correct=True), content.Option("b", "x"))
        ),
        content.ShortAnswer(()),
        content.Matching((("a", "b"),)),
        content.Matching((("a", "b"), ("a", "c"))),
        content.Ordering(("a",)),
        content.Ordering(("a", "a")),
    ],
)
def test_every_impossible_shape_has_a_sentence(body: content.Body) -> None:
    problems: list[Finding] = list(content.body_problems(body))
    assert problems
    for problem in problems:
        error = ContentError(problem.code, **problem.params)
        assert is_a_sentence(wording.content_problem(error))


def test_a_line_that_is_no_pair_is_quoted() -> None:
    said = wording.content_problem(ContentError("not_a_pair", line="just words"))
    assert "“just words” is no pair" in said


# Names


def test_every_kind_difficulty_level_and_stage_has_a_name() -> None:
    assert set(wording.KIND_NAMES) == set(Kind)
    assert set(wording.DIFFICULTY_NAMES) == set(content.Difficulty)
    assert set(wording.BLOOM_NAMES) == set(content.Bloom)
    assert set(wording.STAGE_NAMES) == set(STAGES)
    tables = (
        wording.KIND_NAMES,
        wording.DIFFICULTY_NAMES,
        wording.BLOOM_NAMES,
        wording.STAGE_NAMES,
    )
    for table in tables:
        names = [str(name) for name in table.values()]
        assert all(names)
        assert len(set(names)) == len(names)
