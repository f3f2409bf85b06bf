"""The queue of answers that wait for a person, and the page on which one is graded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from exams import content
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from scoring.models import Attempt, Grade, ScoreboardEntry
from scoring.services import closing, marking
from tests.factories import attempts, courses, exams, people, versions
from tests.factories.lectures import run_jobs
from tests.factories.versions import right_answers, sheet
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words

QUEUE = "/grading/"
MARK = {"points": "1.5", "comment": "Both stages, no order.", "revision": "1"}


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    """A machine's question of one point, and an essay of two."""
    questions = [
        exams.question(Kind.TRUE_FALSE),
        exams.question(Kind.ESSAY, points=Decimal(2)),
    ]
    return versions.version(
        educator, course=course, questions=questions, release=Release.AT_SUBMIT
    )


@pytest.fixture
def attempt(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student)


def mark_url(attempt: Attempt) -> str:
    essay = sheet(attempt.version, Kind.ESSAY)["id"]
    return reverse("grade_answer", args=[attempt.id, essay])


def test_an_exam_waits_in_the_queue_with_its_number_of_attempts(
    teacher: Client, version: ExamVersion, attempt: Attempt, classmate: User
) -> None:
    attempts.closed(version, classmate)
    page = teacher.get(QUEUE)
    assert "Week1 Grading 2 attempts wait for you Grade next Week1" in words(page)
    next_one = teacher.get(QUEUE, {"exam": version.exam_id})
    assert next_one.headers["Location"] == mark_url(attempt)


def test_every_exam_that_waits_can_be_come_to(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    for _ in range(22):
        version = versions.version(educator, course=course, kinds=[Kind.ESSAY])
        attempts.closed(version, student)
    found: set[str] = set()
    for number in (1, 2):
        page = teacher.get(QUEUE, {"page": number})
        assert f"Page {number} of 2" in words(page)
        found.update(re.findall(r"\?exam=([0-9a-f-]+)", page.content.decode()))
    assert len(found) == 22


def test_an_empty_queue_says_so(teacher: Client, version: ExamVersion) -> None:
    text = words(teacher.get(QUEUE))
    assert "Nothing to grade Essays that students hand in appear here. Home" in text
    assert "Nothing to grade" in words(teacher.get(QUEUE, {"exam": version.exam_id}))


@pytest.mark.parametrize("exam", ["", "none", "\N{BULLET}", "x" * 400])
def test_a_queue_of_no_exam_is_the_queue_of_all(
    teacher: Client, attempt: Attempt, exam: str
) -> None:
    assert "1 attempt waits for you" in words(teacher.get(QUEUE, {"exam": exam}))


def test_the_page_shows_the_answer_and_its_rubric_and_no_name(
    teacher: Client, attempt: Attempt
) -> None:
    text = words(teacher.get(mark_url(attempt)))
    assert "Question 2. 1 answer left." in text
    assert "Explain how a leaf eats light." in text
    assert "Light first, then the Calvin cycle." in text
    assert "What to look for One point for each stage." in text
    assert "From 0 to 2." in text
    assert "sam@example.org" not in text


def test_an_essay_that_was_left_empty_waits_for_nobody(
    teacher: Client, version: ExamVersion, student: User
) -> None:
    attempts.closed(version, student, {})
    assert "Nothing to grade" in words(teacher.get(QUEUE))


def test_markup_in_an_answer_is_text(
    teacher: Client, version: ExamVersion, student: User
) -> None:
    essay = sheet(version, Kind.ESSAY)["id"]
    attempt = attempts.closed(version, student, {essay: "<script>x</script>"})
    page = teacher.get(mark_url(attempt)).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page


def test_points_and_comment_reach_board_and_result(
    teacher: Client, version: ExamVersion, attempt: Attempt, student: User
) -> None:
    run_jobs()
    browser = signed_in(student)
    before = words(browser.get(url("result", attempt)))
    assert "2.5" not in before
    assert ScoreboardEntry.objects.count() == 0
    said = teacher.post(mark_url(attempt), MARK, follow=True)
    assert said.redirect_chain == [(QUEUE, 302)]
    assert "Graded." in words(said)
    assert "Nothing to grade" in words(said)
    grade = Grade.objects.get(revision=2)
    assert (grade.points, grade.complete) == (Decimal("2.5"), True)
    run_jobs()
    assert ScoreboardEntry.objects.get().points == Decimal("2.5")
    after = words(browser.get(url("result", attempt)))
    assert "2.5 of 3 points" in after
    assert "Your educator says Both stages, no order." in after
    board = words(browser.get(reverse("scoreboard", args=[version.exam_id])))
    assert "You have 83.3 % : place 1 of 1." in board


def test_one_leads_to_the_next_of_the_same_exam(
    teacher: Client, version: ExamVersion, attempt: Attempt, classmate: User
) -> None:
    second = attempts.closed(version, classmate)
    assert "2 answers left." in words(teacher.get(mark_url(attempt)))
    said = teacher.post(mark_url(attempt), MARK)
    assert said.headers["Location"] == mark_url(second)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"points": "2.01"}, "At most 2 points."),
        ({"points": "-0.5"}, "greater than or equal to 0"),
        ({"points": "0.125"}, "no more than 2 decimal places"),
        ({"points": "NaN"}, "Enter a number."),
        ({"points": ""}, "This field is required."),
        ({"comment": "x" * 2001}, "at most 2000 characters"),
        ({"comment": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    teacher: Client, attempt: Attempt, wrong: dict[str, str], said: str
) -> None:
    page = teacher.post(mark_url(attempt), MARK | wrong)
    assert page.status_code == 422
    (field,) = wrong
    (error,) = re.findall(
        rf'id="id_{field}_error"[^>]*>(.*?)</', page.content.decode(), re.DOTALL
    )
    assert said in error
    assert Grade.objects.count() == 1
    # What was written besides is not lost.
    if field != "comment":
        assert MARK["comment"] in page.content.decode()


@pytest.mark.parametrize("revision", ["", "0", "x", "-1"])
def test_without_the_grade_that_was_seen_nothing_is_graded(
    teacher: Client, attempt: Attempt, revision: str
) -> None:
    page = teacher.post(mark_url(attempt), MARK | {"revision": revision})
    assert page.status_code == 422
    assert Grade.objects.count() == 1


@pytest.fixture
def two_essays(educator: User, course: Course) -> ExamVersion:
    kinds: list[content.Question] = [exams.question(Kind.ESSAY) for _ in range(2)]
    return versions.version(educator, course=course, questions=kinds)


def test_who_comes_second_is_told_and_overwrites_nothing(
    teacher: Client, educator: User, student: User, two_essays: ExamVersion
) -> None:
    """A colleague graded another answer of this attempt while the page was open."""
    attempt = attempts.closed(two_essays, student)
    first, second = (question["id"] for question in two_essays.questions)
    marking.mark_by_hand(
        attempt=attempt,
        question=second,
        points=Decimal("0.25"),
        comment="",
        actor=educator,
        revision=1,
    )
    address = reverse("grade_answer", args=[attempt.id, first])
    said = teacher.post(address, {**MARK, "points": "1"})
    assert said.status_code == 409
    text = words(said)
    assert "Somebody graded this attempt meanwhile. Look again, then decide." in text
    # What was decided is still there, and goes in with the next click.
    body = said.content.decode()
    assert MARK["comment"] in body
    assert 'name="revision" value="2"' in body
    assert Grade.objects.count() == 2
    teacher.post(address, {**MARK, "points": "1", "revision": "2"})
    grade = Grade.objects.get(revision=3)
    assert (grade.points, grade.complete) == (Decimal("1.25"), True)


def fields(page: Any) -> dict[str, str]:
    """What stands in the form."""
    body = page.content.decode()
    points = re.search(r'name="points" value="([^"]*)"', body)
    (comment,) = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", body, re.DOTALL)
    (revision,) = re.findall(r'name="revision" value="(\d+)"', body)
    found = points[1] if points else ""
    return {"points": found, "comment": comment, "revision": revision}


def test_a_mark_that_was_a_slip_is_corrected(
    teacher: Client, attempt: Attempt, student: User
) -> None:
    teacher.post(mark_url(attempt), {**MARK, "points": "0.2"})
    page = teacher.get(mark_url(attempt))
    assert page.status_code == 200
    assert fields(page) == {**MARK, "points": "0.2", "revision": "2"}
    assert "Question 2. Graded, and you may change it." in words(page)
    said = teacher.post(mark_url(attempt), {**MARK, "points": "2", "revision": "2"})
    assert said.headers["Location"] == QUEUE
    run_jobs()
    assert ScoreboardEntry.objects.get().points == Decimal(3)
    # The grade of before stays.
    kept = list(Grade.objects.values_list("revision", "points", "complete"))
    assert kept == [
        (1, Decimal(1), False),
        (2, Decimal("1.2"), True),
        (3, Decimal(3), True),
    ]
    result = words(signed_in(student).get(url("result", attempt)))
    assert "3 of 3 points" in result


def test_the_result_leads_its_educator_to_the_grade_and_back(
    teacher: Client, version: ExamVersion, attempt: Attempt, student: User
) -> None:
    link = f'href="{mark_url(attempt)}?from=result"'
    for mark in (MARK, {**MARK, "points": "2", "revision": "2"}):
        result = teacher.get(url("result", attempt))
        assert result.content.decode().count(link) == 1
        said = teacher.post(f"{mark_url(attempt)}?from=result", mark)
        assert said.headers["Location"] == url("result", attempt)
    assert (
        "grading/"
        not in signed_in(student).get(url("result", attempt)).content.decode()
    )
    live = teacher.get(reverse("live", args=[version.exam_id])).content.decode()
    assert f'href="{url("result", attempt)}">{student}</a>' in live


def test_an_essay_without_an_answer_can_still_be_given_points(
    teacher: Client, version: ExamVersion, student: User
) -> None:
    attempt = attempts.closed(version, student, {})
    assert fields(teacher.get(mark_url(attempt)))["points"] == "0"
    teacher.post(mark_url(attempt), MARK)
    assert Grade.objects.get(revision=2).points == Decimal("1.5")


def test_two_who_grade_the_same_answer_see_both_marks(
    teacher: Client, educator: User, attempt: Attempt
) -> None:
    for client in (teacher, signed_in(educator)):
        client.get(mark_url(attempt))
    theirs = {"points": "0.5", "comment": "Only <one> stage.", "revision": "1"}
    teacher.post(mark_url(attempt), theirs)
    said = teacher.post(mark_url(attempt), MARK)
    assert said.status_code == 409
    text = words(said)
    assert "Somebody graded this answer meanwhile. Look again, then decide." in text
    assert "Stored: 0.5 of 2 points Only &lt;one&gt; stage." in text
    assert fields(said) == {**MARK, "revision": "2"}
    assert Grade.objects.count() == 2
    teacher.post(mark_url(attempt), {**MARK, "revision": "2"})
    essay = sheet(attempt.version, Kind.ESSAY)["id"]
    assert Grade.objects.get(revision=3).marks[essay]["points"] == MARK["points"]


def test_a_second_click_changes_nothing(teacher: Client, attempt: Attempt) -> None:
    for _ in range(2):
        said = teacher.post(mark_url(attempt), MARK)
        assert said.headers["Location"] == QUEUE
    assert Grade.objects.count() == 2


def test_what_was_not_handed_in_or_was_taken_out_is_not_graded(
    teacher: Client,
    educator: User,
    version: ExamVersion,
    classmate: User,
    student: User,
) -> None:
    running = attempts.started(version, classmate)
    gone = attempts.closed(version, student)
    closing.void(attempt=gone, reason="x", actor=educator)
    for attempt in (running, gone):
        for ask in (teacher.get, teacher.post):
            said = ask(mark_url(attempt), MARK, follow=True)
            assert said.redirect_chain == [(QUEUE, 302)]
            assert "There is no answer to grade." in words(said)
    assert Grade.objects.count() == 1


def test_what_was_taken_out_waits_no_more(
    teacher: Client, educator: User, attempt: Attempt
) -> None:
    closing.void(attempt=attempt, reason="x", actor=educator)
    assert "Nothing to grade" in words(teacher.get(QUEUE))


def test_the_answers_of_others_do_not_exist(
    colleague: User, student: User, attempt: Attempt
) -> None:
    stranger = signed_in(colleague)
    assert "Nothing to grade" in words(stranger.get(QUEUE))
    exam = {"exam": attempt.version.exam_id}
    assert "Nothing to grade" in words(stranger.get(QUEUE, exam))
    assert stranger.get(mark_url(attempt)).status_code == 404
    assert stranger.post(mark_url(attempt), MARK).status_code == 404
    taker = signed_in(student)
    assert taker.get(QUEUE).status_code == 403
    assert taker.post(mark_url(attempt), MARK).status_code == 403
    assert Grade.objects.count() == 1


def test_it_asks_as_often_for_two_as_for_twenty(
    teacher: Client,
    course: Course,
    version: ExamVersion,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    def come(number: int) -> None:
        for n in range(number):
            user = people.student(f"{number}-{n}@example.org")
            courses.enrol(course, user)
            attempts.closed(version, user, right_answers(version))

    come(2)
    attempt = Attempt.objects.earliest("closed_at")
    address = mark_url(attempt)
    teacher.get(QUEUE)
    for more in (0, 18):
        come(more)
        with django_assert_num_queries(4) as captured:
            teacher.get(QUEUE)
        assert not any('"paper"' in q["sql"] for q in captured.captured_queries)
        with django_assert_num_queries(4) as captured:
            teacher.get(address)
    # One paper with its key and one snapshot: those of the answer on the page.
    said = [query["sql"] for query in captured.captured_queries]
    for column in ("examversion.paper", "examversion.key", "attempt.snapshot"):
        (read,) = [sql for sql in said if column.replace(".", '"."') in sql]
        assert attempt.pk.hex in read.replace("-", "")
        assert read.endswith("LIMIT 1")
    revision = {"revision": "1", "points": "1", "comment": ""}
    with django_assert_max_num_queries(20) as captured:
        teacher.post(address, revision)
    said = [query["sql"] for query in captured.captured_queries]
    assert sum('"paper"' in sql for sql in said) == 1
