from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from exams.content import Kind
from exams.models import Exam, Question
from exams.states import ExamState
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import exams

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.exam(educator, kinds=tuple(Kind))


def address(question: Question) -> str:
    return f"exams/{question.exam_id}/questions/{question.id}/"


def test_questions_come_in_their_order_with_their_keys(
    teacher: Program, exam: Exam, django_assert_num_queries
) -> None:
    teacher.get("me/")
    # The token, the exam, its versions, the questions.
    with django_assert_num_queries(4):
        listed = teacher.get(f"exams/{exam.id}/questions/").json()["results"]
    assert [item["kind"] for item in listed] == [kind.value for kind in Kind]
    assert listed[0]["options"][0] == {
        "id": "a",
        "text": "Chlorophyll",
        "correct": True,
        "feedback": "Yes.",
    }
    assert (listed[0]["state"], listed[0]["revision"]) == ("proposed", 1)
    assert listed[0]["evidence"][0]["quote"] == exams.PIGMENT


def test_a_question_is_decided_as_it_was_seen(teacher: Program, exam: Exam) -> None:
    question = exam.questions.all()[0]
    tag = teacher.get(address(question)).headers["ETag"]
    assert tag == '"1-proposed"'
    decision = f"{address(question)}decision/"
    for word in ("accepted", "rejected", "proposed"):
        answer = teacher.post(decision, {"decision": word}, if_match=tag)
        assert answer.json()["state"] == word
        assert answer.headers["ETag"] == f'"1-{word}"'
    edited = teacher.post(decision, {"decision": "edited"}, if_match=tag)
    assert wrong_fields(edited) == [("decision", "invalid_choice")]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_of_each_kind_is_edited_by_what_it_was_told_as(
    teacher: Program, exam: Exam, kind: Kind
) -> None:
    question = exam.questions.get(kind=kind)
    seen = teacher.get(address(question))
    told = seen.json()
    names = ("kind", "options", "accepted", "pairs", "tolerance", "unit", "rubric")
    change = {
        "stem": "Another stem?",
        "points": "2.5",
        "explanation": "",
        "body": {name: told[name] for name in names},
    }
    answer = teacher.patch(address(question), change, if_match=seen.headers["ETag"])
    assert answer.status_code == 200, answer.content
    assert answer.headers["ETag"] == '"2-edited"'
    after = answer.json()
    changed = {"stem", "points", "explanation", "state", "revision", "warnings"}
    assert {name for name in told if told[name] != after[name]} <= changed
    assert (after["stem"], after["points"], after["revision"]) == (
        "Another stem?",
        "2.5",
        2,
    )


def test_labels_are_changed_and_hard_rules_refused_by_their_codes(
    teacher: Program, exam: Exam
) -> None:
    question = exam.questions.get(kind=Kind.SINGLE_CHOICE)
    labels = {
        "difficulty": "hard",
        "bloom": "apply",
        "topic": "pigments",
        "tags": ["chlorophyll", "leaf"],
    }
    told = teacher.patch(address(question), labels, if_match="*").json()
    assert {name: told[name] for name in labels} == labels
    unfit = {"stem": "Which pigment is on page 3?"}
    refused = teacher.patch(address(question), unfit, if_match="*")
    assert wrong_fields(refused) == [("", "refers_to_elsewhere")]


def test_a_key_is_changed(teacher: Program, exam: Exam) -> None:
    question = exam.questions.get(kind=Kind.SINGLE_CHOICE)
    told = teacher.get(address(question)).json()
    options: list[dict[str, Any]] = told["options"]
    options[0]["correct"], options[1]["correct"] = False, True
    names = ("kind", "options", "accepted", "pairs", "tolerance", "unit", "rubric")
    body = {name: told[name] for name in names}
    answer = teacher.patch(address(question), {"body": body}, if_match="*")
    assert [o["correct"] for o in answer.json()["options"]] == [
        False,
        True,
        False,
        False,
    ]
    body["options"] = options[:2]
    fewer = teacher.patch(address(question), {"body": body}, if_match="*")
    assert problem(fewer) == (422, "invalid")
    body["options"] = options
    options[1]["correct"] = False
    keyless = teacher.patch(address(question), {"body": body}, if_match="*")
    assert problem(keyless) == (422, "invalid")
    body = {**body, "kind": "multiple_choice"}
    other = teacher.patch(address(question), {"body": body}, if_match="*")
    assert problem(other) == (422, "invalid")


def test_of_two_who_edit_at_once_the_second_gets_both_versions(
    teacher: Program, exam: Exam
) -> None:
    question = exam.questions.all()[0]
    tag = teacher.get(address(question)).headers["ETag"]
    teacher.patch(address(question), {"stem": "Theirs?"}, if_match=tag)
    answer = teacher.patch(address(question), {"stem": "Mine?"}, if_match=tag)
    assert problem(answer) == (409, "changed_meanwhile")
    assert answer.json()["yours"] == {"stem": "Mine?"}
    assert answer.json()["theirs"]["stem"] == "Theirs?"
    assert answer.json()["theirs"]["revision"] == 2
    decided = teacher.post(
        f"{address(question)}decision/", {"decision": "rejected"}, if_match=tag
    )
    assert problem(decided) == (409, "changed_meanwhile")
    question.refresh_from_db()
    assert (question.stem, question.state) == ("Theirs?", "edited")


@pytest.mark.parametrize("tag", ["1-proposed", 'W/"1-proposed"', '"x"', "1"])
def test_a_tag_that_was_never_ours_matches_nothing(
    teacher: Program, exam: Exam, tag: str
) -> None:
    question = exam.questions.all()[0]
    answer = teacher.patch(address(question), {"stem": "Mine?"}, if_match=tag)
    assert problem(answer) == (409, "changed_meanwhile")


def test_an_edit_must_say_what_was_seen(teacher: Program, exam: Exam) -> None:
    question = exam.questions.all()[0]
    answer = teacher.patch(address(question), {"stem": "Mine?"})
    assert problem(answer) == (428, "if_match_required")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"stem": ""}, [("stem", "blank")]),
        ({"stem": "x" * 4001}, [("stem", "max_length")]),
        ({"points": "0"}, [("points", "min_value")]),
        ({"points": "many"}, [("points", "invalid")]),
        ({"points": "1.234"}, [("points", "max_decimal_places")]),
    ],
)
def test_what_the_review_page_refuses_is_refused(
    teacher: Program, exam: Exam, change, wrong
) -> None:
    question = exam.questions.all()[0]
    assert wrong_fields(teacher.patch(address(question), change, if_match="*")) == wrong


def test_what_was_published_is_not_edited(teacher: Program, exam: Exam) -> None:
    Exam.objects.filter(pk=exam.pk).update(state=ExamState.PUBLISHED)
    question = exam.questions.all()[0]
    edit = teacher.patch(address(question), {"stem": "Mine?"}, if_match="*")
    assert problem(edit) == (409, "no_draft")
    decision = {"decision": "rejected"}
    decided = teacher.post(f"{address(question)}decision/", decision, if_match="*")
    assert problem(decided) == (409, "no_draft")


def test_a_question_of_ones_own_is_added_once(teacher: Program, exam: Exam) -> None:
    there = f"exams/{exam.id}/questions/"
    told = teacher.get(f"{there}?kind=short_answer").json()["results"][0]
    names = ("kind", "options", "accepted", "pairs", "tolerance", "unit", "rubric")
    wish = {
        "stem": "Who swells beside a pore?",
        "body": {name: told[name] for name in names},
        "page": 2,
        "quote": exams.GUARDS,
        "topic": "pores",
    }
    first, second = (teacher.post(there, wish, idempotency_key="one") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    made = first.json()
    assert (made["position"], made["state"]) == (len(Kind) + 1, "accepted")
    assert (made["topic"], made["difficulty"], made["points"]) == (
        "pores",
        "medium",
        "1",
    )
    nowhere = teacher.post(there, {**wish, "quote": "Nowhere"})
    assert wrong_fields(nowhere) == [("quote", "evidence_not_verbatim")]
    unfit = teacher.post(there, {**wish, "stem": "Who is on page 2?"})
    assert wrong_fields(unfit) == [("", "refers_to_elsewhere")]
    Exam.objects.update(state=ExamState.PUBLISHED)
    assert problem(teacher.post(there, wish)) == (409, "no_draft")
