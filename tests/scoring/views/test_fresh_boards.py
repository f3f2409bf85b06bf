"""A board that is shown again is the board as it is, whatever happened in between.

Each change is made between two looks. The second look, which asks with the ETag of the
first, must tell what a site without any cache would tell.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.cache import caches
from django.db import connection, transaction
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Course, Enrolment, User
from accounts.services.courses import change_course
from accounts.services.enrolments import accommodate, bring_back, leave
from accounts.services.people import set_preferences
from accounts.states import Role
from examgen import along, context, fresh, logo
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from notifications.models import Delivery
from scoring.models import Attempt, ScoreboardEntry
from scoring.services import closing, scoreboard
from scoring.views import scoreboard as views
from tests.api.programs import Program
from tests.factories import attempts, courses, deliveries, exams, people, versions
from tests.factories.versions import right_answers
from tests.scoring.views.conftest import signed_in
from tests.threads import together

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
    with transaction.atomic():
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


def _viewers_become_staff(_world: World) -> None:
    User.objects.update(is_staff=True)


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
    _viewers_become_staff,
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
    for module in (views, along):
        monkeypatch.setattr(module, "now", lambda: moment)


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


@pytest.mark.parametrize("door", ["account_logout", "admin:logout"])
def test_sign_out_clears_what_the_browser_kept(world: World, door: str) -> None:
    browser = signed_in(people.admin())
    assert "Clear-Site-Data" not in browser.get(reverse(door))
    assert browser.post(reverse(door))["Clear-Site-Data"] == '"cache"'


# What a page is made of besides its facts

# What templates name, and the fields or settings that it comes from.
_SOURCES = {
    "user": {"name", "email"},
    "user.initials": {"name", "email"},
    "user.is_educator": {"role"},
    "user.is_staff": {"is_staff"},
    "theme": {"theme"},
    "site_name": {"SITE_NAME"},
    "demo": {"DEMO"},
}
# Known by the tag in another way: the language, and what `header` counts.
_OTHERWISE = {"language", "direction", "unread"}


def test_all_that_a_page_reads_of_person_and_site_is_in_its_tag(
    world: World, rf
) -> None:
    """A template that reads more must be told about in `fresh`, and here."""
    given = {"user", *context.site(rf.get("/"))}
    words = {
        word
        for name in templates_of("scoring/scoreboard.html")
        for tag in re.findall(r"{[{%].*?[%}]}", source_of(name), re.DOTALL)
        for word in re.findall(r"(?<![\w.])[a-z_]+(?:\.[a-z_]+)*", unquoted(tag))
    }
    read = {word for word in words if word.partition(".")[0] in given}
    assert read - _OTHERWISE == set(_SOURCES)
    known = {*fresh.OF_PERSON, *fresh.OF_SITE}
    assert set().union(*_SOURCES.values()) <= known


def unquoted(tag: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", tag)


def source_of(name: str) -> str:
    template = engines["django"].get_template(name)
    return Path(template.origin.name).read_text()


def templates_of(name: str) -> set[str]:
    """A template, and all that it extends and includes."""
    pattern = r"{% (?:extends|include) ['\"]([^'\"]+)['\"]"
    parts = re.findall(pattern, source_of(name))
    return {name}.union(*(templates_of(part) for part in parts))


@pytest.mark.parametrize("name", fresh.OF_SITE)
def test_another_setting_is_another_page(settings, name: str) -> None:
    before = fresh.tag_of("a page")
    assert fresh.tag_of("a page") == before
    setattr(settings, name, "another")
    assert fresh.tag_of("a page") != before


def test_another_logo_in_the_same_file_is_another_page(
    world: World, settings, tmp_path: Path
) -> None:
    """A process reads it once; the next one must not take over its pages."""
    file = tmp_path / "logo"
    settings.LOGO = str(file)
    browser, page = signed_in(world.ada), addresses(world)[0][1]
    tags = []
    for content in (b"one", b"two"):
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
        logo._of_file.cache_clear()
        seen = browser.get(page)
        assert logo.address().encode() in seen.content
        tags.append(seen["ETag"])
    logo._of_file.cache_clear()
    assert len(set(tags)) == 2


def test_other_packages_and_static_files_are_another_release(monkeypatch) -> None:
    """Templates and addresses of static files come from packages too."""
    release = fresh.release.__wrapped__
    assert release() == release()
    assert "django" in {name.lower() for name, _ in fresh.packages()}
    found = {release()}
    with monkeypatch.context() as patched:
        patched.setattr(fresh, "packages", lambda: [("django", "0")])
        found.add(release())
    storage = ManifestStaticFilesStorage(location=site.STATIC_ROOT, base_url="/static/")
    for manifest_hash in ("one", "two"):
        storage.manifest_hash = manifest_hash
        with monkeypatch.context() as patched:
            patched.setattr(fresh, "staticfiles_storage", storage)
            found.add(release())
    assert len(found) == 4


def test_whoever_works_on_a_page_sees_it_as_it_is(world: World, settings) -> None:
    settings.DEBUG = True
    browser, (page, program) = (
        signed_in(world.ada),
        [a for _, a in addresses(world)][:2],
    )
    made = browser.get(page)
    assert "ETag" not in made
    assert made["Cache-Control"] == "no-store"
    told = browser.get(program)
    again = browser.get(program, headers={"If-None-Match": told["ETag"]})
    assert again.status_code == 200
    assert kept_for(world.ada) == []


def test_rows_that_moved_in_their_table_are_the_same_board(world: World) -> None:
    """What is hashed has an order of its own, whatever the database likes to read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # An index has an order too, and so few rows might be read by one.
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    browser, page = signed_in(world.teacher), addresses(world)[2][1]
    before = browser.get(page)
    for entry in world.version.board.order_by("user_id"):
        # Rows that are written stand behind all others in PostgreSQL.
        entry.save()
        known = browser.get(page, headers={"If-None-Match": before["ETag"]})
        assert known.status_code == 304


# What changes while a page is made, and what may be kept


@contextmanager
def before_entries_are_read(change: Callable[[], object]) -> Iterator[None]:
    """Somebody changes something after the facts were read, before the rows are."""
    todo = [change]

    def between(execute, sql, params, many, given):
        if todo and 'points" DESC' in sql:
            todo.pop()()
        return execute(sql, params, many, given)

    with connection.execute_wrapper(between):
        yield
    assert not todo


def _called(world: World, name: str) -> None:
    User.objects.filter(pk=world.ben.pk).update(name=name)


def _heron(world: World, alias: str) -> None:
    Enrolment.objects.filter(course=world.course, user=world.ben).update(alias=alias)


def _aliased(world: World, aliases: str) -> None:
    change_course(course=world.course, actor=world.teacher, aliases=bool(aliases))


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize(
    ("change", "there", "back"),
    [(_called, "Ben Zoe", "Ben"), (_heron, "Heron 7", "Wren 2"), (_aliased, "", "yes")],
)
def test_what_changed_while_it_was_read_does_not_come_back(
    world: World,
    index: int,
    change: Callable[[World, str], None],
    there: str,
    back: str,
) -> None:
    """A change that is undone brings its facts back, but no page made in between."""
    user, address = addresses(world)[index]
    if change is not _called:
        _aliased(world, "yes")
    change(world, back)
    with before_entries_are_read(lambda: change(world, there)):
        between = signed_in(user).get(address)
    assert between.status_code == 200
    program = address.startswith("/api/")
    # A program is told of what it got, by a hash of just that.
    assert between.has_header("ETag") == program
    assert between["Cache-Control"] == ("private, no-cache" if program else "no-store")
    assert kept_for(user) == []
    change(world, back)
    headers = {"If-None-Match": between["ETag"]} if program else {}
    seen = signed_in(user).get(address, headers=headers)
    assert (seen.status_code, seen.content) == uncached(signed_in(user), address)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_others_do_and_undo_meanwhile_is_on_no_page(world: World) -> None:
    """All is read as of one moment: no glimpse of what facts before and after deny."""
    user, page = addresses(world)[0]
    browser = signed_in(user)

    def elsewhere(name: str) -> None:
        together([lambda: _called(world, name)])

    def around(execute, sql, params, many, given):
        if 'points" DESC' not in sql:
            return execute(sql, params, many, given)
        elsewhere("Ben Zoe")
        read = execute(sql, params, many, given)
        elsewhere("Ben")
        return read

    with connection.execute_wrapper(around):
        made = browser.get(page)
    assert b"Ben" in made.content
    assert b"Zoe" not in made.content
    assert browser.get(page, headers={"If-None-Match": made["ETag"]}).status_code == 304


def kept_for(user: User) -> list[Any]:
    slots = [f"{user.pk}:{number}" for number in range(fresh.SLOTS)]
    return list(caches["pages"].get_many(slots).values())


@pytest.mark.parametrize("query", ["q=b", "x=1", "page=1&x=1", "q="])
def test_addresses_without_number_are_known_and_not_kept(
    world: World, query: str
) -> None:
    browser, page = signed_in(world.teacher), addresses(world)[2][1]
    first = browser.get(f"{page}?{query}")
    assert kept_for(world.teacher) == []
    headers = {"If-None-Match": first["ETag"]}
    assert browser.get(f"{page}?{query}", headers=headers).status_code == 304


def test_nobody_has_more_than_some_pages_kept(world: World) -> None:
    browser, page = signed_in(world.teacher), addresses(world)[2][1]
    other = signed_in(world.ada).get(page)
    for number in range(4 * fresh.SLOTS):
        browser.get(f"{page}?page={number}")
    kept = kept_for(world.teacher)
    assert fresh.SLOTS // 2 < len(kept) <= fresh.SLOTS
    assert len(caches["pages"]._cache) == len(kept) + 1
    assert [entry[:2] for entry in kept_for(world.ada)] == [
        [other["ETag"], other.content.decode()]
    ]


# What it costs


# All five may be known; what is without number, as a search, is not kept.
@pytest.mark.parametrize(
    ("index", "known"),
    [
        *((index, True) for index in range(5)),
        *((index, False) for index in (0, 1, 2, 4)),
    ],
)
def test_a_hit_costs_the_query_that_tells_who_asks(
    world: World, index: int, known: bool
) -> None:
    """The session, its person, whether they may see it and all is as it was."""
    user, address = addresses(world)[index]
    asked = [signed_in(user).get]
    if address.startswith("/api/"):
        program = {"headers": Program(user).headers}
        asked.append(partial(Client().get, **program))
    for get in asked:
        get(address)  # the first use of a token is written down
        first = get(address)
        more = {"If-None-Match": first["ETag"]} if known else {}
        headers = getattr(get, "keywords", {}).get("headers", {}) | more
        with CaptureQueriesContext(connection) as captured:
            response = get(address, headers=headers)
        assert response.status_code == (304 if known else 200)
        assert response.content == (b"" if known else first.content)
        assert known or response["Content-Type"] == first["Content-Type"]
        (query,) = (
            query["sql"]
            for query in captured.captured_queries
            if "clock_timestamp" not in query["sql"]
        )
        for table in ("accounts_user", "scoring_scoreboardentry"):
            assert table in query
