from __future__ import annotations

import json

import pytest

from accounts.models import User
from exams.models import Exam
from exams.states import ExamState
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import attempts, courses, exams, people, publishing, versions

pytestmark = pytest.mark.django_db


def test_an_exam_tells_how_it_stands(teacher: Program, educator: User) -> None:
    exam = exams.exam(educator)
    told = teacher.get(f"exams/{exam.id}/").json()
    assert told["settings"] == {
        "questions": 4,
        "kinds": [],
        "options": 4,
        "seed": 1,
    }
    assert (told["state"], told["version"], told["error"]) == ("draft", None, None)
    assert (told["question_count"], told["undecided"], told["kept"]) == (4, 4, 0)
    assert told["shortfall"] == {"asked": 4, "made": 4, "reasons": []}


def test_a_failed_exam_says_why_and_is_tried_again(
    teacher: Program, educator: User
) -> None:
    exam = exams.exam(educator, state=ExamState.FAILED, error_code="no_questions")
    told = teacher.get(f"exams/{exam.id}/").json()
    assert told["error"]["code"] == "no_questions"
    assert teacher.post(f"exams/{exam.id}/retry/").json()["state"] == "generating"
    assert teacher.get(f"exams/{exam.id}/progress/").json()["moving"] is True


def test_an_exam_is_renamed_until_it_is_published(
    teacher: Program, educator: User
) -> None:
    version = publishing.published(educator)
    answer = teacher.patch(f"exams/{version.exam_id}/", {"title": "Other"})
    assert problem(answer) == (409, "no_draft")
    exam = exams.exam(educator)
    answer = teacher.patch(f"exams/{exam.id}/", {"title": "Mid-term"})
    assert answer.json()["title"] == "Mid-term"
    too_long = teacher.patch(f"exams/{exam.id}/", {"title": "x" * 201})
    assert wrong_fields(too_long) == [("title", "max_length")]


def test_what_was_published_is_not_deleted(teacher: Program, educator: User) -> None:
    version = publishing.published(educator)
    assert problem(teacher.delete(f"exams/{version.exam_id}/")) == (409, "published")
    exam = exams.exam(educator)
    assert teacher.delete(f"exams/{exam.id}/").status_code == 204
    assert list(Exam.objects.all()) == [version.exam]


def test_the_document_is_that_of_the_page(teacher: Program, educator: User) -> None:
    exam = exams.exam(educator)
    answer = teacher.get(f"exams/{exam.id}/document/")
    document = json.loads(answer.content)
    assert (document["format"], len(document["questions"])) == ("examgen/1", 4)
    version = publishing.published(educator)
    published = json.loads(teacher.get(f"exams/{version.exam_id}/document/").content)
    assert published["version"] == {"number": 1, "sha256": version.sha256}


def test_an_exam_is_published_and_its_doors_move(
    teacher: Program, educator: User
) -> None:
    exam = exams.reviewed(educator)
    course = courses.course(educator)
    base = f"exams/{exam.id}"
    answer = teacher.post(
        f"{base}/publish/",
        {
            "course": str(course.id),
            "minutes": 20,
            "attempts": 2,
            "release": "manual",
            "shuffle_options": False,
        },
    )
    assert answer.status_code == 200
    told = answer.json()
    version = exam.versions.get()
    assert told["state"] == "published"
    assert told["version"]["code"] == version.code
    assert told["version"]["course_id"] == str(course.id)
    rules = version.rules
    assert (rules.minutes, rules.attempts, rules.release) == (20, 2, "manual")
    # What is not given is as the page suggests it.
    assert (rules.shuffle_questions, rules.shuffle_options) == (True, False)
    assert (rules.pass_percent, rules.several) == (50, "proportional")
    assert version.closes_at is not None
    refused = teacher.post(f"{base}/release/")
    assert problem(refused) == (409, "refused")
    assert refused.json()["reason"] == "still_open"
    bad_end = teacher.post(f"{base}/end/", {"closes_at": "2001-01-01T00:00:00Z"})
    assert (problem(bad_end), bad_end.json()["reason"]) == (
        (422, "refused"),
        "end_over",
    )
    later = (version.closes_at + publishing.WEEK).isoformat()
    assert teacher.post(f"{base}/end/", {"closes_at": later}).status_code == 200
    assert problem(teacher.post(f"{base}/reopen/", {"closes_at": later})) == (
        409,
        "already_open",
    )
    assert teacher.post(f"{base}/close/").json()["state"] == "closed"
    assert problem(teacher.post(f"{base}/close/")) == (409, "already_closed")
    assert problem(teacher.post(f"{base}/end/", {"closes_at": later})) == (
        409,
        "is_closed",
    )
    released = teacher.post(f"{base}/release/").json()["version"]["released_at"]
    assert released is not None
    reopened = teacher.post(f"{base}/reopen/", {"closes_at": later}).json()
    assert (reopened["state"], reopened["version"]["released_at"]) == (
        "published",
        None,
    )


def test_what_stands_in_the_way_of_publishing_is_told(
    teacher: Program, educator: User
) -> None:
    exam = exams.exam(educator)
    answer = teacher.post(f"exams/{exam.id}/publish/", {"course": None, "minutes": 0})
    assert problem(answer) == (422, "not_ready")
    assert [(line["code"], line["about"]) for line in answer.json()["problems"]] == [
        ("undecided", ""),
        ("minutes_out_of_range", "minutes"),
    ]
    assert exam.versions.count() == 0


@pytest.mark.parametrize("percent", [4.79e117, 1e30, 33.333])
def test_a_pass_mark_that_is_none_is_refused(
    teacher: Program, educator: User, percent: float
) -> None:
    exam = exams.reviewed(educator)
    wish = {"course": None, "pass_percent": percent}
    answer = teacher.post(f"exams/{exam.id}/publish/", wish)
    assert [field for field, _ in wrong_fields(answer)] == ["pass_percent"]


def test_nobody_publishes_to_a_course_that_is_not_theirs(
    teacher: Program, educator: User, colleague: User
) -> None:
    exam = exams.reviewed(educator)
    foreign = courses.course(colleague)
    answer = teacher.post(f"exams/{exam.id}/publish/", {"course": str(foreign.id)})
    assert wrong_fields(answer) == [("course", "invalid")]


def test_results_are_listed_for_the_owner_in_constant_queries(
    teacher: Program, educator: User, django_assert_num_queries
) -> None:
    version = versions.version(educator, open_ended=True, release="manual")
    attempts.closed(version, people.student("a@example.org"))
    teacher.get("me/")
    for n in range(2):
        # The token, the exam, the attempts, their grades.
        with django_assert_num_queries(4):
            page = teacher.get(f"exams/{version.exam_id}/results/")
        attempts.closed(version, people.student(f"b{n}@example.org"), {})
        attempts.started(version, people.student(f"c{n}@example.org"))
    assert len(page.json()["results"]) == 3
    last = page.json()["results"][-1]
    assert last["person"]["email"] == "a@example.org"
    assert (last["state"], last["complete"]) == ("closed", False)
    assert page.json()["results"][0]["points"] is None
    assert version.sha256.encode() not in page.content


def test_a_list_costs_as_many_queries_for_many_as_for_few(
    teacher: Program, educator: User, django_assert_num_queries
) -> None:
    publishing.published(educator)
    teacher.get("me/")
    for _ in range(2):
        with django_assert_num_queries(3):  # the token, the page, what was published
            teacher.get("exams/")
        for _ in range(3):
            exams.exam(educator)
            publishing.published(educator)
