"""What people type becomes content, or is refused in words beside the field."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from exams import content
from exams.content import Kind
from exams.formats.examgen_json import body_from_dict, body_to_dict
from exams.forms import QuestionForm, RenameForm, UploadForm, WishForm
from exams.services.wishes import Wish
from tests.factories import exams

WISH = {"questions": "12", "options": "4", "seed": "1"}


def as_posted(form: QuestionForm) -> dict[str, Any]:
    """What a browser sends back when nothing is changed."""
    posted: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        posted[bound.name] = (
            value if isinstance(value, list) else str(bound.field.prepare_value(value))
        )
    return posted


def edited(question: content.Question, **changes: Any) -> QuestionForm:
    posted = {**as_posted(QuestionForm(question=question)), **changes}
    return QuestionForm(posted, question=question)


def test_tags_are_told_apart_by_commas_and_counted() -> None:
    question = exams.question(Kind.ESSAY, tags=("cell wall", "leaf"))
    assert QuestionForm(question=question)["tags"].value() == "cell wall, leaf"
    form = edited(question, tags=" pore,, leaf ,pore,guard\n cell")
    assert form.is_valid()
    assert form.edited().tags == ("pore", "leaf", "guard cell")
    for typed in ("a,b,c,d,e,f", "x" * 61):
        assert list(errors(edited(question, tags=typed))) == ["tags"]


def errors(form: QuestionForm) -> dict[str, list[str]]:
    assert not form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


# Editing a question


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_posted_unchanged_is_unchanged(kind: Kind) -> None:
    question = exams.question(kind)
    form = edited(question)
    assert form.is_valid(), form.errors
    assert form.edited() == question


@pytest.mark.parametrize("kind", list(Kind))
def test_stem_explanation_and_points_of_every_kind_can_be_changed(kind: Kind) -> None:
    question = exams.question(kind)
    form = edited(
        question, stem="  Another stem?\n", explanation=" Because. ", points="2.50"
    )
    assert form.is_valid(), form.errors
    assert form.edited() == replace(
        question,
        stem="Another stem?",
        explanation="Because.",
        points=Decimal("2.50"),
    )


CHANGES: dict[Kind, tuple[dict[str, Any], content.Body]] = {
    Kind.SINGLE_CHOICE: (
        {"option_b": "Anthocyanin", "correct": "b"},
        content.SingleChoice(
            (
                content.Option("a", "Chlorophyll", feedback="Yes."),
                content.Option("b", "Anthocyanin", correct=True),
                content.Option("c", "Melanin"),
                content.Option("d", "Carotene"),
            )
        ),
    ),
    Kind.MULTIPLE_CHOICE: (
        {"correct": ["c"]},
        content.MultipleChoice(
            (
                content.Option("a", "Light reactions"),
                content.Option("b", "Calvin cycle"),
                content.Option("c", "Citric acid cycle", correct=True),
            )
        ),
    ),
    Kind.TRUE_FALSE: ({"correct": "false"}, content.TrueFalse(correct=False)),
    Kind.SHORT_ANSWER: (
        {"accepted": "stoma\r\n\r\n  stomata  "},
        content.ShortAnswer(("stoma", "stomata")),
    ),
    Kind.NUMERIC: (
        {"value": "-1.5", "tolerance": "0", "unit": ""},
        content.Numeric(Decimal("-1.5"), Decimal(0), ""),
    ),
    Kind.MATCHING: (
        {"pairs": "a=b\nc = d"},
        content.Matching((("a", "b"), ("c", "d"))),
    ),
    Kind.ORDERING: ({"items": "second\nfirst"}, content.Ordering(("second", "first"))),
    Kind.ESSAY: ({"rubric": ""}, content.Essay("")),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_body_of_every_kind_can_be_changed(kind: Kind) -> None:
    posted, body = CHANGES[kind]
    form = edited(exams.question(kind), **posted)
    assert form.is_valid(), form.errors
    assert form.edited().body == body


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_the_form_accepts_can_be_stored_and_read_again(kind: Kind) -> None:
    posted, body = CHANGES[kind]
    assert body_from_dict(body_to_dict(body)) == body
    form = edited(exams.question(kind), **posted)
    assert form.is_valid()
    made = form.edited().body
    assert body_from_dict(body_to_dict(made)) == made


@pytest.mark.parametrize("points", ["10", "100", "0.25", "1.5"])
def test_points_are_shown_as_people_write_them(points: str) -> None:
    question = exams.question(Kind.ESSAY, points=Decimal(points).normalize())
    assert f'value="{points}"' in str(QuestionForm(question=question)["points"])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("E = mc²", "energy"),
        ("x", "y = 2"),
        ("a == b", "a = b"),
        ("===", "="),
        ("=", "equals"),
    ],
)
def test_a_pair_with_equal_signs_of_its_own_survives(left: str, right: str) -> None:
    body = content.Matching(((left, right), ("plain", "pair")))
    form = edited(exams.question(Kind.MATCHING, body=body))
    assert form.is_valid(), form.errors
    assert form.edited().body == body


def test_options_are_listed_with_their_field_and_their_tick() -> None:
    form = QuestionForm(question=exams.question(Kind.SINGLE_CHOICE))
    rows = [(key, bound.value(), on) for key, bound, on in form.option_fields]
    assert rows == [
        ("a", "Chlorophyll", True),
        ("b", "Haemoglobin", False),
        ("c", "Melanin", False),
        ("d", "Carotene", False),
    ]
    form = edited(exams.question(Kind.MULTIPLE_CHOICE), correct=["c"])
    assert [on for _, _, on in form.option_fields] == [False, False, True]
    assert QuestionForm(question=exams.question(Kind.ESSAY)).option_fields == []


def test_options_stay_ticked_when_the_form_comes_back_with_errors() -> None:
    form = edited(exams.question(Kind.SINGLE_CHOICE), stem="", correct="d")
    assert not form.is_valid()
    assert [on for _, _, on in form.option_fields] == [False, False, False, True]


# Refusals


@pytest.mark.parametrize(
    ("kind", "posted", "field", "said"),
    [
        (Kind.ESSAY, {"stem": "  "}, "stem", "required"),
        (Kind.ESSAY, {"stem": "x" * 4001}, "stem", "at most 4000"),
        (Kind.ESSAY, {"points": "0"}, "points", "0.25"),
        (Kind.ESSAY, {"points": "101"}, "points", "100"),
        (Kind.ESSAY, {"points": "NaN"}, "points", "number"),
        (Kind.ESSAY, {"rubric": "x" * 20_001}, "rubric", "at most 20000"),
        (Kind.SINGLE_CHOICE, {"option_a": ""}, "option_a", "required"),
        (Kind.SINGLE_CHOICE, {"correct": "z"}, "correct", "valid choice"),
        (Kind.SINGLE_CHOICE, {"correct": ""}, "correct", "required"),
        (
            Kind.SINGLE_CHOICE,
            {"option_b": "Chlorophyll"},
            "__all__",
            "“Chlorophyll”",
        ),
        (Kind.MULTIPLE_CHOICE, {"correct": []}, "correct", "required"),
        (Kind.TRUE_FALSE, {"correct": "maybe"}, "correct", "valid choice"),
        (Kind.SHORT_ANSWER, {"accepted": " \n "}, "accepted", "required"),
        (Kind.NUMERIC, {"value": "many"}, "value", "number"),
        (Kind.NUMERIC, {"value": "Infinity"}, "value", "number"),
        (Kind.NUMERIC, {"value": "1e30"}, "value", "digits"),
        (Kind.NUMERIC, {"value": "0." + "1" * 13}, "value", "decimal places"),
        (Kind.NUMERIC, {"tolerance": "-1"}, "tolerance", "greater than or equal"),
        (Kind.NUMERIC, {"tolerance": "1e30"}, "tolerance", "digits"),
        (Kind.MATCHING, {"pairs": "only words"}, "__all__", "“only words” is no pair"),
        (Kind.MATCHING, {"pairs": "a =\nb = c"}, "__all__", "“a =” is no pair"),
        (Kind.MATCHING, {"pairs": "a = b"}, "__all__", "At least two pairs"),
        (Kind.MATCHING, {"pairs": "a = b\na = c"}, "__all__", "“a” stands in two"),
        (Kind.ORDERING, {"items": "alone"}, "__all__", "At least two things"),
        (Kind.ORDERING, {"items": "a\na"}, "__all__", "“a” stands twice"),
    ],
)
def test_what_cannot_be_a_question_is_refused_in_words(
    kind: Kind, posted: dict[str, Any], field: str, said: str
) -> None:
    found = errors(edited(exams.question(kind), **posted))
    assert list(found) == [field]
    assert said in " ".join(found[field])


def test_every_error_is_a_sentence_about_the_field_it_stands_at() -> None:
    found = errors(edited(exams.question(Kind.NUMERIC), stem="", value="", points=""))
    assert set(found) == {"stem", "value", "points"}
    for messages in found.values():
        assert all(message.endswith(".") for message in messages)


# Wishing


def wish_form(**changes: Any) -> WishForm:
    return WishForm({**WISH, **changes})


def test_a_wish_as_it_stands_is_twelve_questions_of_a_good_mixture() -> None:
    form = wish_form()
    assert form.is_valid(), form.errors
    assert form.wish() == Wish(questions=12, kinds=(), options=4, seed=1)


def test_ticked_kinds_are_wished_and_all_of_them_are_the_mixture() -> None:
    kinds = ["single_choice", "true_false", "short_answer", "matching"]
    form = wish_form(kinds=["matching"], questions="3", options="5", seed="7")
    assert form.is_valid()
    assert form.wish() == Wish(questions=3, kinds=("matching",), options=5, seed=7)
    form = wish_form(kinds=kinds)
    assert form.is_valid()
    assert form.wish().kinds == ()


def test_a_wish_without_a_seed_has_the_first_and_zero_is_a_seed() -> None:
    for typed, seed in (("", 1), ("0", 0)):
        form = wish_form(seed=typed)
        assert form.is_valid()
        assert form.wish().seed == seed


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("questions", "0"),
        ("questions", "101"),
        ("questions", "many"),
        ("questions", ""),
        ("options", "2"),
        ("options", "6"),
        ("options", ""),
        ("seed", "-1"),
        ("seed", str(2**31)),
        ("kinds", ["essay"]),
        ("kinds", ["nonsense"]),
    ],
)
def test_a_wish_out_of_bounds_is_refused_at_its_field(field: str, typed: Any) -> None:
    form = wish_form(**{field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize("questions", [1, 100])
def test_the_bounds_of_a_wish_are_part_of_it(questions: int) -> None:
    form = wish_form(questions=str(questions))
    assert form.is_valid()
    assert form.wish().questions == questions


# Uploading


def upload_form(*files: SimpleUploadedFile) -> UploadForm:
    return UploadForm(WISH, MultiValueDict({"lectures": list(files)}))


def test_many_files_are_taken_in_their_order() -> None:
    files = [SimpleUploadedFile(f"week{n}.pdf", b"%PDF-") for n in (1, 2, 3)]
    form = upload_form(*files)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["lectures"] == files


def test_an_empty_file_is_left_to_the_reader_who_says_what_helps() -> None:
    form = upload_form(SimpleUploadedFile("week1.pdf", b""))
    assert form.is_valid(), form.errors


@pytest.mark.parametrize("files", [MultiValueDict(), MultiValueDict({"lectures": []})])
def test_no_file_at_all_is_refused_at_the_field(files: MultiValueDict) -> None:
    form = UploadForm(WISH, files)
    assert not form.is_valid()
    assert list(form.errors) == ["lectures"]


def test_the_file_field_takes_many_and_offers_pdfs() -> None:
    html = str(UploadForm()["lectures"])
    assert "multiple" in html
    assert 'accept="application/pdf,.pdf"' in html


def test_the_file_field_comes_first() -> None:
    assert next(iter(UploadForm().fields)) == "lectures"


# Renaming


@pytest.mark.parametrize(
    ("title", "valid"), [("Mid-term", True), (" ", False), ("x" * 201, False)]
)
def test_an_exam_needs_a_title_that_fits(title: str, valid: bool) -> None:
    assert RenameForm({"title": title}).is_valid() == valid
