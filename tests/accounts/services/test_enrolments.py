"""Coming into a course, leaving, coming back, and what is granted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import courses as services
from accounts.services import enrolments
from accounts.states import Role
from examgen.jobs.models import Event
from tests.factories import courses, people


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


def told() -> list[tuple[str, object]]:
    """Events since the course was made: names and what else they say."""
    rows = Event.objects.exclude(name="course.created").order_by("created_at")
    return list(rows.values_list("name", "data"))


JOINED = ("enrolment.joined", {"role": "student"})


def test_a_student_joins_and_joining_again_changes_nothing(
    course: Course, student: User
) -> None:
    first = services.join(course=course, user=student)
    second = services.join(course=course, user=student)
    assert first == second == Enrolment.objects.get()
    assert (first.role, first.left_at) == (Role.STUDENT, None)
    assert (first.multiplier, first.extra_minutes) == (Decimal(1), 0)
    assert list(Course.objects.attended_by(student)) == [course]
    event = Event.objects.get(name="enrolment.joined")
    assert (event.subject_id, event.actor) == (first.id, student.id)
    assert told() == [JOINED]


def test_whoever_left_comes_back_with_what_they_were_granted(
    course: Course, student: User
) -> None:
    enrolment = courses.enrol(
        course, student, multiplier=Decimal("1.5"), extra_minutes=10
    )
    services.leave(enrolment=enrolment, actor=student)
    services.leave(enrolment=enrolment, actor=student)
    assert list(Course.objects.attended_by(student)) == []
    assert Enrolment.objects.get().left_at is not None

    back = services.join(course=course, user=student)
    assert back.pk == enrolment.pk
    assert (back.multiplier, back.extra_minutes, back.alias) == (
        Decimal("1.5"),
        10,
        enrolment.alias,
    )
    assert Enrolment.objects.get().left_at is None
    assert told() == [JOINED, ("enrolment.left", {}), JOINED]


def test_nobody_new_comes_into_a_closed_course(course: Course, student: User) -> None:
    inside = courses.enrol(course, people.student("in@example.org"))
    former = courses.enrol(course, people.student("former@example.org"))
    services.leave(enrolment=former, actor=former.user)
    Course.objects.update(open_to_join=False)
    for user in (student, former.user):
        # The course as it was loaded says open: what counts is how it is now.
        with pytest.raises(services.CannotJoinError) as refused:
            services.join(course=course, user=user)
        assert refused.value.reason == "closed"
    assert services.join(course=course, user=inside.user) == inside
    assert list(course.enrolments.students()) == [inside]


def test_an_educator_of_the_course_cannot_take_it(
    course: Course, educator: User, colleague: User
) -> None:
    services.add_educator(course=course, email=colleague.email, actor=educator)
    for user in (educator, colleague):
        with pytest.raises(services.CannotJoinError) as refused:
            services.join(course=course, user=user)
        assert refused.value.reason == "teaches"
    assert course.enrolments.students().count() == 0


def test_joining_by_code_settles_an_invitation(course: Course, student: User) -> None:
    waiting = courses.invite(course, student.email)
    elsewhere = courses.invite(courses.course(course.owner), student.email)
    services.join(course=course, user=student)
    waiting.refresh_from_db()
    assert (waiting.accepted_by, waiting.accepted_at is None) == (student, False)
    elsewhere.refresh_from_db()
    assert elsewhere.accepted_at is None


def test_two_who_join_at_the_same_moment_are_one(
    course: Course, student: User, monkeypatch
) -> None:
    """The row of the other request appears between the look and the insert."""
    found = enrolments._found
    looks = []

    def look(*given: object) -> Enrolment | None:
        looks.append(given)
        if len(looks) > 2:
            return found(course, student)
        if len(looks) == 2:
            Enrolment.objects.create(
                course=course, user=student, created_at=course.created_at
            )
        return None

    monkeypatch.setattr(enrolments, "_found", look)
    enrolment = services.join(course=course, user=student)
    assert enrolment == Enrolment.objects.get()
    assert told() == []


# Aliases


def test_everybody_has_an_alias_of_their_own(course: Course) -> None:
    aliases = [enrolment.alias for enrolment in courses.students(course, 30)]
    assert len(set(aliases)) == 30
    assert "" not in aliases


def test_an_alias_that_is_taken_is_not_given_twice(
    course: Course, student: User, monkeypatch
) -> None:
    first = courses.enrol(course, people.student("in@example.org"))
    given = iter([first.alias, first.alias, "Brave Newt"])
    monkeypatch.setattr(enrolments, "new_alias", lambda **_: next(given))
    assert services.join(course=course, user=student).alias == "Brave Newt"


def test_the_same_alias_may_be_borne_in_another_course(
    course: Course, student: User, monkeypatch
) -> None:
    monkeypatch.setattr(enrolments, "new_alias", lambda **_: "Brave Newt")
    other = courses.course(course.owner)
    assert services.join(course=course, user=student).alias == "Brave Newt"
    assert services.join(course=other, user=student).alias == "Brave Newt"


# Taking out and bringing back


def test_a_removal_is_told_with_who_did_it_and_can_be_undone(
    course: Course, student: User, educator: User
) -> None:
    enrolment = courses.enrol(course, student, extra_minutes=5)
    services.leave(enrolment=enrolment, actor=educator)
    assert not course.enrolments.students().exists()
    assert Event.objects.get(name="enrolment.left").actor == educator.id
    services.bring_back(enrolment=enrolment, actor=educator)
    services.bring_back(enrolment=enrolment, actor=educator)
    enrolment.refresh_from_db()
    assert (enrolment.left_at, enrolment.extra_minutes) == (None, 5)
    assert told() == [JOINED, ("enrolment.left", {}), JOINED]


# Accommodation


def test_time_is_granted_and_the_event_says_nothing_of_it(
    course: Course, student: User, educator: User
) -> None:
    enrolment = courses.enrol(course, student)
    for _ in range(2):
        services.accommodate(
            enrolment=enrolment,
            multiplier=Decimal("1.25"),
            extra_minutes=10,
            actor=educator,
        )
    enrolment.refresh_from_db()
    assert (enrolment.multiplier, enrolment.extra_minutes) == (Decimal("1.25"), 10)
    assert enrolment.stretch(timedelta(minutes=60)) == timedelta(minutes=85)
    assert told() == [JOINED, ("enrolment.accommodated", {})]


@pytest.mark.parametrize("multiplier", ["0.99", "5.01"])
def test_the_database_refuses_time_that_makes_no_sense(
    course: Course, student: User, educator: User, multiplier: str
) -> None:
    enrolment = courses.enrol(course, student)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.accommodate(
            enrolment=enrolment,
            multiplier=Decimal(multiplier),
            extra_minutes=0,
            actor=educator,
        )


# Educators


def test_an_educator_is_let_in_by_their_address_in_any_case(
    course: Course, colleague: User, educator: User
) -> None:
    assert list(Course.objects.for_user(colleague)) == []
    added = services.add_educator(
        course=course, email=" NOOR@Example.org ", actor=educator
    )
    assert (added.user, added.role) == (colleague, Role.EDUCATOR)
    assert list(Course.objects.for_user(colleague)) == [course]
    assert list(course.enrolments.educators()) == [added]
    assert told() == [("enrolment.joined", {"role": "educator"})]


def test_a_student_of_the_course_who_became_an_educator_may_teach_it(
    course: Course, colleague: User, educator: User
) -> None:
    enrolment = courses.enrol(course, colleague)
    services.add_educator(course=course, email=colleague.email, actor=educator)
    enrolment.refresh_from_db()
    assert enrolment.role == Role.EDUCATOR
    assert course.enrolments.students().count() == 0


def test_an_educator_who_left_is_let_in_again(
    course: Course, colleague: User, educator: User
) -> None:
    first = services.add_educator(course=course, email=colleague.email, actor=educator)
    services.leave(enrolment=first, actor=educator)
    assert list(Course.objects.for_user(colleague)) == []
    services.add_educator(course=course, email=colleague.email, actor=educator)
    assert list(Course.objects.for_user(colleague)) == [course]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("nobody@example.org", "unknown"),
        ("sam@example.org", "unknown"),
        ("gone@example.org", "unknown"),
        ("mira@example.org", "owner"),
        ("noor@example.org", "teaches"),
    ],
)
@pytest.mark.usefixtures("student")
def test_whoever_cannot_teach_is_refused_with_the_reason(
    course: Course, colleague: User, email: str, reason: str
) -> None:
    people.educator("gone@example.org", is_active=False)
    actor = course.owner
    services.add_educator(course=course, email=colleague.email, actor=actor)
    with pytest.raises(services.CannotTeachError) as refused:
        services.add_educator(course=course, email=email, actor=actor)
    assert refused.value.reason == reason
    assert course.enrolments.count() == 1
    assert Invitation.objects.count() == 0
