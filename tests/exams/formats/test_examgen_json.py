from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from exams.content import (
    Body,
    ContentError,
    Exam,
    Kind,
    Numeric,
    Ordering,
    Question,
    TrueFalse,
    Version,
)
from exams.formats.examgen_json import (
    body_from_dict,
    body_to_dict,
    from_bytes,
    from_document,
    question_from_dict,
    question_to_dict,
    to_bytes,
    to_document,
)
from tests.samples.questions import BODIES, exam, question
from tests.samples.strategies import exams, questions

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA = json.loads((DOCS / "exam-format.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

WHOLE = exam(*(question(kind, id=f"q-{kind}") for kind in BODIES))
PUBLISHED = replace(WHOLE, version=Version(1, "cd" * 32))


@settings(max_examples=150, deadline=None)
@given(exams)
def test_writing_and_reading_gives_the_same_exam_and_the_same_bytes(whole: Exam):
    content = to_bytes(whole)
    again = from_bytes(content)
    assert again == whole
    assert to_bytes(again) == content


@settings(max_examples=100, deadline=None)
@given(exams)
def test_every_document_fits_the_published_schema(whole: Exam):
    assert list(VALIDATOR.iter_errors(to_document(whole))) == []


@settings(max_examples=100, deadline=None)
@given(questions)
def test_a_question_alone_comes_back_as_it_was(one: Question):
    assert question_from_dict(question_to_dict(one)) == one
    assert body_from_dict(body_to_dict(one.body)) == one.body


def test_the_schema_itself_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


def test_bytes_are_utf8_indented_by_two_and_end_with_one_newline():
    content = to_bytes(exam(question(stem="¿Qué es un río “ancho”?")))
    assert content.startswith(b'{\n  "format": "examgen/1",\n  "title": "Rivers",\n')
    assert content.endswith(b"  }\n}\n")
    assert "¿Qué es un río “ancho”?".encode() in content


def test_fields_stand_in_the_documented_order():
    document = to_document(exam(question()))
    assert list(document) == [
        "format",
        "title",
        "language",
        "engine",
        "seed",
        "lecture",
        "questions",
        "coverage",
        "shortfall",
    ]
    assert list(document["questions"][0]) == [
        "id",
        "kind",
        "options",
        "accepted",
        "pairs",
        "tolerance",
        "unit",
        "rubric",
        "stem",
        "points",
        "difficulty",
        "bloom",
        "topic",
        "explanation",
        "evidence",
        "warnings",
    ]


def test_a_published_exam_says_which_version_it_is():
    published = replace(exam(question()), version=Version(2, "cd" * 32))
    document = to_document(published)
    assert document["version"] == {"number": 2, "sha256": "cd" * 32}
    fields = list(document)
    assert fields[fields.index("version") - 1] == "lecture"
    assert from_document(document) == published


def test_true_and_false_are_told_in_the_exams_language():
    body = TrueFalse(correct=False)
    assert [(o["id"], o["text"], o["correct"]) for o in _options(body, "de-AT")] == [
        ("true", "Richtig", False),
        ("false", "Falsch", True),
    ]
    assert [o["text"] for o in _options(body, "xx")] == ["True", "False"]


def _options(body: Body, language: str) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = body_to_dict(body, language)["options"]
    return options


def test_a_numeric_keeps_value_tolerance_and_unit_as_texts():
    fields = body_to_dict(Numeric(Decimal("3.50"), Decimal("1E+1"), "kg"))
    assert (fields["accepted"], fields["tolerance"], fields["unit"]) == (
        ["3.50"],
        "10",
        "kg",
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+30", "1E-30"])
def test_a_number_that_fixed_point_cannot_hold_is_not_written(number):
    with pytest.raises(ContentError) as error:
        body_to_dict(Numeric(Decimal(number)))
    assert error.value.code == "bad_number"


def test_an_ordering_is_written_in_its_right_order():
    fields = body_to_dict(Ordering(("spring", "delta")))
    assert [(o["id"], o["text"]) for o in fields["options"]] == [
        ("1", "spring"),
        ("2", "delta"),
    ]


def test_coverage_is_counted_anew_on_reading():
    document = to_document(exam(question()))
    document["questions"] = []
    assert from_document(document).coverage == ((1, 0), (2, 0))


REMOVED = object()
Q = "questions[0]"


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        (["format"], "examgen/2", "unknown_format", "format"),
        (["format"], REMOVED, "missing_field", "format"),
        (["titel"], "x", "unknown_field", "titel"),
        (["title"], 3, "not_a_text", "title"),
        (["title"], "a\x00b", "bad_character", "title"),
        (["title"], "\ud800", "bad_character", "title"),
        (["title"], "x" * 100_001, "text_too_long", "title"),
        (["seed"], True, "not_an_integer", "seed"),
        (["seed"], 1.5, "not_an_integer", "seed"),
        (["seed"], 2**63, "out_of_range", "seed"),
        (["engine"], [], "not_an_object", "engine"),
        (["lecture", "pages"], -1, "out_of_range", "lecture.pages"),
        (["lecture", "page"], 1, "unknown_field", "lecture.page"),
        (["version"], None, "not_an_object", "version"),
        (["version", "number"], 0, "out_of_range", "version.number"),
        (["version", "sha256"], "", "empty_text", "version.sha256"),
        (["version", "date"], "", "unknown_field", "version.date"),
        (["questions"], {}, "not_a_list", "questions"),
        (["questions", 0], "q", "not_an_object", Q),
        (["questions", 0, "id"], " ", "empty_text", f"{Q}.id"),
        (["questions", 0, "kind"], "riddle", "unknown_value", f"{Q}.kind"),
        (["questions", 0, "bloom"], REMOVED, "missing_field", f"{Q}.bloom"),
        (["questions", 0, "points"], 1, "not_a_decimal", f"{Q}.points"),
        (["questions", 0, "points"], "1e9", "not_a_decimal", f"{Q}.points"),
        (["questions", 0, "points"], "٣", "not_a_decimal", f"{Q}.points"),
        (["questions", 0, "points"], "-1", "out_of_range", f"{Q}.points"),
        (["questions", 0, "tolerence"], "1", "unknown_field", f"{Q}.tolerence"),
        (["questions", 0, "tolerance"], "1", "field_not_of_kind", f"{Q}.tolerance"),
        (["questions", 0, "accepted"], ["x"], "field_not_of_kind", f"{Q}.accepted"),
        (["questions", 0, "pairs"], [["a"]], "not_a_pair", f"{Q}.pairs[0]"),
        (["questions", 0, "pairs"], ["ab"], "not_a_pair", f"{Q}.pairs[0]"),
        (
            ["questions", 0, "options", 1, "correct"],
            "yes",
            "not_a_boolean",
            f"{Q}.options[1].correct",
        ),
        (["questions", 0, "options", 1, "correct"], True, "several_correct_options", Q),
        (["questions", 0, "options", 0, "correct"], False, "no_correct_option", Q),
        (["questions", 0, "options", 1, "id"], "a", "option_ids_not_unique", Q),
        (["questions", 0, "options"], [], "too_few_options", Q),
        (
            ["questions", 0, "evidence", 0, "page"],
            0,
            "out_of_range",
            f"{Q}.evidence[0].page",
        ),
        (["questions", 0, "evidence", 0, "end"], 1, "bad_evidence", f"{Q}.evidence[0]"),
        (
            ["questions", 0, "warnings"],
            [{"code": "x", "params": {"n": 1.5}}],
            "not_a_text",
            f"{Q}.warnings[0].params.n",
        ),
        (["questions", 1, "id"], "q-single_choice", "repeated_id", "questions[1].id"),
        (["questions", 2, "options"], [], "bad_true_false", "questions[2].options"),
        (
            ["questions", 2, "options", 0, "correct"],
            False,
            "bad_true_false",
            "questions[2].options",
        ),
        (["questions", 3, "accepted"], [], "no_accepted_answer", "questions[3]"),
        (
            ["questions", 4, "accepted"],
            ["1", "2"],
            "not_one_number",
            "questions[4].accepted",
        ),
        (
            ["questions", 4, "accepted"],
            ["many"],
            "not_a_decimal",
            "questions[4].accepted[0]",
        ),
        (
            ["questions", 4, "tolerance"],
            None,
            "not_a_decimal",
            "questions[4].tolerance",
        ),
        (["questions", 4, "tolerance"], "-1", "tolerance_negative", "questions[4]"),
        (["questions", 5, "pairs"], [["a", "b"]], "too_few_pairs", "questions[5]"),
        (["questions", 6, "options"], [], "too_few_items", "questions[6]"),
        (["coverage", 0, "page"], "1", "not_an_integer", "coverage[0].page"),
        (["shortfall", "reasons"], [{}], "missing_field", "shortfall.reasons[0].code"),
    ],
)
def test_a_malformed_document_is_refused_with_code_and_place(path, value, code, where):
    document: Any = copy.deepcopy(to_document(PUBLISHED))
    target = document
    for step in path[:-1]:
        target = target[step]
    if value is REMOVED:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    with pytest.raises(ContentError) as error:
        from_document(document)
    assert (error.value.code, error.value.params["where"]) == (code, where)


@pytest.mark.parametrize("document", [None, [], "exam", 3])
def test_what_is_no_object_is_no_exam(document):
    with pytest.raises(ContentError) as error:
        from_document(document)
    assert error.value.code == "not_an_object"


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"{", b'{"seed": NaN}', b"[" * 100_000],
    ids=["empty", "latin", "cut off", "NaN", "nested"],
)
def test_bytes_that_are_no_json_are_refused(content):
    with pytest.raises(ContentError) as error:
        from_bytes(content)
    assert error.value.code == "not_json"


def test_the_documented_example_is_byte_for_byte_what_we_write():
    described = (DOCS / "exam-format.md").read_text("utf-8")
    example = re.search(r"```json\n(.+?)```", described, re.DOTALL)
    assert example is not None
    content = example.group(1).encode()
    assert to_bytes(from_bytes(content)) == content


def test_every_kind_is_described():
    described = (DOCS / "exam-format.md").read_text("utf-8")
    for kind in Kind:
        assert f"| `{kind.value}` |" in described
