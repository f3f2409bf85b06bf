"""Who may see which course, enrolment and invitation."""

from __future__ import annotations

import pytest

from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import courses as services
from tests.factories import courses, people


@pytest.fixture
def course(educator: User, colleague: User) -> Course:
    """A course of two educators, with one student and one who was invited."""
    made = courses.course(educator)
    services.add_educator(course=made, email=colleague.email, actor=educator)
    courses.invite(made)
    return made


def test_courses_belong_to_those_who_teach_them(
    course: Course, educator: User, colleague: User, student: User
) -> None:
    courses.enrol(course, student)
    courses.course(people.educator("far@example.org"))
    assert list(Course.objects.for_user(educator)) == [course]
    assert list(Course.objects.for_user(colleague)) == [course]
    assert list(Course.objects.for_user(student)) == []
    assert list(Course.objects.attended_by(student)) == [course]
    assert list(Course.objects.attended_by(colleague)) == []


def test_enrolments_are_seen_by_the_person_and_their_educators(
    course: Course, educator: User, colleague: User, student: User
) -> None:
    mine = courses.enrol(course, student)
    other = courses.enrol(course, people.student("other@example.org"))
    teaching = course.enrolments.educators().get()
    assert list(Enrolment.objects.for_user(student)) == [mine]
    for teacher in (educator, colleague):
        assert set(Enrolment.objects.for_user(teacher)) == {mine, other, teaching}
    assert list(Enrolment.objects.of(colleague)) == [teaching]
    assert set(course.enrolments.students()) == {mine, other}


def test_invitations_are_seen_by_educators_of_the_course_once_each(
    course: Course, educator: User, colleague: User, student: User
) -> None:
    for teacher in (educator, colleague):
        assert list(Invitation.objects.for_user(teacher)) == [Invitation.objects.get()]
    assert list(Invitation.objects.for_user(student)) == []


def test_counts_beside_each_other_are_not_multiplied(
    course: Course, educator: User
) -> None:
    courses.students(course, 3)
    services.leave(enrolment=course.enrolments.students()[0], actor=educator)
    emails = [f"s{n}@example.net" for n in range(4)]
    services.invite(course=course, emails=emails, actor=educator)
    empty = courses.course(educator)
    counted = {
        row.id: (row.student_count, row.pending_count)
        for row in Course.objects.for_user(educator).with_counts()
    }
    assert counted == {course.id: (2, 5), empty.id: (0, 0)}
