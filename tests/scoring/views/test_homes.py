"""The homes: what students can take and what became of it; what needs an educator."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from exams.states import ExamState, LectureState, QuestionState
from scoring.services import closing
from tests.factories import attempts, courses, exams, people, versions
from tests.factories.lectures import run_jobs
from tests.factories.versions import right_answers, wrong_answers
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words

HOUR = timedelta(hours=1)
RESULTS = "/results/"
KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)


def exam(owner: User, course: Course | None, title: str, **rules: Any) -> ExamVersion:
    row = exams.exam(owner, state=ExamState.PUBLISHED, kinds=KINDS, title=title)
    return versions.version(owner, exam=row, course=course, **rules)


_TAG = re.compile(r"<(svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


def lanes(client: Client) -> dict[str, list[str]]:
    """The lanes of a home: under each title its entries in words, or what it says."""
    body = client.get("/").content.decode()
    found = {}
    for lane in re.findall(r'<section class="eg-lane".*?</section>', body, re.DOTALL):
        (title,) = re.findall(r"<h2[^>]*>(.*?)</h2>", lane, re.DOTALL)
        cards = lane.partition('<div class="eg-card">')[2]
        items = re.findall(r"<li>.*?</li>", cards, re.DOTALL) or [cards]
        found[title] = [" ".join(_TAG.sub(" ", item).split()) for item in items]
    return found


def titles(client: Client) -> dict[str, list[str]]:
    """Under each title of a lane the exams in it."""
    body = client.get("/").content.decode()
    found = {}
    for lane in re.findall(r'<section class="eg-lane".*?</section>', body, re.DOTALL):
        (title,) = re.findall(r"<h2[^>]*>(.*?)</h2>", lane, re.DOTALL)
        found[title] = [
            " ".join(_TAG.sub(" ", name).split())
            for name in re.findall(r"<h3.*?</h3>", lane, re.DOTALL)
        ]
    return found


# Students


def test_a_student_sees_what_is_open_what_comes_and_what_was(
    browser: Client, educator: User, course: Course, student: User
) -> None:
    at = now()
    begun = exam(educator, course, "Begun", minutes=30)
    exam(educator, course, "Startable")
    exam(educator, course, "Planned", opens_at=at + HOUR, closes_at=at + 2 * HOUR)
    exam(educator, course, "Over", opens_at=at - 2 * HOUR, closes_at=at - HOUR)
    hidden = exam(educator, course, "Hidden", release=Release.MANUAL)
    shown = exam(educator, course, "Shown", release=Release.AT_SUBMIT)
    running = attempts.started(begun, student)
    attempts.closed(hidden, student)
    first = next(iter(right_answers(shown)))
    half = {**wrong_answers(shown), first: right_answers(shown)[first]}
    done = attempts.closed(shown, student, half)
    assert titles(browser) == {
        "Open": ["Begun", "Startable"],
        "Coming": ["Planned"],
        "Results": ["Shown", "Hidden"],
    }
    text = words(browser.get("/"))
    assert "2 exams are open for you." in text
    lane = lanes(browser)
    assert lane["Open"][0].startswith("Begun Begun Botany your time ends ")
    assert lane["Open"][0].endswith("Go on Begun")
    assert lane["Open"][1].startswith("Startable Botany open until ")
    assert lane["Open"][1].endswith("See the rules Startable")
    assert lane["Coming"][0].startswith("Planned Botany opens ")
    assert lane["Results"][0].startswith("Shown 50 % handed in ")
    assert lane["Results"][1].endswith("not released yet")
    body = browser.get("/").content.decode()
    for address in (
        url("attempt", running),
        url("result", done),
        reverse("take", args=[begun.exam_id]),
    ):
        assert f'href="{address}"' in body


def test_a_new_student_is_told_what_will_be_where(browser: Client) -> None:
    assert lanes(browser) == {
        "Open": ["Exams that you can take now appear here."],
        "Coming": ["Nothing is planned."],
        "Results": ["What you hand in appears here."],
    }
    text = words(browser.get("/"))
    assert "No exam is open for you now." in text


def test_nobody_sees_the_exams_or_results_of_others(
    educator: User, course: Course, student: User
) -> None:
    version = exam(educator, course, "Begun", release=Release.AT_SUBMIT)
    attempts.closed(version, student)
    stranger = people.student("zoe@example.org")
    assert titles(signed_in(stranger)) == {"Open": [], "Coming": [], "Results": []}


def test_what_was_taken_out_is_not_shown_as_a_result(
    browser: Client, educator: User, course: Course, student: User
) -> None:
    version = exam(educator, course, "Leaves", release=Release.AT_SUBMIT)
    attempt = attempts.closed(version, student)
    closing.void(attempt=attempt, reason="x", actor=educator)
    assert titles(browser) == {"Open": ["Leaves"], "Coming": [], "Results": []}


# Educators


def test_an_educator_sees_what_needs_them_what_runs_and_what_is_done(
    teacher: Client, educator: User, course: Course, student: User, classmate: User
) -> None:
    at = now()
    exams.exam(educator, title="To review")
    decided = exams.exam(educator, title="To publish")
    decided.questions.update(state=QuestionState.ACCEPTED)
    exams.lecture(educator, state=LectureState.FAILED, title="Failed", failure="empty")
    essays = exams.exam(
        educator, state=ExamState.PUBLISHED, kinds=[Kind.ESSAY], title="To grade"
    )
    attempts.closed(versions.version(educator, exam=essays, course=course), student)
    running = exam(educator, course, "Runs")
    attempts.started(running, student)
    attempts.closed(running, classmate)
    exam(educator, course, "Planned", opens_at=at + HOUR, closes_at=at + 2 * HOUR)
    over = exam(educator, course, "Over")
    attempts.closed(over, student)
    attempts.closed(over, classmate, wrong_answers(over))
    run_jobs()
    publishing.close_exam(version=over, actor=educator.id)
    found = titles(teacher)
    assert found["Needs you"] == ["To grade", "To review", "To publish", "Failed"]
    assert set(found["Live now"]) == {"Runs", "To grade", "Planned"}
    assert found["Live now"][-1] == "Planned"
    assert found["Done"] == ["Over"]
    lane = lanes(teacher)
    (live,) = [line for line in lane["Live now"] if line.startswith("Runs")]
    assert live.startswith("Runs 1 working ends ")
    assert live.endswith("1 handed in Watch Runs Share Runs")
    assert lane["Done"] == ["Over 2 students mean 50 %"]
    assert lane["Needs you"][0] == (
        "To grade Grading 1 attempt waits for you Grade next To grade"
    )
    text = words(teacher.get("/"))
    assert "Four things need you. Two exams are running." in text
    body = teacher.get("/").content.decode()
    for name, of in (("live", running.exam), ("scoreboard", over.exam)):
        assert f'href="{reverse(name, args=[of.id])}"' in body
    assert f'href="/grading/?exam={essays.id}"' in body
    assert f'href="{reverse("publish", args=[decided.id])}"' in body


def test_an_exam_with_shut_doors_runs_while_somebody_works(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    version = exam(educator, course, "Runs")
    attempt = attempts.started(version, student)
    publishing.close_exam(version=version, actor=educator.id)
    found = lanes(teacher)
    assert found["Live now"][0].startswith("Runs 1 working doors are shut 0 handed in")
    attempts.submitted(attempt)
    assert titles(teacher) == {"Needs you": [], "Live now": [], "Done": ["Runs"]}


def test_an_educator_who_begins_is_led_to_the_first_upload(teacher: Client) -> None:
    assert lanes(teacher) == {}
    text = words(teacher.get("/"))
    assert "Nothing needs you." in text
    assert "No lectures yet Upload a PDF and review your first draft" in text


def test_an_educator_sees_nothing_of_another(
    colleague: User, educator: User, course: Course, student: User
) -> None:
    attempts.closed(exam(educator, course, "Leaves"), student)
    exams.exam(educator, title="To review")
    assert lanes(signed_in(colleague)) == {}


def test_an_educator_who_attends_a_course_sees_both(
    colleague: User, educator: User, course: Course
) -> None:
    courses.enrol(course, colleague)
    exam(educator, course, "Theirs")
    exam(colleague, None, "Mine")
    found = titles(signed_in(colleague))
    assert (found["Live now"], found["Open"]) == (["Mine"], ["Theirs"])


# More than a lane holds


def test_a_student_finds_all_results(
    browser: Client, educator: User, course: Course, student: User
) -> None:
    assert "No results yet What you hand in appears here." in words(
        browser.get(RESULTS)
    )
    for number in range(23):
        version = exam(educator, course, f"R{number:02d}", release=Release.AT_SUBMIT)
        attempts.closed(version, student)
    home = browser.get("/").content.decode()
    assert f'href="{RESULTS}">All results</a>' in home
    assert titles(browser)["Results"] == [f"R{n:02d}" for n in range(22, 16, -1)]
    found = []
    for page in (browser.get(RESULTS), browser.get(RESULTS, {"page": 2})):
        text = words(page)
        assert "23 attempts, newest first." in text
        found += re.findall(r"(R\d\d) 100 % handed in", text)
    assert found == [f"R{n:02d}" for n in range(22, -1, -1)]


def test_all_that_comes_is_shown(
    browser: Client, educator: User, course: Course
) -> None:
    at = now()
    for n in range(8):
        exam(educator, course, f"P{n}", opens_at=at + HOUR, closes_at=at + 2 * HOUR)
    assert len(titles(browser)["Coming"]) == 8


def test_a_home_counts_all_and_leads_to_the_rest(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    for number in range(8):
        exams.exam(educator, title=f"To review {number}")
        exams.lecture(educator, state=LectureState.FAILED, failure="empty")
        essays = exams.exam(educator, state=ExamState.PUBLISHED, kinds=[Kind.ESSAY])
        version = versions.version(educator, exam=essays, course=course)
        attempts.closed(version, student)
    text = words(teacher.get("/"))
    assert "24 things need you. Eight exams are running." in text
    found = lanes(teacher)
    assert len(found["Needs you"]) == 3 * 6 + 1
    assert found["Needs you"][-1] == (
        "6 more things need you. All to grade All exams All lectures"
    )
    assert len(found["Live now"]) == 6 + 1
    assert found["Live now"][-1] == (
        "2 more run, are planned or on their way. All exams"
    )
    body = teacher.get("/").content.decode()
    badges = r'eg-badge is-(?:ink|live)">(?:<svg.*?</svg>)?\s*(\d+)</span>\s*</header>'
    assert re.findall(badges, body, re.DOTALL) == ["24", "8"]


# Queries


def _student_rows(educator: User, course: Course, student: User, n: int) -> None:
    at = now()
    for number in range(n):
        exam(educator, course, f"Startable {number}")
        exam(
            educator, course, f"P{number}", opens_at=at + HOUR, closes_at=at + 2 * HOUR
        )
        begun = exam(educator, course, f"Begun {number}")
        attempts.started(begun, student)
        for release in (Release.AFTER_CLOSE, Release.AT_SUBMIT):
            done = exam(educator, course, f"Done {number}", release=release)
            attempts.closed(done, student)
            ExamVersion.objects.filter(pk=done.pk).update(closed_at=at)


def test_a_students_home_asks_as_often_for_four_as_for_twenty(
    browser: Client,
    educator: User,
    course: Course,
    student: User,
    django_assert_max_num_queries: Any,
) -> None:
    """And so does the page of all results, of which it shows as many as there are."""
    counted = []
    for more in (2, 7):
        _student_rows(educator, course, student, more)
        for page in ("/", RESULTS):
            browser.get(page)
            with django_assert_max_num_queries(12) as captured:
                browser.get(page)
            counted.append(len(captured.captured_queries))
    assert counted[:2] == counted[2:]


def _educator_rows(educator: User, course: Course, student: User, n: int) -> None:
    at = now()
    for number in range(n):
        exams.exam(educator, title=f"To review {number}")
        exams.reviewed(educator, title=f"To publish {number}")
        exams.lecture(educator, state=LectureState.FAILED, failure="empty")
        exams.lecture(educator, state=LectureState.STORED)
        exam(
            educator, course, f"P{number}", opens_at=at + HOUR, closes_at=at + 2 * HOUR
        )
        attempts.closed(exam(educator, course, f"Live {number}"), student)
        essay = exams.exam(educator, state=ExamState.PUBLISHED, kinds=[Kind.ESSAY])
        over = versions.version(educator, exam=essay, course=course)
        attempts.closed(over, student)
        ExamVersion.objects.filter(pk=over.pk).update(closed_at=at)


def test_an_educators_home_asks_as_often_for_eight_as_for_twenty(
    teacher: Client,
    educator: User,
    course: Course,
    student: User,
    django_assert_max_num_queries: Any,
) -> None:
    counted = []
    for more in (8, 12):
        _educator_rows(educator, course, student, more)
        teacher.get("/")
        with django_assert_max_num_queries(30) as captured:
            teacher.get("/")
        # The clock of PostgreSQL is read every ten seconds, whatever is asked for.
        asked = [query["sql"] for query in captured.captured_queries]
        counted.append(sum("clock_timestamp" not in sql for sql in asked))
    assert counted[0] == counted[1]
    # What is long stays where it is.
    said = " ".join(query["sql"] for query in captured.captured_queries)
    for column in ("examversion.paper", "examversion.key", "attempt.snapshot"):
        assert column.replace(".", '"."') not in said
