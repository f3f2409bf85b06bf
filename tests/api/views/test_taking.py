"""Taking an exam by the API, through the services that serve the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services.publishing import close_exam, release_results
from scoring.models import Answer, Attempt
from scoring.states import AttemptState
from tests.api.programs import Program, problem
from tests.factories import attempts, courses, people, versions
from tests.scoring import canary

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)
MACHINE_KINDS = [kind for kind in Kind if kind is not Kind.ESSAY]


@pytest.fixture
def course(educator: User, student: User) -> Course:
    return courses.course(educator, student)


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    return versions.version(
        educator, course=course, minutes=30, kinds=MACHINE_KINDS, pass_percent="50"
    )


def items(answers: dict[str, Any], v: int = 1) -> list[dict[str, Any]]:
    return [{"q": name, "v": v, "value": value} for name, value in answers.items()]


def message(answers: dict[str, Any], v: int = 1, **more: Any) -> dict[str, Any]:
    return {"protocol": 1, "tab": "t", "items": items(answers, v), **more}


def start(taker: Program, version: ExamVersion) -> str:
    answer = taker.post(f"take/{version.exam_id}/")
    assert answer.status_code == 201
    return f"attempts/{answer.json()['id']}/"


def test_an_exam_is_taken_from_the_start_to_the_result(
    taker: Program, student: User, educator: User, version: ExamVersion
) -> None:
    shelf = taker.get("me/exams/").json()
    assert [card["exam_id"] for card in shelf["open"]] == [str(version.exam_id)]
    assert shelf["open"][0]["attempt_id"] is None
    asked = taker.get(f"take/{version.exam_id}/").json()
    assert (asked["may_start"], asked["reason"], asked["minutes"]) == (True, "", 30)
    assert (asked["questions"], asked["attempt_id"]) == (7, None)
    address = start(taker, version)
    # Two clicks are one attempt.
    assert start(taker, version) == address
    paper = taker.get(f"{address}paper/").json()
    assert [sheet["number"] for sheet in paper] == list(range(1, 8))
    assert {sheet["id"] for sheet in paper} == {q["id"] for q in version.questions}
    right = versions.right_answers(version)
    saved = taker.post(f"{address}answers/", message(right)).json()
    assert {item["status"] for item in saved["items"]} == {"saved"}
    assert saved["state"] == "open"
    answers = {s["id"]: s["answer"] for s in taker.get(f"{address}paper/").json()}
    assert answers == {
        name: {"version": 1, "value": value, "flagged": False}
        for name, value in right.items()
    }
    assert problem(taker.get(f"{address}receipt/")) == (409, "attempt_open")
    done = taker.post(
        f"{address}submit/", message({}, manifest=dict.fromkeys(right, 1))
    ).json()
    assert done["state"] == "closed"
    receipt = taker.get(f"{address}receipt/").json()
    assert receipt["receipt"] == done["receipt"] == Attempt.objects.get().receipt
    assert (receipt["answered"], receipt["total"], receipt["has_result"]) == (
        7,
        7,
        False,
    )
    early = taker.get(f"{address}result/")
    assert problem(early) == (409, "not_released")
    assert early.json()["release"] == "after_close"
    close_exam(version=version, actor=educator.id)
    result = taker.get(f"{address}result/").json()
    assert result["score"] == {
        "points": "7.0000",
        "max_points": "7.0000",
        "percent": "100.0",
        "passed": True,
    }
    assert result["has_key"] is True
    assert {row["state"] for row in result["questions"]} == {"right"}
    quotes = {row["quote"] for row in result["questions"]}
    assert all(quotes)
    assert [one["state"] for one in taker.get("attempts/").json()["results"]] == [
        "closed"
    ]


def test_of_two_programs_the_one_ahead_wins(
    taker: Program, version: ExamVersion
) -> None:
    address = start(taker, version)
    name = versions.sheet(version, Kind.TRUE_FALSE)["id"]
    answers = f"{address}answers/"
    taker.post(answers, message({name: True}, 2))
    stale = taker.post(answers, message({name: False}, 1)).json()["items"]
    assert stale == [{"q": name, "status": "stale", "v": 2, "value": True}]
    replay = taker.post(answers, message({name: True}, 2)).json()["items"]
    assert replay == [{"q": name, "status": "replay", "v": 2}]
    bad = taker.post(answers, message({name: "yes"}, 3)).json()["items"]
    assert (bad[0]["status"], bad[0]["reason"]) == ("invalid", "wrong_shape")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"items": []}, (422, "unknown_protocol")),
        ({"protocol": 1, "items": {}}, (422, "malformed")),
        ({"protocol": 1, "tab": "x" * 41}, (422, "malformed")),
        ({"protocol": 1, "tab": "x" * 70_000}, (413, "too_large")),
    ],
)
def test_a_message_that_is_none_is_refused(
    taker: Program, version: ExamVersion, body, refused
) -> None:
    address = start(taker, version)
    assert problem(taker.post(f"{address}answers/", body)) == refused
    assert problem(taker.post(f"{address}submit/", body)) == refused
    assert Attempt.objects.get().state == AttemptState.OPEN


def test_handing_in_tells_what_has_not_arrived(
    taker: Program, version: ExamVersion
) -> None:
    address = start(taker, version)
    name = versions.sheet(version, Kind.TRUE_FALSE)["id"]
    lacking = taker.post(f"{address}submit/", message({}, manifest={name: 3}))
    assert problem(lacking) == (409, "missing_versions")
    assert lacking.json()["missing"] == {name: 3}
    bad = taker.post(f"{address}submit/", message({name: "yes"}))
    assert problem(bad) == (422, "invalid_items")
    assert bad.json()["items"][0]["reason"] == "wrong_shape"


def test_handing_in_twice_is_handing_in_once(
    taker: Program, version: ExamVersion
) -> None:
    address = start(taker, version)
    first = taker.post(f"{address}submit/", message({}), idempotency_key="end")
    again = taker.post(f"{address}submit/", message({}), idempotency_key="end")
    third = taker.post(f"{address}submit/", message({}))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json()["receipt"] == again.json()["receipt"] == third.json()["receipt"]
    assert Attempt.objects.get().grades.count() == 1


def test_what_comes_too_late_is_kept_apart_and_the_paper_is_gone(
    taker: Program, version: ExamVersion
) -> None:
    address = start(taker, version)
    attempts.run_out(Attempt.objects.get())
    name = versions.sheet(version, Kind.TRUE_FALSE)["id"]
    late = taker.post(f"{address}answers/", message({name: True})).json()
    assert (late["state"], late["items"][0]["status"]) == ("closed", "closed")
    assert not Answer.objects.exists()
    assert problem(taker.get(f"{address}paper/")) == (409, "attempt_over")
    receipt = taker.get(f"{address}receipt/").json()
    assert (receipt["closed_by"], receipt["late"]) == ("clock", 1)


def test_nobody_starts_what_the_page_would_not_start(
    taker: Program, teacher: Program, educator: User, course: Course, version
) -> None:
    soon = versions.version(
        educator, course=course, opens_at=now() + AN_HOUR, closes_at=now() + 2 * AN_HOUR
    )
    for program, which, reason in (
        (taker, soon, "not_yet"),
        (teacher, version, "own_exam"),
    ):
        answer = program.post(f"take/{which.exam_id}/")
        assert problem(answer) == (409, "cannot_start")
        assert answer.json()["reason"] == reason
    address = start(taker, version)
    taker.post(f"{address}submit/", message({}))
    again = taker.post(f"take/{version.exam_id}/")
    assert again.json()["reason"] == "no_attempts_left"


def test_before_an_exam_opens_its_questions_are_nowhere(
    taker: Program, educator: User, course: Course
) -> None:
    soon = versions.version(
        educator, course=course, opens_at=now() + AN_HOUR, closes_at=now() + 2 * AN_HOUR
    )
    seen = taker.get(f"take/{soon.exam_id}/").content + taker.get("me/exams/").content
    for question in soon.questions:
        assert question["stem"].encode() not in seen
        assert question["id"].encode() not in seen


def whole(answer: Any) -> bytes:
    content: bytes = answer.content
    return content + str(answer.headers).encode()


@pytest.mark.parametrize("release", [Release.MANUAL, Release.AFTER_CLOSE])
def test_no_byte_of_the_key_leaves_before_the_release(
    taker: Program, educator: User, course: Course, release: Release
) -> None:
    version = canary.published(educator, course, release=release)
    exam = f"exams/{version.exam_id}/"
    address = start(taker, version)
    wrong = message(versions.wrong_answers(version))

    def look() -> list[bytes]:
        pages = (
            *("me/exams/", f"take/{version.exam_id}/", "attempts/", address),
            *(f"{address}{part}/" for part in ("paper", "answers", "receipt")),
            *(f"{address}result/", f"{address}result/pages/1.webp"),
            *(exam, f"{exam}questions/", f"{exam}document/", f"{exam}results/"),
            *(
                f"lectures/{version.exam.lecture_id}/{part}"
                for part in ("", "pages/1/")
            ),
        )
        return [whole(taker.get(page)) for page in pages]

    seen = [*look(), whole(taker.post(f"{address}answers/", wrong)), *look()]
    seen += [whole(taker.post(f"{address}submit/", wrong)), *look()]
    assert [s for s in canary.SECRETS for body in seen if s.encode() in body] == []
    # Afterwards it does, so that the search is known to find.
    if release is Release.MANUAL:
        close_exam(version=version, actor=educator.id)
        release_results(version=version, actor=educator)
        found = taker.get(f"{address}result/").content
        assert canary.CANARY.encode() in found


def test_what_students_are_told_does_not_depend_on_the_key(
    taker: Program, educator: User, course: Course
) -> None:
    version = canary.published(educator, course)
    address = start(taker, version)
    taker.post(f"{address}submit/", message(versions.right_answers(version)))
    parts = ("", "answers/", "receipt/", "result/")

    def look() -> list[Any]:
        told = [json.loads(taker.get(address + part).content) for part in parts]
        for page in told:
            page.pop("server_now", None)
        return told

    before = look()
    canary.turned_round(version, Attempt.objects.get())
    assert look() == before


def test_the_owner_sees_a_result_at_any_time(
    teacher: Program, student: User, version: ExamVersion
) -> None:
    attempt = attempts.closed(version, student, versions.wrong_answers(version))
    told = teacher.get(f"attempts/{attempt.id}/result/").json()
    assert told["score"]["points"] == "0.0000"
    assert told["has_key"] is True
    own = teacher.get(f"attempts/{attempt.id}/")
    assert problem(own) == (404, "not_found")


def test_a_list_of_attempts_costs_as_many_queries_for_many_as_for_few(
    taker: Program,
    educator: User,
    student: User,
    course: Course,
    django_assert_num_queries,
) -> None:
    taker.get("me/")
    for _ in range(2):
        for _ in range(2):
            attempts.closed(versions.version(educator, course=course), student, {})
        with django_assert_num_queries(2):  # the token, the page
            taker.get("attempts/")


def test_a_paper_that_is_known_is_not_made_again(
    taker: Program, student: User, version: ExamVersion, django_assert_num_queries
) -> None:
    address = f"{start(taker, version)}paper/"
    first = taker.get(address)
    known = {"If-None-Match": first["ETag"]}
    # The token, with its person and what the paper is made of.
    with django_assert_num_queries(1):
        kept = taker.get(address)
    assert (kept.status_code, kept.content) == (200, first.content)
    with django_assert_num_queries(1):
        again = taker.get(address, **known)
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (
        first["ETag"],
        "private, no-cache",
    )


def test_a_paper_is_made_again_for_each_answer_and_not_after_the_end(
    taker: Program, student: User, version: ExamVersion
) -> None:
    address = start(taker, version)
    right = versions.right_answers(version)
    seen = [taker.get(f"{address}paper/")]
    for v, (name, value) in enumerate(right.items(), start=1):
        taker.post(f"{address}answers/", message({name: value}, v))
        known = {"If-None-Match": seen[-1]["ETag"]}
        seen.append(taker.get(f"{address}paper/", **known))
        assert seen[-1].status_code == 200
        answered = [sheet for sheet in seen[-1].json() if sheet["answer"]["version"]]
        assert len(answered) == v
    assert len({paper["ETag"] for paper in seen}) == len(right) + 1
    # What is not stored changes nothing, and nobody is told that it did.
    taker.post(f"{address}answers/", message(right, 1))
    known = {"If-None-Match": seen[-1]["ETag"]}
    again = taker.get(f"{address}paper/", **known)
    assert again.status_code == 304 or again.content == seen[-1].content
    taker.post(f"{address}submit/", message({}))
    assert problem(taker.get(f"{address}paper/", **known)) == (409, "attempt_over")
    other = Program(people.student("eve@example.org"))
    assert other.get(f"{address}paper/", **known).status_code == 404
