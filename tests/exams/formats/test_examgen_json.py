from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from exams.content import (
    Bloom,
    Body,
    ContentError,
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

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA = json.loads((DOCS / "exam-format.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

WHOLE = exam(*(question(kind, id=f"q-{kind}") for kind in BODIES))

# Everything a keyboard, a font or a formula can put into a text, but no NUL and no
# half surrogate, which cannot be stored.
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
)
filled = texts.filter(lambda text: bool(text.strip()))
decimals = st.decimals(-(10**17), 10**17, allow_nan=False, places=3)
tolerances = st.decimals(0, 1000, allow_nan=False, places=2)


def several(
    element: st.SearchStrategy[str], least: int
) -> st.SearchStrategy[list[str]]:
    return st.lists(element, min_size=least, max_size=5, unique=True)


@st.composite
def options(draw: st.DrawFn, keys: int | None) -> tuple[Option, ...]:
    shown = draw(several(filled, 2))
    ids = draw(st.lists(filled, min_size=len(shown), max_size=len(shown), unique=True))
    wanted = keys or draw(st.integers(1, len(shown)))
    right = draw(st.permutations(range(len(shown))))[:wanted]
    return tuple(
        Option(key, text, number in right, draw(texts))
        for number, (key, text) in enumerate(zip(ids, shown, strict=True))
    )


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    left = draw(several(filled, 2))
    right = draw(st.lists(filled, min_size=len(left), max_size=len(left), unique=True))
    return Matching(tuple(zip(left, right, strict=True)))


bodies: st.SearchStrategy[Body] = st.one_of(
    st.builds(SingleChoice, options(1)),
    st.builds(MultipleChoice, options(None)),
    st.builds(TrueFalse, st.booleans()),
    st.builds(ShortAnswer, st.lists(filled, min_size=1, max_size=4).map(tuple)),
    st.builds(Numeric, decimals, tolerances, texts),
    matchings(),
    st.builds(Ordering, several(filled, 2).map(tuple)),
    st.builds(Essay, texts),
)
evidences = st.builds(
    lambda page, start, quote: Evidence(page, start, start + len(quote), quote),
    st.integers(1, 900),
    st.integers(0, 50_000),
    filled,
)
findings = st.builds(
    Finding,
    filled,
    st.dictionaries(texts, texts | st.integers(-(2**63) + 1, 2**63 - 1)),
)
questions = st.builds(
    Question,
    id=filled,
    stem=filled,
    body=bodies,
    points=st.decimals(0, 100, allow_nan=False, places=2),
    difficulty=st.sampled_from(Difficulty),
    bloom=st.sampled_from(Bloom),
    topic=texts,
    explanation=texts,
    evidence=st.lists(evidences, max_size=3).map(tuple),
    warnings=st.lists(findings, max_size=2).map(tuple),
)
exams = st.builds(
    Exam,
    title=texts,
    language=texts,
    engine_name=texts,
    engine_version=texts,
    seed=st.integers(-(2**63) + 1, 2**63 - 1),
    lecture=st.builds(
        LectureSource, title=texts, sha256=texts, pages=st.integers(0, 30)
    ),
    questions=st.lists(questions, max_size=4, unique_by=lambda q: q.id).map(tuple),
    shortfall=st.builds(
        Shortfall,
        st.integers(0, 99),
        st.integers(0, 99),
        st.lists(findings, max_size=2).map(tuple),
    ),
)


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
    document: Any = copy.deepcopy(to_document(WHOLE))
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
