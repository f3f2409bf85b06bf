"""Lectures by the API: the same services, the same refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from api.models import OnceRequest
from examgen.jobs.models import Event
from exams.models import Exam, Lecture
from exams.states import ExamState, LectureState
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import exams, lectures, publishing, stores

pytestmark = pytest.mark.django_db


def upload(program: Program, content: bytes = b"", **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    name = fields.pop("name", "week_1.pdf")
    file = SimpleUploadedFile(name, content or lectures.pdf(), "application/pdf")
    return program.upload("lectures/", {"file": file, **fields}, **headers)


def test_a_lecture_comes_in_and_becomes_an_exam(
    teacher: Program, educator: User
) -> None:
    answer = upload(teacher, questions=5, kinds=["single_choice", "true_false"])
    assert answer.status_code == 201
    told = answer.json()
    lecture = Lecture.objects.get()
    assert answer.headers["Location"] == f"/api/v1/lectures/{lecture.id}/"
    assert (told["title"], told["state"], told["error"]) == ("Week 1", "stored", None)
    assert told["progress"]["moving"] is True
    assert [stage["mark"] for stage in told["progress"]["stages"]] == [
        "done",
        "now",
        "to_come",
        "to_come",
        "to_come",
    ]
    exam = lecture.exams.get()
    assert exam.settings["questions"] == 5
    assert exam.settings["kinds"] == ["single_choice", "true_false"]
    lectures.run_jobs()
    told = teacher.get(f"lectures/{lecture.id}/").json()
    assert (told["state"], told["language"]) == ("read", "en")
    assert told["progress"]["moving"] is False
    assert told["exams"] == [
        {"id": str(exam.id), "title": "Week 1", "state": "draft"},
    ]


def test_the_same_bytes_give_the_lecture_that_is_there(teacher: Program) -> None:
    first, again = upload(teacher), upload(teacher, name="other.pdf")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_the_same_key_gives_the_same_answer(teacher: Program) -> None:
    key = {"headers": {"idempotency_key": "abc"}}
    first = upload(teacher, **key)
    again = upload(teacher, **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Event.objects.filter(name="lecture.uploaded").count() == 1
    other = upload(teacher, questions=3, **key)
    assert problem(other) == (422, "key_reused")
    # The name is part of what is sent: a lecture would have it.
    assert problem(upload(teacher, name="b.pdf", **key)) == (422, "key_reused")


def test_a_refused_request_may_be_mended_under_its_key(teacher: Program) -> None:
    key = {"headers": {"idempotency_key": "abc"}}
    assert problem(upload(teacher, b"no pdf", **key)) == (422, "not_a_lecture")
    assert upload(teacher, **key).status_code == 201
    assert OnceRequest.objects.get().status == 201


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 101])
def test_a_key_that_is_none_is_refused(teacher: Program, key: str) -> None:
    answer = upload(teacher, headers={"idempotency_key": key})
    assert problem(answer) == (400, "bad_key")


def test_a_file_that_is_no_lecture_is_refused_with_its_reason(
    teacher: Program,
) -> None:
    answer = upload(teacher, b"hello", name="notes.txt")
    assert problem(answer) == (422, "not_a_lecture")
    assert answer.json()["reason"] == "not_pdf"
    assert problem(upload(teacher, b" ")) == (422, "not_a_lecture")
    assert not Lecture.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"questions": 0}, [("questions", "min_value")]),
        ({"questions": 101}, [("questions", "max_value")]),
        ({"kinds": ["essay"]}, [("kinds.0", "invalid_choice")]),
        ({"options": 6}, [("options", "max_value")]),
        ({"seed": -1}, [("seed", "min_value")]),
    ],
)
def test_a_wish_that_is_none_is_refused(teacher: Program, fields, wrong) -> None:
    assert wrong_fields(upload(teacher, **fields)) == wrong


def test_a_store_that_is_away_asks_to_come_again(
    teacher: Program, educator: User, store: Path
) -> None:
    lecture = exams.lecture(educator)
    with stores.away(store):
        answers = [
            upload(teacher),
            teacher.get(f"lectures/{lecture.id}/lecture.pdf"),
            teacher.get(f"lectures/{lecture.id}/pages/1/small.webp"),
        ]
    for answer in answers:
        assert problem(answer) == (503, "store_away")
        assert answer.headers["Retry-After"] == "30"


def test_pages_tell_what_was_read(teacher: Program, educator: User) -> None:
    lecture = exams.lecture(educator)
    base = f"lectures/{lecture.id}"
    listed = teacher.get(f"{base}/pages/").json()["results"]
    assert [page["number"] for page in listed] == [1, 2]
    assert listed[0] == {
        "number": 1,
        "label": "",
        "kind": "prose",
        "width": 600.0,
        "height": 800.0,
        "scan": False,
        "confidence": None,
        "has_small_picture": True,
        "has_large_picture": True,
    }
    whole = teacher.get(f"{base}/pages/2/").json()
    assert whole["text"] == exams.TEXTS[1]
    assert problem(teacher.get(f"{base}/pages/3/")) == (404, "not_found")


def test_files_come_as_they_are(teacher: Program, educator: User) -> None:
    lecture = exams.lecture(educator)
    picture = teacher.get(f"lectures/{lecture.id}/pages/1/large.webp")
    assert picture.headers["Content-Type"] == "image/webp"
    assert b"".join(picture.streaming_content) == exams.PICTURE
    known = {"if_none_match": picture.headers["ETag"]}
    again = teacher.get(f"lectures/{lecture.id}/pages/1/large.webp", **known)
    assert again.status_code == 304
    file = teacher.get(f"lectures/{lecture.id}/lecture.pdf")
    assert b"".join(file.streaming_content) == exams.pdf_of(lecture)
    huge = teacher.get(f"lectures/{lecture.id}/pages/1/huge.webp")
    assert problem(huge) == (404, "not_found")


def test_another_exam_is_asked_for_once_under_its_key(
    teacher: Program, educator: User
) -> None:
    lecture = exams.lecture(educator)
    address = f"lectures/{lecture.id}/exams/"
    first = teacher.post(address, {"questions": 4}, idempotency_key="k")
    again = teacher.post(address, {"questions": 4}, idempotency_key="k")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    exam = Exam.objects.get()
    assert (exam.state, exam.settings["questions"]) == (ExamState.GENERATING, 4)
    assert first.json()["id"] == str(exam.id)


def test_no_exam_from_a_lecture_that_is_uploading(
    teacher: Program, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.UPLOADING)
    answer = teacher.post(f"lectures/{lecture.id}/exams/", {})
    assert problem(answer) == (409, "still_uploading")


def test_what_failed_is_tried_again_and_what_runs_is_stopped(
    teacher: Program, educator: User
) -> None:
    lecture = exams.lecture(educator, state=LectureState.FAILED, error_code="cancelled")
    told = teacher.get(f"lectures/{lecture.id}/").json()
    assert told["error"]["code"] == "cancelled"
    assert teacher.post(f"lectures/{lecture.id}/retry/").json()["state"] == "stored"
    again = teacher.post(f"lectures/{lecture.id}/retry/")
    assert problem(again) == (409, "nothing_to_retry")
    assert teacher.post(f"lectures/{lecture.id}/cancel/").json()["state"] == "failed"


def test_an_older_reading_is_made_anew(teacher: Program, educator: User) -> None:
    lecture = exams.lecture(educator)
    address = f"lectures/{lecture.id}/"
    assert teacher.get(address).json()["may_be_read_again"] is False
    refused = teacher.post(f"{address}read-again/")
    assert problem(refused) == (409, "not_read_again")
    Lecture.objects.update(reader_version="0")
    assert teacher.get(address).json()["may_be_read_again"] is True
    assert teacher.post(f"{address}read-again/").json()["state"] == "stored"


def test_a_page_is_drawn_large_when_it_is_asked_for(
    teacher: Program, educator: User
) -> None:
    lecture = lectures.drafted(educator).lecture
    lecture.pages.update(image="")
    address = f"lectures/{lecture.id}/pages/1/"
    assert teacher.get(f"{address}large.webp").status_code == 404
    answer = teacher.post(f"{address}draw/")
    assert (answer.status_code, answer.json()["has_large_picture"]) == (202, False)
    lectures.run_jobs()
    assert teacher.get(address).json()["has_large_picture"] is True
    picture = teacher.get(f"{address}large.webp")
    assert b"".join(picture.streaming_content).startswith(b"RIFF")


def test_a_lecture_is_deleted_with_its_exams(teacher: Program, educator: User) -> None:
    exam = exams.exam(educator)
    assert teacher.delete(f"lectures/{exam.lecture_id}/").status_code == 204
    assert not Exam.objects.exists()
    gone = teacher.delete(f"lectures/{exam.lecture_id}/")
    assert problem(gone) == (404, "not_found")


def test_what_a_published_exam_quotes_stays(teacher: Program, educator: User) -> None:
    version = publishing.published(educator)
    answer = teacher.delete(f"lectures/{version.exam.lecture_id}/")
    assert problem(answer) == (409, "published")
    assert Lecture.objects.count() == 1


def test_a_list_costs_as_many_queries_for_many_as_for_few(
    teacher: Program, educator: User, django_assert_num_queries
) -> None:
    exams.exam(educator)
    teacher.get("me/")
    for _ in range(2):
        # The token, the page, its exams, their jobs.
        with django_assert_num_queries(4):
            teacher.get("lectures/")
        for _ in range(5):
            exams.exam(educator)
