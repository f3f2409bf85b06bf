"""Coming in by a code: typed, scanned, wrong, or guessed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.codes import spoken
from accounts.models import Course, User
from accounts.services.guesses import MOST_OF_PERSON, WINDOW_SECONDS
from tests.factories import courses, versions

pytestmark = pytest.mark.django_db

WRONG = "No course and no exam has this code. Compare it sign by sign."


@pytest.fixture
def botany(educator: User) -> Course:
    return courses.course(educator)


def page(course: Course) -> str:
    return reverse("join", args=[course.code])


def students(course: Course) -> list[str]:
    return list(course.enrolments.students().values_list("user__email", flat=True))


def test_a_typed_code_leads_to_its_page(browser: Client, botany: Course) -> None:
    answer = browser.get(reverse("join_code"), {"code": spoken(botany.code).lower()})
    assert (answer.status_code, answer["Location"]) == (302, page(botany))


def test_without_a_code_it_asks_for_one(browser: Client) -> None:
    answer = browser.get(reverse("join_code"))
    assert answer.status_code == 200
    assert 'id="code"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["K7PM4XWD", "a/b", "<script>", "\0", "x" * 400])
def test_a_wrong_code_is_told_beside_the_field(browser: Client, typed: str) -> None:
    answer = browser.get(reverse("join_code"), {"code": typed})
    assert answer.status_code == 422
    assert WRONG in answer.content.decode()
    assert (
        "<script>" not in answer.content.decode().split("<main")[1].split("</main")[0]
    )


def test_an_address_with_a_wrong_code_is_not_found(browser: Client) -> None:
    answer = browser.get("/join/K7PM4XWD/")
    assert answer.status_code == 404
    assert WRONG in answer.content.decode()


def test_opening_the_link_asks_and_the_button_joins(
    browser: Client, student: User, botany: Course
) -> None:
    asked = browser.get(page(botany))
    assert asked.status_code == 200
    assert "Join “Botany”?" in asked.content.decode()
    assert students(botany) == []
    joined = browser.post(page(botany))
    assert (joined.status_code, joined["Location"]) == (302, reverse("courses"))
    assert students(botany) == [student.email]
    again = browser.get(page(botany))
    assert (again.status_code, again["Location"]) == (302, reverse("courses"))


def test_a_course_that_is_closed_says_whom_to_ask(
    browser: Client, educator: User, botany: Course
) -> None:
    Course.objects.update(open_to_join=False)
    assert browser.post(page(botany))["Location"] == page(botany)
    asked = browser.get(page(botany)).content.decode()
    assert "“Botany” takes nobody in now" in asked
    assert 'method="post"' not in asked.split("<main")[1].split("</main")[0]
    assert students(botany) == []


def test_the_code_of_an_exam_leads_through_its_course_to_its_start(
    browser: Client, student: User, educator: User, botany: Course
) -> None:
    version = versions.version(educator, course=botany)
    address = reverse("join", args=[version.code])
    start = reverse("take", args=[version.exam_id])
    asked = browser.get(address).content.decode()
    assert f"“{version.title}” is for students of this course" in asked
    assert browser.get(start).status_code == 404
    assert browser.post(address)["Location"] == start
    assert students(botany) == [student.email]
    assert browser.get(start).status_code == 200
    assert browser.get(address)["Location"] == start


def test_the_code_of_an_exam_without_a_course_leads_straight_to_it(
    browser: Client, educator: User
) -> None:
    version = versions.version(educator)
    answer = browser.get(reverse("join", args=[version.code]))
    assert answer["Location"] == reverse("take", args=[version.exam_id])


def test_educators_are_led_to_what_is_theirs(
    teacher: Client, educator: User, botany: Course
) -> None:
    version = versions.version(educator)
    for method in (teacher.get, teacher.post):
        course = method(page(botany))
        assert course["Location"] == reverse("course", args=[botany.id])
        exam = method(reverse("join", args=[version.code]))
        assert exam["Location"] == reverse("share", args=[version.exam_id])
    assert students(botany) == []


def test_guessing_is_stopped_also_at_the_right_code(
    browser: Client, botany: Course
) -> None:
    for _ in range(MOST_OF_PERSON):
        assert browser.get("/join/K7PM4XWD/").status_code == 404
    for stopped in (
        browser.get(page(botany)),
        browser.post(page(botany)),
        browser.get(reverse("join_code"), {"code": botany.code}),
    ):
        assert stopped.status_code == 429
        assert stopped["Retry-After"] == str(WINDOW_SECONDS)
        assert "Too many wrong codes." in stopped.content.decode()
    assert students(botany) == []


def test_a_visitor_signs_in_first_and_comes_back(botany: Course) -> None:
    answer = Client().get(page(botany))
    assert answer["Location"] == f"{reverse('account_login')}?next={page(botany)}"
