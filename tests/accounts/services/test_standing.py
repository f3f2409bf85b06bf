"""What admins do to accounts: done once, told, and never to leave a site alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import people as wishes
from accounts.services import standing
from accounts.services.standing import NotForThemError
from examgen.jobs.models import Event
from tests.api.programs import Program
from tests.factories import people
from tests.threads import together


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


@pytest.fixture
def boss(db: None) -> User:
    return people.admin()


def test_a_closed_account_is_out_by_page_and_token_at_once(
    boss: User, student: User
) -> None:
    browser, program = Client(), Program(student, "me:read")
    browser.force_login(student)
    assert browser.get(reverse("preferences")).status_code == 200
    assert standing.deactivate(user=student, actor=boss) is True
    assert standing.deactivate(user=student, actor=boss) is False
    assert browser.get(reverse("preferences")).status_code == 302
    assert program.get("me/").status_code == 401
    event = Event.objects.get(name="user.deactivated")
    assert (event.subject_id, event.actor, event.data) == (student.id, boss.id, {})


def test_an_account_that_is_opened_again_does_not_revive_its_sessions(
    boss: User, student: User
) -> None:
    browser = Client()
    browser.force_login(student)
    standing.deactivate(user=student, actor=boss)
    assert standing.reactivate(user=student, actor=boss) is True
    assert standing.reactivate(user=student, actor=boss) is False
    assert told("user.reactivated") == 1
    assert browser.get(reverse("preferences")).status_code == 302
    student.refresh_from_db()
    browser.force_login(student)
    assert browser.get(reverse("preferences")).status_code == 200


def test_sessions_are_ended_everywhere_and_those_of_others_go_on(
    boss: User, student: User, educator: User
) -> None:
    browsers = [Client() for _ in range(3)]
    for browser, user in zip(browsers, (student, student, educator), strict=True):
        browser.force_login(user)
    standing.end_sessions(user=student, actor=boss)
    answers = [one.get(reverse("preferences")).status_code for one in browsers]
    assert answers == [302, 302, 200]
    assert told("user.signed_out") == 1


def test_a_second_factor_is_removed_once_and_the_person_signed_out(
    boss: User, student: User
) -> None:
    assert standing.remove_second_factors(user=student, actor=boss) is False
    people.second_factor(student)
    browser = Client()
    browser.force_login(student)
    assert standing.remove_second_factors(user=student, actor=boss) is True
    assert student.authenticator_set.count() == 0
    assert browser.get(reverse("preferences")).status_code == 302
    assert told("user.second_factors_removed") == 1


def test_a_name_is_changed_once(boss: User, student: User) -> None:
    for _ in range(2):
        standing.rename(user=student, actor=boss, name="Sam Root")
    student.refresh_from_db()
    assert student.name == "Sam Root"
    assert told("user.renamed") == 1


DEEDS = [
    standing.deactivate,
    standing.reactivate,
    standing.end_sessions,
    standing.remove_second_factors,
]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_nobody_does_it_to_themselves_nor_to_staff_who_is_no_superuser(
    boss: User, student: User, deed
) -> None:
    helper = people.staff("helper@example.org", "accounts.change_user")
    cases = [
        (boss, boss, "own_account"),
        (helper, helper, "own_account"),
        (boss, helper, "staff"),
        (people.staff("other@example.org"), helper, "staff"),
        (helper, student, "no_admin"),
    ]
    for user, actor, code in cases:
        with pytest.raises(NotForThemError) as refused:
            deed(user=user, actor=actor)
        assert refused.value.code == code
    assert not Event.objects.filter(name__startswith="user.").exists()


def test_an_admin_whose_rights_were_taken_meanwhile_does_nothing(
    boss: User, student: User
) -> None:
    """The rows count, not what the page was loaded with."""
    User.objects.filter(pk=boss.pk).update(is_staff=False)
    with pytest.raises(NotForThemError):
        standing.deactivate(user=student, actor=boss)
    student.refresh_from_db()
    assert student.is_active


def test_rights_are_given_by_superusers_alone(boss: User, student: User) -> None:
    group = Group.objects.create(name="Helpdesk")
    right = Permission.objects.get(codename="view_job")
    given = {
        "is_staff": True,
        "is_superuser": False,
        "groups": [group],
        "permissions": [right],
    }
    helper = people.staff("helper@example.org", "accounts.change_user")
    with pytest.raises(NotForThemError):
        standing.set_rights(user=student, actor=helper, **given)
    standing.set_rights(user=student, actor=boss, **given)
    student.refresh_from_db()
    assert (student.is_staff, student.is_superuser) == (True, False)
    assert student.has_perm("jobs.view_job")
    assert list(student.groups.all()) == [group]
    event = Event.objects.get(name="user.rights_changed")
    assert event.data == {"staff": True, "superuser": False}


def test_of_two_admins_who_close_each_other_at_once_one_stays(
    shared_database: None,
) -> None:
    one, two = people.admin("one@example.org"), people.admin("two@example.org")

    def close(user: User, actor: User) -> bool:
        try:
            return standing.deactivate(user=user, actor=actor)
        except NotForThemError:
            return False

    done = together([lambda: close(one, two), lambda: close(two, one)])
    assert sorted(done) == [False, True]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


# Wishes to make exams


def wishing(settings) -> User:
    settings.EDUCATOR_SIGNUP = "approval"
    person = people.student("wish@example.org")
    wishes.welcome(user=person, wants_to_teach=True)
    return person


def test_a_wish_is_declined_once_with_its_reason(boss: User, settings) -> None:
    person = wishing(settings)
    for expected in (True, False):
        done = wishes.decline_educator(user=person, actor=boss, reason="Not known")
        assert done is expected
    person.refresh_from_db()
    assert person.educator_requested_at is None
    assert person.educator_decline_reason == "Not known"
    assert person.was_declined_lately
    event = Event.objects.get(name="user.educator_declined")
    assert (event.actor, event.data) == (boss.id, {})


def test_of_approving_and_declining_at_once_one_takes_hold(
    shared_database: None, settings
) -> None:
    boss, person = people.admin(), wishing(settings)
    done = together(
        [
            lambda: wishes.grant_educator(user=person, actor=boss),
            lambda: wishes.decline_educator(user=person, actor=boss, reason="No"),
        ]
    )
    row = User.objects.get(pk=person.pk)
    # A person who was declined may still be approved, and is not declined any more.
    assert done in ([True, False], [True, True])
    assert row.is_educator
    assert (row.educator_declined_at, row.educator_decline_reason) == (None, "")


def test_the_home_page_says_why_for_a_while(boss: User, settings) -> None:
    person = wishing(settings)
    wishes.decline_educator(user=person, actor=boss, reason="We know no <Sam>")
    browser = Client()
    browser.force_login(person)
    said = browser.get(reverse("home")).content.decode()
    assert "We know no &lt;Sam&gt;" in said
    wishes.grant_educator(user=person, actor=boss)
    assert "We know no" not in browser.get(reverse("home")).content.decode()


def test_staff_make_educators_of_others_and_not_of_themselves_or_of_staff(
    boss: User, student: User
) -> None:
    aide = people.student("aide@example.org")
    aide.is_staff = True
    aide.save()
    for person, code in ((aide, "own_account"), (boss, "staff")):
        with pytest.raises(NotForThemError) as refused:
            standing.grant_educator(user=person, actor=aide)
        assert refused.value.code == code
    assert told("user.became_educator") == 0
    assert standing.grant_educator(user=student, actor=aide) is True
    assert standing.grant_educator(user=student, actor=aide) is False
    assert told("user.became_educator") == 1
