"""The board: educators see names as it stands, students after the release."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from accounts.services.courses import leave
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from scoring.services import closing
from tests.factories import attempts, courses, exams, people, versions
from tests.factories.lectures import run_jobs
from tests.factories.versions import right_answers
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words

OUT = {"release": Release.AT_SUBMIT}


def publish(educator: User, course: Course | None, **rules: Any) -> ExamVersion:
    """Four questions of a point each; half of them pass."""
    return versions.version(
        educator,
        course=course,
        questions=[exams.question(Kind.TRUE_FALSE) for _ in range(4)],
        **{"pass_percent": Decimal(50), **OUT, **rules},
    )


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    return publish(educator, course)


def taken(version: ExamVersion, right: dict[User, int]) -> None:
    """Each of these hands in so many right answers, and the board is brought up."""
    for user, number in right.items():
        answers = dict(list(right_answers(version).items())[:number])
        attempts.closed(version, user, answers)
    run_jobs()


def joined(course: Course | None, *names: str) -> list[User]:
    users = [people.student(f"{name}@example.org".lower(), name=name) for name in names]
    for user in users:
        if course:
            courses.enrol(course, user)
    return users


def board(version: ExamVersion) -> str:
    return reverse("scoreboard", args=[version.exam_id])


_TAG = re.compile(r"<(svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


def tables(response: Any) -> dict[str, list[list[str]]]:
    """Every table of the page under its caption: its cells in words."""
    found = {}
    body = response.content.decode()
    for table in re.findall(r"<table.*?</table>", body, re.DOTALL):
        (caption,) = re.findall(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        lines = re.findall(r"<tr.*?</tr>", table.partition("<tbody>")[2], re.DOTALL)
        found[caption] = [
            [
                " ".join(_TAG.sub(" ", cell).split())
                for cell in re.findall(r"<t[dh]\b.*?</t[dh]>", line, re.DOTALL)
            ]
            for line in lines
        ]
    return found


def places(response: Any) -> list[list[str]]:
    return tables(response)["Students by place"]


# Educators


def test_the_educator_sees_names_shared_places_and_figures(
    teacher: Client, course: Course, version: ExamVersion
) -> None:
    ada, ben, cleo, dan = joined(course, "Ada", "Ben", "Cleo", "Dan")
    taken(version, {ada: 4, dan: 1, cleo: 2, ben: 2})
    page = teacher.get(board(version))
    assert page.status_code == 200
    assert places(page) == [
        ["1", "Ada", "4", "100"],
        ["2=", "Ben", "2", "50"],
        ["2=", "Cleo", "2", "50"],
        ["4", "Dan", "1", "25"],
    ]
    text = words(page)
    assert "As it stands now. Who took part sees it too." in text
    assert "Mean 56.3 % median 50" in text
    assert "Passed 3 of 4 75 %" in text
    assert "Spread 27.2 standard deviation" in text
    assert "Middle half 44–63 % first to third quartile" in text
    assert "Best 100 % of 4 students" in text


def test_the_picture_and_its_table_say_the_same(
    teacher: Client, course: Course, version: ExamVersion
) -> None:
    ada, ben, cleo, dan = joined(course, "Ada", "Ben", "Cleo", "Dan")
    taken(version, {ada: 4, dan: 1, cleo: 2, ben: 2})
    page = teacher.get(board(version))
    twin = tables(page)["Students by score"]
    assert twin == [
        ["0–9", "0"],
        ["10–19", "0"],
        ["20–29", "1"],
        ["30–39", "0"],
        ["40–49", "0"],
        ["50–59", "2"],
        ["60–69", "0"],
        ["70–79", "0"],
        ["80–89", "0"],
        ["90–100", "1"],
    ]
    body = page.content.decode()
    (picture,) = re.findall(r'<svg class="eg-hist".*?</svg>', body, re.DOTALL)
    above = re.findall(r'class="is-value"[^>]*>\s*(\d+)', picture)
    assert above == [people for _, people in twin if people != "0"]
    # A bar below the pass mark has another pattern, and the mark its line.
    assert re.findall(r'class="(is-bar[^"]*)"', picture) == [
        "is-bar is-below",
        "is-bar",
        "is-bar",
    ]
    assert 'class="is-pass" x1="310"' in picture


def test_the_educator_finds_somebody_with_their_place_on_the_whole_board(
    teacher: Client, course: Course, version: ExamVersion
) -> None:
    ada, ben, cleo = joined(course, "Ada", "Ben", "Cleo")
    taken(version, {ada: 4, ben: 3, cleo: 1})
    for query in ("cle", "CLEO@example"):
        page = teacher.get(board(version), {"q": query})
        assert places(page) == [["3", "Cleo", "1", "25"]]
    text = words(teacher.get(board(version), {"q": "zzz"}))
    assert "Nobody on the board is called so." in text


def test_a_search_reads_no_more_than_a_page_and_leads_to_the_next(
    teacher: Client, course: Course, version: ExamVersion, django_assert_max_num_queries
) -> None:
    joined(course, "Ada")
    taken(version, dict.fromkeys(joined(course, *(f"P{n:02d}" for n in range(52))), 2))
    with django_assert_max_num_queries(12) as captured:
        first = teacher.get(board(version), {"q": "p"})
    read = [
        q["sql"] for q in captured.captured_queries if "scoreboardentry" in q["sql"]
    ]
    assert [sql for sql in read if "COUNT" not in sql and "LIMIT 50" not in sql] == []
    assert len(places(first)) == 50
    assert 'href="?q=p&amp;page=2"' in first.content.decode()
    second = teacher.get(board(version), {"q": "p", "page": 2})
    assert [line[:2] for line in places(second)] == [["1=", "P50"], ["1=", "P51"]]


def test_a_board_without_anybody_says_so(teacher: Client, version: ExamVersion) -> None:
    page = teacher.get(board(version))
    assert tables(page) == {}
    assert "No scores yet Nobody has handed in yet." in words(page)


def test_the_educator_sees_it_before_the_release(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    version = publish(educator, course, release=Release.MANUAL)
    taken(version, {student: 3})
    assert places(teacher.get(board(version))) == [["1", "sam@example.org", "3", "75"]]


# Students


def test_students_see_it_after_the_release_alone(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = publish(educator, course, release=Release.MANUAL)
    taken(version, {student: 3, classmate: 1})
    browser = signed_in(student)
    page = browser.get(board(version))
    assert tables(page) == {}
    text = words(page)
    assert "Not released yet" in text
    assert "You will see results when your educator releases them." in text
    assert "75" not in text
    publishing.close_exam(version=version, actor=educator.id)
    assert tables(browser.get(board(version))) == {}
    publishing.release_results(version=version, actor=educator)
    assert len(places(browser.get(board(version)))) == 2
    publishing.reopen_exam(
        version=version, actor=educator, closes_at=now() + timedelta(hours=1)
    )
    assert tables(browser.get(board(version))) == {}


def test_a_promised_date_is_said(educator: User, course: Course, student: User) -> None:
    at = datetime(2099, 1, 5, 9, tzinfo=now().tzinfo)
    version = publish(educator, course, release=Release.ON_DATE, release_at=at)
    taken(version, {student: 3})
    text = words(signed_in(student).get(board(version)))
    assert "You will see results on Monday, 5 January, 09:00" in text


def test_an_end_that_was_brought_forward_is_promised_no_more(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = publish(educator, course, release=Release.AFTER_CLOSE, minutes=30)
    taken(version, {student: 3})
    attempts.started(version, classmate)
    browser = signed_in(student)
    assert "when everybody is done, not before" in words(browser.get(board(version)))
    publishing.close_exam(version=version, actor=educator.id)
    text = words(browser.get(board(version)))
    assert "not before" not in text
    assert "results when the exam is closed and everybody is done. Home" in text


def test_a_board_that_waits_for_a_person_says_so(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.ESSAY], **OUT)
    attempts.closed(version, student)
    said = "Being graded Scores appear here by themselves, once all answers"
    for client, leads in ((signed_in(student), False), (teacher, True)):
        page = client.get(board(version))
        assert said in words(page)
        assert "Nobody has handed in" not in words(page)
        assert ('href="/grading/"' in page.content.decode()) == leads


def test_the_own_place_stands_on_top_and_on_every_page(
    course: Course, version: ExamVersion
) -> None:
    Course.objects.update(aliases=False)
    me, *others = joined(course, "Zoe", *(f"P{n:02d}" for n in range(52)))
    taken(version, {me: 1, others[-1]: 1, **dict.fromkeys(others[:-1], 2)})
    browser = signed_in(me)
    first, second = (browser.get(board(version), {"page": n}) for n in (1, 2))
    assert len(places(first)) == 50
    assert places(second) == [
        ["1=", "P50", "2", "50"],
        ["52=", "P51", "1", "25"],
        ["52=", "Zoe You", "1", "25"],
    ]
    for page in (first, second):
        assert "You have 25 % : place 52 of 53. Others have the same score." in words(
            page
        )
    assert second.content.decode().count('class="is-me"') == 1


def test_names_are_replaced_where_the_course_says_so(
    teacher: Client, course: Course, version: ExamVersion
) -> None:
    """By the names that the page of courses tells each student of their own."""
    Course.objects.update(aliases=True)
    ada, ben = joined(course, "Ada", "Ben")
    taken(version, {ada: 4, ben: 3})
    alias = {e.user: e.alias for e in course.enrolments.filter(user__in=[ada, ben])}
    browser = signed_in(ben)
    page = browser.get(board(version))
    assert places(page) == [
        ["1", alias[ada], "4", "100"],
        ["2", f"{alias[ben]} You", "3", "75"],
    ]
    body = page.content.decode()
    assert "Ada" not in body
    assert "ada@example.org" not in body
    assert "Names are replaced. Only you know which one is yours." in words(page)
    assert f"boards call you {alias[ben]}" in words(browser.get(reverse("courses")))
    # Nor can a name be searched for.
    assert places(browser.get(board(version), {"q": "Ada"})) == places(page)
    # The educator sees who it is.
    assert [line[1] for line in places(teacher.get(board(version)))] == ["Ada", "Ben"]


def test_who_left_the_course_keeps_the_alias(
    course: Course, version: ExamVersion
) -> None:
    Course.objects.update(aliases=True)
    ada, ben = joined(course, "Ada", "Ben")
    taken(version, {ada: 4, ben: 3})
    gone = course.enrolments.get(user=ada)
    leave(enrolment=gone, actor=ada)
    assert places(signed_in(ben).get(board(version)))[0][1] == gone.alias


def test_without_a_course_nobody_is_named(educator: User) -> None:
    version = publish(educator, None)
    ada, ben = joined(None, "Ada", "Ben")
    taken(version, {ada: 4, ben: 3})
    page = signed_in(ben).get(board(version))
    (first, second) = places(page)
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4}", first[1])
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4} You", second[1])
    assert "Ada" not in page.content.decode()


def test_the_address_of_somebody_without_a_name_is_shown_to_no_student(
    course: Course, version: ExamVersion, student: User, classmate: User
) -> None:
    """Whoever has no alias of the course either is given one of the board."""
    Course.objects.update(aliases=False)
    course.enrolments.update(alias="")
    (ada,) = joined(course, "Ada")
    taken(version, {ada: 4, student: 3, classmate: 1})
    page = signed_in(classmate).get(board(version))
    first, second, third = (line[1] for line in places(page))
    assert first == "Ada"
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4}", second)
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4} You", third)
    assert "sam@example.org" not in page.content.decode()


def test_an_attempt_that_was_taken_out_hides_no_board_that_was_seen(
    educator: User, course: Course, student: User
) -> None:
    version = publish(educator, course, attempts=2)
    taken(version, {student: 3})
    second = attempts.closed(version, student)
    closing.void(attempt=second, reason="Fire alarm", actor=educator)
    run_jobs()
    page = signed_in(student).get(board(version))
    assert [line[2:] for line in places(page)] == [["3", "75"]]


def test_who_took_no_part_and_who_is_a_stranger_find_none(
    version: ExamVersion, student: User, classmate: User, colleague: User
) -> None:
    taken(version, {student: 3})
    for user in (classmate, colleague, people.student("zoe@example.org")):
        assert signed_in(user).get(board(version)).status_code == 404
    assert signed_in(student).post(board(version)).status_code == 405


def test_an_educator_who_took_part_sees_it_as_a_student(
    course: Course, version: ExamVersion, colleague: User, student: User
) -> None:
    Course.objects.update(aliases=True)
    courses.enrol(course, colleague)
    taken(version, {colleague: 2, student: 3})
    page = signed_in(colleague).get(board(version))
    assert places(page)[1][1].endswith(" You")
    assert "sam@example.org" not in page.content.decode()


def test_a_result_leads_to_its_board(
    version: ExamVersion, student: User, browser: Client
) -> None:
    attempt = attempts.closed(version, student, right_answers(version))
    page = browser.get(url("result", attempt)).content.decode()
    assert f'href="{board(version)}"' in page
    assert browser.get(board(version)).status_code == 200


def test_the_educator_reads_whether_students_see_it(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    version = publish(educator, course, release=Release.MANUAL)
    taken(version, {student: 4})
    told = "Who took part sees it too."
    assert told not in words(teacher.get(board(version)))
    publishing.close_exam(version=version, actor=educator.id)
    publishing.release_results(version=version, actor=educator)
    assert told in words(teacher.get(board(version)))


def test_half_a_point_is_written_as_people_write_it(
    teacher: Client, educator: User, course: Course, student: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.MATCHING])
    ((question, key),) = version.key.items()
    half = dict(list(key["right"].items())[: len(key["right"]) // 2])
    attempts.closed(version, student, {question: half})
    run_jobs()
    page = teacher.get(board(version)).content.decode()
    assert ">0.5</td>" in page


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 400])
def test_a_page_that_is_none_is_the_nearest(
    teacher: Client, version: ExamVersion, student: User, number: str
) -> None:
    taken(version, {student: 3})
    assert len(places(teacher.get(board(version), {"page": number}))) == 1


@pytest.mark.parametrize("aliases", [True, False])
def test_it_asks_as_often_for_two_as_for_twenty(
    teacher: Client,
    course: Course,
    version: ExamVersion,
    student: User,
    django_assert_max_num_queries: Any,
    *,
    aliases: bool,
) -> None:
    Course.objects.update(aliases=aliases)
    browser = signed_in(student)
    taken(version, {student: 3, joined(course, "Ada")[0]: 2})
    counted = []
    for more in ((), [f"P{n:02d}" for n in range(18)]):
        taken(version, {user: n % 5 for n, user in enumerate(joined(course, *more))})
        for client in (teacher, browser):
            client.get(board(version))
            with django_assert_max_num_queries(12) as captured:
                client.get(board(version))
            # The clock's own reading comes by time, not by people.
            asked = [query["sql"] for query in captured.captured_queries]
            counted.append(sum("clock_timestamp" not in sql for sql in asked))
    assert counted[:2] == counted[2:]
