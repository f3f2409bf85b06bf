"""By a code into a course and to an exam."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.codes import spoken
from accounts.models import Enrolment, User
from accounts.services import courses as services
from accounts.services.guesses import MOST_OF_PERSON
from exams.models import ExamVersion
from tests.factories import courses, people, versions
from tests.scoring.views.conftest import signed_in
from tests.scoring.views.test_taking import words


@pytest.fixture
def newcomer(db: None) -> User:
    return people.student("zoe@example.org")


@pytest.fixture
def browser(newcomer: User) -> Client:
    return signed_in(newcomer)


def join_url(code: str) -> str:
    return reverse("join", args=[code])


def take_url(version: ExamVersion) -> str:
    return reverse("take", args=[version.exam_id])


# A course


def test_a_course_is_joined_by_its_code_once_one_says_so(
    browser: Client, newcomer: User, educator: User
) -> None:
    course = courses.course(educator, name="Botany")
    response = browser.get(join_url(course.code))
    assert "Join “Botany”?" in words(response)
    assert "will see your name and your e-mail address" in words(response)
    # Looking enrols nobody.
    assert not Enrolment.objects.exists()
    response = browser.post(join_url(course.code), follow=True)
    assert response.redirect_chain == [(reverse("courses"), 302)]
    assert "You are in “Botany”." in words(response)
    assert Enrolment.objects.get().user == newcomer
    # Whoever is inside is only led on.
    again = browser.get(join_url(course.code))
    assert again["Location"] == reverse("courses")
    assert browser.post(join_url(course.code))["Location"] == reverse("courses")
    assert Enrolment.objects.count() == 1


def test_a_code_may_be_typed_in_many_ways(browser: Client, educator: User) -> None:
    code = courses.course(educator).code
    for typed in (
        code.lower(),
        spoken(code),
        f" {spoken(code).lower()} ",
        "-".join(code),
    ):
        assert browser.get(join_url(typed)).status_code == 200
        response = browser.get(reverse("join_code"), {"code": typed})
        assert response["Location"] == join_url(code)


def test_a_course_that_is_shut_lets_nobody_new_in(
    browser: Client, educator: User
) -> None:
    course = courses.course(educator, name="Botany", open_to_join=False)
    response = browser.post(join_url(course.code))
    assert response.status_code == 403
    assert "“Botany” takes nobody new" in words(response)
    assert not Enrolment.objects.exists()


def test_who_left_comes_back_with_what_they_were_granted(
    browser: Client, newcomer: User, educator: User
) -> None:
    course = courses.course(educator)
    enrolment = courses.enrol(course, newcomer, multiplier="1.5")
    services.leave(enrolment=enrolment, actor=educator)
    browser.post(join_url(course.code))
    row = Enrolment.objects.get()
    assert (row.left_at, str(row.multiplier)) == (None, "1.50")


def test_who_teaches_a_course_does_not_join_it(educator: User, colleague: User) -> None:
    course = courses.course(educator)
    services.add_educator(course=course, email=colleague.email, actor=educator)
    for person in (educator, colleague):
        response = signed_in(person).post(join_url(course.code), follow=True)
        assert response.redirect_chain == [(reverse("courses"), 302)]
        assert "You teach this course" in words(response)
    assert not Enrolment.objects.students().exists()


# An exam


def test_the_code_of_an_exam_leads_through_its_course_to_its_start(
    browser: Client, newcomer: User, educator: User
) -> None:
    course = courses.course(educator, name="Botany")
    version = versions.version(educator, course=course)
    text = words(browser.get(join_url(version.code)))
    assert "Join “Botany”?" in text
    assert f"The exam “{version.title}” belongs to this course." in text
    response = browser.post(join_url(version.code))
    assert response["Location"] == take_url(version)
    assert Enrolment.objects.get().user == newcomer
    assert browser.get(take_url(version)).status_code == 200
    assert browser.get(join_url(version.code))["Location"] == take_url(version)


def test_the_code_of_an_exam_without_course_leads_straight_to_its_start(
    browser: Client, educator: User
) -> None:
    version = versions.version(educator)
    assert browser.get(join_url(version.code))["Location"] == take_url(version)
    assert signed_in(educator).get(join_url(version.code))["Location"] == take_url(
        version
    )


def test_the_owner_is_led_to_what_students_will_see(
    educator: User, version: ExamVersion
) -> None:
    response = signed_in(educator).get(join_url(version.code))
    assert response["Location"] == take_url(version)


# Wrong codes


@pytest.mark.parametrize(
    "code", ["K7PM-4XWD", "k7pm4xwd", "OOOO-1111", "x", "x" * 300, "<b>", "é", "\x00"]
)
def test_a_wrong_code_is_said_to_be_wrong_with_the_cure(
    browser: Client, code: str
) -> None:
    response = browser.get(join_url(code))
    assert response.status_code == 404
    text = words(response)
    assert "No exam or course has the code" in text
    assert "Check it with your educator; codes never contain O, I or 1." in text
    assert b"<b>" not in response.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_guessing_ends_soon_also_for_right_codes(
    browser: Client, educator: User, method: str
) -> None:
    course = courses.course(educator)
    for number in range(MOST_OF_PERSON):
        wrong = getattr(browser, method)(join_url(f"K7PM-4X{number}W"))
        assert wrong.status_code == 404
    for code in ("K7PM-4XWD", course.code):
        assert getattr(browser, method)(join_url(code)).status_code == 429
    other = signed_in(people.student("ada@example.org"))
    assert other.get(join_url(course.code)).status_code == 200


def test_a_class_of_forty_joins_from_one_address_with_a_slip_each(
    educator: User,
) -> None:
    version = versions.version(educator, course=courses.course(educator))
    for number in range(40):
        client = signed_in(people.student(f"pupil{number}@example.org"))
        assert client.get(join_url("K7PM-4XWD")).status_code == 404
        response = client.post(join_url(version.code))
        assert response["Location"] == take_url(version)
        assert client.post(take_url(version)).status_code == 302
    assert Enrolment.objects.count() == 40
    assert version.attempts.count() == 40


def test_visitors_sign_in_first_and_land_where_they_were_going(
    version: ExamVersion,
) -> None:
    response = Client().get(join_url(version.code))
    assert response["Location"] == f"/accounts/login/?next={join_url(version.code)}"


def test_the_form_asks_for_a_code(browser: Client) -> None:
    response = browser.get(reverse("join_code"))
    assert response.status_code == 200
    assert "Code of the exam or course" in words(response)
    strange = browser.get(reverse("join_code"), {"code": " //a/../b "})
    assert strange["Location"] == join_url("AB")


@pytest.mark.parametrize("typed", ["/", "////", ".", "..", "-", "_ _", ""])
def test_marks_alone_are_no_code(browser: Client, typed: str) -> None:
    response = browser.get(reverse("join_code"), {"code": typed})
    assert response.status_code == 200
    assert "Code of the exam or course" in words(response)


@pytest.mark.parametrize("kind", ["course", "exam"])
def test_joining_takes_few_queries(
    browser: Client, educator: User, kind: str, django_assert_max_num_queries
) -> None:
    course = courses.course(educator)
    version = versions.version(educator, course=course)
    code = course.code if kind == "course" else version.code
    with django_assert_max_num_queries(7):
        browser.get(join_url(code))
