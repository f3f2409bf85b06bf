"""Asking people to come, and their coming."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signing import Signer

from accounts.models import Course, Enrolment, Invitation, User
from accounts.models.courses import INVITATION_LASTS
from accounts.services import courses as services
from accounts.services import invitations
from accounts.states import Role
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from tests.factories import courses, people


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


def aged(invitation: Invitation, by: timedelta) -> None:
    """Let it have been sent that long ago."""
    invitation.sent_at -= by
    invitation.save(update_fields=["sent_at"])


# Inviting


def test_each_address_is_asked_once_and_told_once(
    course: Course, educator: User
) -> None:
    emails = ["ada@example.org", "bo@example.org", "ada@example.org"]
    made = services.invite(course=course, emails=emails, actor=educator)
    assert [invitation.email for invitation in made] == emails[:2]
    again = services.invite(course=course, emails=emails, actor=educator)
    assert again == []
    assert Invitation.objects.count() == 2
    subjects = Event.objects.filter(name="course.invited").values_list("subject_id")
    assert {pk for (pk,) in subjects} == {invitation.id for invitation in made}
    assert {row.invited_by for row in made} == {educator}


def test_addresses_are_sorted_by_what_inviting_them_would_do(
    course: Course, educator: User, colleague: User, student: User
) -> None:
    courses.enrol(course, student)
    services.add_educator(course=course, email=colleague.email, actor=educator)
    former = courses.enrol(course, people.student("former@example.org"))
    services.leave(enrolment=former, actor=educator)
    courses.invite(course, "bo@example.org")
    emails = [
        "new@example.org",
        educator.email,
        student.email,
        colleague.email,
        former.user.email,
        "bo@example.org",
    ]
    sorted_out = invitations.sort_out(course=course, emails=emails)
    assert sorted_out == invitations.Sorted(
        new=["new@example.org", "former@example.org"],
        invited=["bo@example.org"],
        members=[educator.email, student.email, colleague.email],
    )
    made = services.invite(course=course, emails=emails, actor=educator)
    assert [row.email for row in made] == sorted_out.new


def test_whoever_accepted_and_left_can_be_asked_anew(
    course: Course, educator: User, student: User
) -> None:
    first = courses.invite(course, student.email)
    services.accept_invitation(invitation=first, user=student)
    services.leave(enrolment=Enrolment.objects.get(), actor=student)
    second = courses.invite(course, student.email)
    assert second.pk == first.pk
    assert second.accepted_at is None
    services.accept_invitation(invitation=second, user=student)
    assert list(course.enrolments.students()) == [Enrolment.objects.get()]
    assert told("course.invited") == 2


def test_five_hundred_are_invited_in_short_transactions(
    course: Course, educator: User, django_assert_max_num_queries
) -> None:
    emails = [f"s{n}@example.org" for n in range(500)]
    with django_assert_max_num_queries(500 * 3 + 100):
        made = services.invite(course=course, emails=emails, actor=educator)
    assert len(made) == told("course.invited") == 500


# Sending again, taking back


def test_an_invitation_is_sent_again_but_not_twice_in_ten_minutes(
    course: Course, educator: User
) -> None:
    invitation = courses.invite(course)
    assert not services.send_again(invitation=invitation, actor=educator)
    aged(invitation, timedelta(minutes=11))
    assert services.send_again(invitation=invitation, actor=educator)
    assert not services.send_again(invitation=invitation, actor=educator)
    assert told("course.invited") == 2


def test_sending_again_makes_an_expired_link_good(
    course: Course, educator: User, student: User
) -> None:
    invitation = courses.invite(course)
    token = services.invitation_token(invitation)
    aged(invitation, INVITATION_LASTS + timedelta(seconds=1))
    with pytest.raises(services.InvitationClosedError) as refused:
        services.accept_invitation(invitation=invitation, user=student)
    assert refused.value.reason == "expired"
    services.send_again(invitation=invitation, actor=educator)
    found = services.invitation_of(token)
    assert found == invitation
    services.accept_invitation(invitation=found, user=student)
    assert course.enrolments.students().count() == 1


def test_a_withdrawn_invitation_leads_nowhere(course: Course, educator: User) -> None:
    invitation = courses.invite(course)
    token = services.invitation_token(invitation)
    for _ in range(2):
        services.withdraw(invitation=invitation, actor=educator)
    assert services.invitation_of(token) is None
    assert told("invitation.withdrawn") == 1


def test_an_accepted_invitation_is_not_withdrawn_or_sent_again(
    course: Course, educator: User, student: User
) -> None:
    invitation = courses.invite(course)
    services.accept_invitation(invitation=invitation, user=student)
    aged(invitation, timedelta(days=1))
    assert not services.send_again(invitation=invitation, actor=educator)
    services.withdraw(invitation=invitation, actor=educator)
    assert Invitation.objects.get() == invitation
    assert told("invitation.withdrawn") == 0


# Accepting


def test_accepting_joins_and_accepting_again_changes_nothing(
    course: Course, student: User
) -> None:
    invitation = courses.invite(course)
    for _ in range(2):
        services.accept_invitation(invitation=invitation, user=student)
    assert (invitation.accepted_by, invitation.accepted_at is None) == (student, False)
    assert list(Course.objects.attended_by(student)) == [course]
    assert told("enrolment.joined") == 1


def test_whoever_was_asked_comes_into_a_closed_course(
    course: Course, student: User
) -> None:
    invitation = courses.invite(course)
    Course.objects.update(open_to_join=False)
    services.accept_invitation(invitation=invitation, user=student)
    assert list(Course.objects.attended_by(student)) == [course]


def test_one_invitation_lets_one_person_in(course: Course, student: User) -> None:
    invitation = courses.invite(course)
    services.accept_invitation(invitation=invitation, user=student)
    other = people.student("other@example.org")
    with pytest.raises(services.InvitationClosedError) as refused:
        services.accept_invitation(invitation=invitation, user=other)
    assert refused.value.reason == "used"
    assert list(Course.objects.attended_by(other)) == []


def test_whoever_was_taken_out_does_not_come_back_by_the_same_invitation(
    course: Course, student: User, educator: User
) -> None:
    invitation = courses.invite(course)
    services.accept_invitation(invitation=invitation, user=student)
    services.leave(enrolment=Enrolment.objects.get(), actor=educator)
    with pytest.raises(services.InvitationClosedError) as refused:
        services.accept_invitation(invitation=invitation, user=student)
    assert refused.value.reason == "used"


def test_who_teaches_the_course_leaves_the_invitation_for_others(
    course: Course, educator: User, student: User
) -> None:
    invitation = courses.invite(course)
    with pytest.raises(services.CannotJoinError):
        services.accept_invitation(invitation=invitation, user=educator)
    services.accept_invitation(invitation=invitation, user=student)
    assert list(Course.objects.attended_by(student)) == [course]


# To make exams


def test_an_invitation_to_make_exams_grants_the_role(
    educator: User, student: User, settings
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    invitation = invitations.invite_educator(email=student.email, actor=educator)
    assert invitation.to_teach
    assert Event.objects.get(name="educator.invited").subject_id == invitation.id
    for _ in range(2):
        services.accept_invitation(invitation=invitation, user=student)
    student.refresh_from_db()
    assert student.role == Role.EDUCATOR
    granted = Event.objects.get(name="user.became_educator")
    assert (granted.subject_id, granted.actor) == (student.id, educator.id)


def test_an_address_has_one_invitation_to_make_exams(educator: User) -> None:
    first = invitations.invite_educator(email="ada@example.org", actor=educator)
    second = invitations.invite_educator(email="ada@example.org", actor=educator)
    assert first == second == Invitation.objects.get()


def test_it_is_sent_again_under_its_own_name(educator: User) -> None:
    invitation = invitations.invite_educator(email="ada@example.org", actor=educator)
    aged(invitation, timedelta(hours=1))
    assert services.send_again(invitation=invitation, actor=educator)
    assert told("educator.invited") == 2
    assert told("course.invited") == 0


# The link


def test_the_link_is_found_again_and_holds_nothing_secret(course: Course) -> None:
    invitation = courses.invite(course)
    token = services.invitation_token(invitation)
    assert services.invitation_of(token) == invitation
    assert services.invitation_token(invitation) == token
    assert "ada" not in token
    assert token.isascii()
    assert "/" not in token


def test_a_forged_link_finds_nothing(course: Course, settings) -> None:
    invitation = courses.invite(course)
    token = services.invitation_token(invitation)
    start, _, signature = token.partition(".")
    forged = [
        "",
        ".",
        start,
        f"{start}.",
        f"{start}.{signature[:-1]}",
        f"{start}.{signature}x",
        f"{'0' * 32}.{signature}",
        Signer(sep=".").sign(invitation.id.hex),
        Signer(salt="accounts.invitation", sep=".").sign("no id at all"),
        "\x00",
    ]
    assert [services.invitation_of(token) for token in forged] == [None] * len(forged)
    settings.SECRET_KEY = "another key altogether" * 3
    assert services.invitation_of(token) is None


def test_it_expires_a_month_after_it_was_last_sent(course: Course) -> None:
    invitation = courses.invite(course)
    assert not invitation.expired(now() + timedelta(days=30) - timedelta(minutes=1))
    assert invitation.expired(now() + timedelta(days=30, minutes=1))
