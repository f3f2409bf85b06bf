"""A board that is shown again is the board as it is, whatever happened in between.

Each change is made between two looks. The second look, which asks with the ETag of the
first, must tell what a site without any cache would tell.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Course, Enrolment, User
from accounts.services.courses import change_course
from accounts.services.enrolments import accommodate, bring_back, leave
from accounts.services.people import set_preferences
from accounts.states import Role
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from notifications.models import Delivery
from scoring.models import Attempt, ScoreboardEntry
from scoring.services import closing, scoreboard
from scoring.views import scoreboard as views
from tests.factories import attempts, courses, deliveries, exams, people, versions
from tests.factories.versions import right_answers
from tests.scoring.views.conftest import signed_in

IN_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class World:
    course: Course
    version: ExamVersion
    teacher: User
    ada: User
    ben: User

    @property
    def entry(self) -> ScoreboardEntry:
        return self.version.board.get(user=self.ben)

    def enrolment(self, of: User) -> Enrolment:
        return Enrolment.objects.get(course=self.course, user=of)

    def rebuild(self) -> None:
        scoreboard.rebuild(version_id=self.version.id)


@pytest.fixture(autouse=True)
def _empty() -> None:
    caches["pages"].clear()


@pytest.fixture
def world(educator: User, course: Course) -> World:
    """Two on a board that is out because the exam is closed; they see names."""
    change_course(course=course, actor=educator, aliases=False)
    version = versions.version(
        educator,
        course=course,
        questions=[exams.question(Kind.TRUE_FALSE) for _ in range(4)],
        release=Release.AFTER_CLOSE,
        pass_percent=Decimal(50),
    )
    ada, ben = (
        people.student(f"{name}@example.org", name=name.title())
        for name in ("ada", "ben")
    )
    for user, right in ((ada, 3), (ben, 1)):
        courses.enrol(course, user)
        answers = dict(list(right_answers(version).items())[:right])
        attempts.closed(version, user, answers)
    scoreboard.rebuild(version_id=version.id)
    publishing.close_exam(version=version, actor=educator.id)
    version.refresh_from_db()
    return World(course, version, educator, ada, ben)


def addresses(world: World) -> list[tuple[User, str]]:
    page = reverse("scoreboard", args=[world.version.exam_id])
    program = reverse("api:scoreboard", args=[world.version.exam_id])
    return [
        *((world.ada, page), (world.ada, program)),
        *(
            (world.teacher, page),
            (world.teacher, f"{page}?q=b"),
            (world.teacher, program),
        ),
    ]


# What may change; each returns nothing and leaves the rest alone.


def _mark_by_hand(world: World) -> None:
    attempt = Attempt.objects.get(version=world.version, user=world.ben)
    attempts.grade(attempt, "4")
    world.rebuild()


def _swap(world: World) -> None:
    """The same scores, by other people: sums and counts stay."""
    for user, points in ((world.ada, "1"), (world.ben, "3")):
        attempts.grade(Attempt.objects.get(version=world.version, user=user), points)
    world.rebuild()


def _newcomer(world: World) -> None:
    publishing.reopen_exam(
        version=world.version, actor=world.teacher, closes_at=now() + IN_AN_HOUR
    )
    world.version.refresh_from_db()
    eve = people.student("eve@example.org", name="Eve")
    courses.enrol(world.course, eve)
    attempts.closed(world.version, eve, right_answers(world.version))
    publishing.close_exam(version=world.version, actor=world.teacher.id)
    world.rebuild()


def _void(world: World) -> None:
    attempt = Attempt.objects.get(version=world.version, user=world.ben)
    closing.void(attempt=attempt, reason="x", actor=world.teacher)
    world.rebuild()


def _void_own(world: World) -> None:
    attempt = Attempt.objects.get(version=world.version, user=world.ada)
    closing.void(attempt=attempt, reason="x", actor=world.teacher)
    world.rebuild()


def _reopen(world: World) -> None:
    publishing.reopen_exam(
        version=world.version, actor=world.teacher, closes_at=now() + IN_AN_HOUR
    )


def _reopen_and_close(world: World) -> None:
    _reopen(world)
    world.version.refresh_from_db()
    publishing.close_exam(version=world.version, actor=world.teacher.id)


def _reopen_and_begin(world: World) -> None:
    """Somebody writes, and the doors shut behind them: nothing is out yet."""
    _reopen(world)
    world.version.refresh_from_db()
    eve = people.student("eve@example.org", name="Eve")
    courses.enrol(world.course, eve)
    attempts.started(world.version, eve)
    ExamVersion.objects.filter(pk=world.version.pk).update(closed_at=now())


def _rename(world: World) -> None:
    set_preferences(user=world.ben, name="Benno", theme="auto", time_zone="UTC")


def _rename_past_every_service(world: World) -> None:
    User.objects.filter(pk=world.ben.pk).update(name="Benno")


def _take_name_away(world: World) -> None:
    User.objects.filter(pk=world.ben.pk).update(name="")


def _new_address(world: World) -> None:
    User.objects.filter(pk=world.ben.pk).update(name="", email="other@example.org")


def _aliases(world: World) -> None:
    change_course(course=world.course, actor=world.teacher, aliases=True)


def _another_alias(world: World) -> None:
    _aliases(world)
    Enrolment.objects.filter(pk=world.enrolment(world.ben).pk).update(alias="Heron 7")


def _leave(world: World) -> None:
    leave(enrolment=world.enrolment(world.ben), actor=world.teacher)


def _come_back(world: World) -> None:
    _leave(world)
    bring_back(enrolment=world.enrolment(world.ben), actor=world.teacher)


def _viewer_leaves(world: World) -> None:
    leave(enrolment=world.enrolment(world.ada), actor=world.teacher)


def _more_time(world: World) -> None:
    accommodate(
        enrolment=world.enrolment(world.ada),
        multiplier=Decimal("1.5"),
        extra_minutes=5,
        actor=world.teacher,
    )


def _viewer_becomes_an_educator(world: World) -> None:
    User.objects.filter(pk=world.ada.pk).update(role=Role.EDUCATOR)


def _teacher_becomes_a_student(world: World) -> None:
    User.objects.filter(pk=world.teacher.pk).update(role=Role.STUDENT)


def _exam_gets_another_owner(world: World) -> None:
    other = people.educator("other@example.org")
    world.version.exam.owner = other
    world.version.exam.save(update_fields=["owner"])


def _other_look(world: World) -> None:
    set_preferences(user=world.ada, name="Ada B", theme="dark", time_zone="Asia/Tokyo")


def _told_something(world: World) -> None:
    told = deliveries.told(world.version.exam)
    Delivery.objects.filter(pk=told.pk).update(recipient=world.ada)


def _everything_is_read(world: World) -> None:
    Delivery.objects.update(read_at=now())


def _nothing(_world: World) -> None:
    pass


def _another_version(world: World) -> None:
    again = ExamVersion.objects.get(pk=world.version.pk)
    again.pk, again.number, again.code = uuid.uuid4(), 2, "NEWVERS2"
    again.save(force_insert=True)


CHANGES: list[Callable[[World], None]] = [
    *(_nothing, _mark_by_hand, _swap, _newcomer, _void, _void_own),
    *(_reopen, _reopen_and_close, _reopen_and_begin, _another_version),
    *(_rename, _rename_past_every_service, _take_name_away, _new_address),
    *(_aliases, _another_alias, _leave, _come_back, _viewer_leaves, _more_time),
    *(_viewer_becomes_an_educator, _teacher_becomes_a_student),
    *(_exam_gets_another_owner, _other_look, _told_something, _everything_is_read),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_everybody_sees_what_there_is(
    world: World, change: Callable[[World], None]
) -> None:
    looks = [(signed_in(user), address) for user, address in addresses(world)]
    first = [browser.get(address) for browser, address in looks]
    assert {response.status_code for response in first} == {200}
    change(world)
    # All before anything is made anew, which would fill the cache for the next.
    seen = [
        shown(browser, address, before)
        for (browser, address), before in zip(looks, first, strict=True)
    ]
    assert seen == [uncached(browser, address) for browser, address in looks]


def shown(browser: Client, address: str, before: Any) -> tuple[int, bytes]:
    """What somebody has in front of them who asks with what they had."""
    known = before["ETag"]
    asked = browser.get(address, headers={"If-None-Match": known})
    if asked.status_code == 304:
        assert asked.content == b""
        assert asked["ETag"] == known
        assert asked["Cache-Control"] == "private, no-cache"
        return before.status_code, before.content
    again = browser.get(address)
    assert again.content == asked.content
    return asked.status_code, asked.content


def uncached(browser: Client, address: str) -> tuple[int, bytes]:
    caches["pages"].clear()
    response = browser.get(address)
    return response.status_code, response.content


def test_a_date_that_passes_is_noticed(world: World, monkeypatch) -> None:
    """Also backwards: what is not out is shown to nobody who has seen it."""
    due = now() + IN_AN_HOUR
    ExamVersion.objects.filter(pk=world.version.pk).update(
        closed_at=None, closes_at=due, released_at=None
    )
    browser, page = signed_in(world.ada), addresses(world)[0][1]
    assert b"Ben" not in browser.get(page).content
    at(monkeypatch, due)
    out = browser.get(page)
    assert b"Ben" in out.content
    at(monkeypatch, due - timedelta(microseconds=1))
    again = browser.get(page, headers={"If-None-Match": out["ETag"]})
    assert again.status_code == 200
    assert b"Ben" not in again.content
    assert "ETag" not in again


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(views, "now", lambda: moment)


def test_a_page_is_nobody_elses(world: World) -> None:
    """Not by its ETag, and not from the cache."""
    page = addresses(world)[0][1]
    first = signed_in(world.ada).get(page)
    other = signed_in(world.ben).get(page, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert other.content != first.content
    assert other.content == uncached(signed_in(world.ben), page)[1]
    stranger = signed_in(people.student("eve@example.org"))
    headers = {"If-None-Match": first["ETag"]}
    assert stranger.get(page, headers=headers).status_code == 404
    assert Client().get(page, headers=headers).status_code == 302


def test_a_message_is_shown_once_and_never_kept(world: World) -> None:
    browser, page = signed_in(world.ada), addresses(world)[0][1]
    before = browser.get(page)
    same = {"name": "Ada", "theme": "auto", "time_zone": "UTC"}
    browser.post(reverse("preferences"), same)
    messages = browser.get(page, headers={"If-None-Match": before["ETag"]})
    assert messages.status_code == 200
    assert messages["Cache-Control"] == "no-store"
    assert "ETag" not in messages
    again = browser.get(page, headers={"If-None-Match": before["ETag"]})
    assert again.status_code == 304


def test_a_new_release_shows_its_own_pages(world: World, monkeypatch) -> None:
    browser, page = signed_in(world.ada), addresses(world)[0][1]
    before = browser.get(page)
    monkeypatch.setattr("examgen.fresh.release", lambda: "another")
    headers = {"If-None-Match": before["ETag"]}
    assert browser.get(page, headers=headers).status_code == 200


def test_sign_out_clears_what_the_browser_kept(world: World) -> None:
    browser = signed_in(world.ada)
    assert "Clear-Site-Data" not in browser.get(reverse("account_logout"))
    assert browser.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'


# What it costs


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("known", [True, False])
def test_a_hit_costs_the_session_and_one_query(
    world: World, index: int, known: bool
) -> None:
    """The session, its person, and whether they may see it and all is as it was."""
    user, address = addresses(world)[index]
    if address.startswith("/api/") and not known:
        pytest.skip("programs are told that they have it, and nothing is kept for them")
    browser = signed_in(user)
    tag = browser.get(address)["ETag"]
    headers = {"If-None-Match": tag} if known else {}
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(address, headers=headers)
    assert response.status_code == (304 if known else 200)
    asked = [
        query["sql"]
        for query in captured.captured_queries
        if "clock_timestamp" not in query["sql"]
    ]
    tables = ["django_session", "accounts_user", "scoring_scoreboardentry"]
    assert len(asked) == 3, asked
    assert [table in sql for table, sql in zip(tables, asked, strict=True)] == [
        True
    ] * 3
