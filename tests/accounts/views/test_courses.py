"""Courses in pages: making one, its code, its roster, its educators."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from accounts.services import courses as services
from examgen.templatetags.look import qr
from tests.factories import courses, people


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


@pytest.fixture
def theirs(student: User) -> Client:
    client = Client()
    client.force_login(student)
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def words(response: Any) -> str:
    """What a person reads of a page."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def page_of(browser: Client, course: Course, **query: str) -> Any:
    return browser.get(reverse("course", args=[course.id]), query)


# The list


def test_a_course_is_made_by_its_name_alone(browser: Client, educator: User) -> None:
    response = browser.post(reverse("courses"), {"name": "  Botany "})
    course = Course.objects.get()
    assert response["Location"] == reverse("course", args=[course.id])
    assert (course.name, course.owner, course.open_to_join) == (
        "Botany",
        educator,
        True,
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A course needs a name."),
        ("   ", "A course needs a name."),
        ("x" * 151, "A name has at most 150 characters."),
        ("Bot\x00any", "Null characters are not allowed."),
    ],
)
def test_a_name_that_is_none_is_refused_beside_its_field(
    browser: Client, name: str, sentence: str
) -> None:
    response = browser.post(reverse("courses"), {"name": name})
    assert response.status_code == 422
    assert response.context["form"].errors == {"name": [sentence]}
    assert sentence in words(response)
    assert not Course.objects.exists()


def test_the_list_counts_students_and_waiting_invitations(
    browser: Client, course: Course, educator: User
) -> None:
    courses.students(course, 3)
    services.leave(enrolment=course.enrolments.all()[0], actor=educator)
    emails = ["a@example.org", "b@example.org"]
    services.invite(course=course, emails=emails, actor=educator)
    courses.course(educator, name="Empty", open_to_join=False)
    page = words(browser.get(reverse("courses")))
    code = f"{course.code[:4]}-{course.code[4:]}"
    assert f"Botany Open to join 2 students 2 invitations wait code {code}" in page
    assert "Empty Closed 0 students Open" in page


def test_the_first_course_is_asked_for_in_words(browser: Client) -> None:
    assert "No courses yet" in words(browser.get(reverse("courses")))


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(
    browser: Client, educator: User, student: User, django_assert_max_num_queries
) -> None:
    for number in range(20):
        made = courses.course(educator, name=f"Course {number}")
        if number < 2:
            courses.enrol(made, student)
    # The sixth counts what is unread, as on every page.
    with django_assert_max_num_queries(6):
        assert len(browser.get(reverse("courses")).context["page"]) == 20


def test_a_student_sees_their_courses_and_makes_none(
    theirs: Client, course: Course, student: User
) -> None:
    assert "You are in no course yet" in words(theirs.get(reverse("courses")))
    courses.enrol(course, student, multiplier="1.50", extra_minutes=1)
    courses.course(course.owner, name="Somebody else's")
    page = words(theirs.get(reverse("courses")))
    assert "Botany mira@example.org 1.50 × time and 1 minute more boards call" in page
    assert "Somebody else" not in page
    assert "Create course" not in page
    assert theirs.post(reverse("courses"), {"name": "Mine"}).status_code == 403
    assert Course.objects.count() == 2


def test_an_alias_is_told_to_its_bearer_where_boards_use_it(
    theirs: Client, course: Course, student: User, browser: Client
) -> None:
    enrolment = courses.enrol(course, student)
    assert f"boards call you {enrolment.alias}" in words(theirs.get(reverse("courses")))
    assert enrolment.alias not in words(page_of(browser, course))
    services.change_course(course=course, actor=course.owner, aliases=False)
    assert enrolment.alias not in words(theirs.get(reverse("courses")))


def test_an_educator_sees_what_they_attend_apart(
    browser: Client, educator: User, colleague: User
) -> None:
    courses.enrol(courses.course(colleague, name="Zoology"), educator)
    courses.course(educator, name="Botany")
    page = words(browser.get(reverse("courses")))
    assert page.index("Botany") < page.index("Courses you attend")
    assert page.index("Courses you attend") < page.index("Zoology noor@example.org")


# One course


def test_the_page_shows_code_link_and_picture(
    browser: Client, course: Course, settings: Any
) -> None:
    settings.SITE_URL = "https://exams.example.org"
    Course.objects.update(code="K7PM4XWD")
    page = page_of(browser, course).content.decode()
    assert "K7PM-4XWD" in page
    link = "https://exams.example.org/join/K7PM4XWD/"
    assert f'value="{link}"' in page
    assert qr(link) in page
    assert "style=" not in page


def test_joining_is_closed_and_opened(browser: Client, course: Course) -> None:
    address = reverse("course_joining", args=[course.id])
    response = browser.post(address, {"open": "no"})
    assert said(response) == [
        "Joining is closed: the code lets nobody in. Invitations still do."
    ]
    course.refresh_from_db()
    assert not course.open_to_join
    page = page_of(browser, course)
    assert course.code[:4] not in words(page)
    assert "eg-qr" not in page.content.decode()
    browser.post(address, {"open": "yes"})
    course.refresh_from_db()
    assert course.open_to_join


def test_a_code_is_renewed_after_a_question(browser: Client, course: Course) -> None:
    address = reverse("course_code", args=[course.id])
    old = course.code
    page = words(browser.get(address))
    assert f"Give up the code {old[:4]}-{old[4:]}?" in page
    course.refresh_from_db()
    assert course.code == old
    assert said(browser.post(address)) == [
        "The course has a new code. The old one is dead."
    ]
    course.refresh_from_db()
    assert course.code != old
    assert services.find_by_code(old) is None


def test_name_and_aliases_are_changed(browser: Client, course: Course) -> None:
    address = reverse("course_change", args=[course.id])
    browser.post(address, {"name": "Zoology", "aliases": "on"})
    course.refresh_from_db()
    assert (course.name, course.aliases) == ("Zoology", True)
    browser.post(address, {"name": "Zoology"})
    course.refresh_from_db()
    assert not course.aliases


def test_a_name_that_is_none_leaves_the_course_as_it_was(
    browser: Client, course: Course
) -> None:
    address = reverse("course_change", args=[course.id])
    response = browser.post(address, {"name": ""})
    assert response.status_code == 422
    assert "A course needs a name." in words(response)
    assert "Botany" in words(response)
    course.refresh_from_db()
    assert course.name == "Botany"


# The roster


def test_the_roster_is_paged_and_keeps_the_search(
    browser: Client, course: Course
) -> None:
    courses.students(course, 60)
    first = page_of(browser, course)
    assert [row.user.name for row in first.context["page"]][:2] == [
        "Student 0000",
        "Student 0001",
    ]
    assert "Page 1 of 3" in words(first)
    found = page_of(browser, course, q="student 00")
    assert "q=student+00&amp;page=2" in found.content.decode()
    third = page_of(browser, course, page="3", q="student")
    assert len(third.context["page"]) == 10


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lovelace", ["Ada Lovelace"]),
        ("ADA", ["Ada Lovelace"]),
        ("love ada", ["Ada Lovelace"]),
        ("bo@", ["Bo"]),
        ("example.org", ["Ada Lovelace", "Bo"]),
        ("%", []),
        ("nobody", []),
        ("  ", ["Ada Lovelace", "Bo"]),
        ("x" * 200, ["Ada Lovelace", "Bo"]),
    ],
)
def test_students_are_found_by_name_and_address(
    browser: Client, course: Course, typed: str, names: list[str]
) -> None:
    courses.enrol(course, people.student("al@example.org", name="Ada Lovelace"))
    courses.enrol(course, people.student("bo@example.org", name="Bo"))
    page = page_of(browser, course, q=typed).context["page"]
    assert [row.user.name for row in page] == names


def test_whoever_types_gets_the_list_alone(browser: Client, course: Course) -> None:
    courses.students(course, 2)
    response = browser.get(
        reverse("course", args=[course.id]),
        {"q": "0001"},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert "<html" not in page
    assert "1 student found" in words(response)
    assert "Student 0001" in page
    assert "Student 0000" not in page


def test_nobody_found_leads_back_to_everybody(browser: Client, course: Course) -> None:
    courses.students(course, 1)
    page = words(page_of(browser, course, q="<b>nobody</b>"))
    assert (
        "Nobody here has “&lt;b&gt;nobody&lt;/b&gt;” in their name or address." in page
    )


def test_those_who_left_are_one_click_away(
    browser: Client, course: Course, student: User, educator: User
) -> None:
    services.leave(enrolment=courses.enrol(course, student), actor=educator)
    assert "1 has left" in words(page_of(browser, course))
    page = words(page_of(browser, course, left="1"))
    assert "Students who left" in page
    assert "sam@example.org" in page
    assert "Bring back" in page


def test_a_roster_of_sixty_takes_as_many_queries_as_one_of_two(
    browser: Client, course: Course, django_assert_max_num_queries
) -> None:
    courses.students(course, 2)
    with django_assert_max_num_queries(8):
        page_of(browser, course)
    courses.students(course, 58)
    with django_assert_max_num_queries(8):
        page_of(browser, course)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_none_is_the_nearest_that_is(
    browser: Client, course: Course, page: str
) -> None:
    courses.students(course, 2)
    assert len(page_of(browser, course, page=page).context["page"]) == 2


# Educators


def test_a_colleague_is_let_in_and_out_again(
    browser: Client, course: Course, colleague: User
) -> None:
    hers = Client()
    hers.force_login(colleague)
    assert page_of(hers, course).status_code == 404
    response = browser.post(
        reverse("educator_add", args=[course.id]), {"email": colleague.email}
    )
    assert said(response) == ["noor@example.org teaches this course too now."]
    assert page_of(hers, course).status_code == 200
    assert "Botany" in words(hers.get(reverse("courses")))

    enrolment = course.enrolments.educators().get()
    out = reverse("educator_remove", args=[course.id, enrolment.id])
    assert browser.post(out)["Location"] == reverse("course", args=[course.id])
    assert page_of(hers, course).status_code == 404


def test_a_colleague_who_takes_herself_out_lands_on_her_courses(
    course: Course, colleague: User, educator: User
) -> None:
    enrolment = services.add_educator(
        course=course, email=colleague.email, actor=educator
    )
    hers = Client()
    hers.force_login(colleague)
    out = reverse("educator_remove", args=[course.id, enrolment.id])
    assert hers.post(out)["Location"] == reverse("courses")


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Type the address of an educator."),
        ("noor", "This is no e-mail address."),
        ("nobody@example.org", "No educator has the address nobody@example.org."),
        ("sam@example.org", "No educator has the address sam@example.org."),
        ("mira@example.org", "The course belongs to this person already."),
    ],
)
@pytest.mark.usefixtures("student")
def test_whoever_cannot_teach_is_refused_beside_the_field(
    browser: Client, course: Course, email: str, sentence: str
) -> None:
    response = browser.post(reverse("educator_add", args=[course.id]), {"email": email})
    assert response.status_code == 422
    assert sentence in words(response)
    assert not course.enrolments.exists()


# What is foreign does not exist


def test_rows_of_another_course_are_not_found(
    browser: Client, course: Course, educator: User, student: User
) -> None:
    """Also when both courses are one's own: the address must be true."""
    other = courses.course(educator, name="Zoology")
    enrolment = courses.enrol(other, student)
    invitation = courses.invite(other)
    for name in ("student", "student_remove"):
        address = reverse(name, args=[course.id, enrolment.id])
        assert browser.post(address).status_code == 404
    for name in ("invitation_resend", "invitation_withdraw"):
        address = reverse(name, args=[course.id, invitation.id])
        assert browser.post(address).status_code == 404
    assert other.enrolments.students().count() == 1
