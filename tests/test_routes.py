"""Every address of the site, asked for by every role.

The routes come from the URL resolver: a new one without an entry here fails, and so
does an entry without a route. What is foreign and what does not exist look the same.
"""

from __future__ import annotations

import importlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches, get_resolver
from django.urls.resolvers import URLPattern, URLResolver

import examgen.urls
from accounts.models import Course, User
from accounts.services import courses as services
from api.models import Token
from api.scopes import SCOPES
from api.services.tokens import make_token
from exams.content import Kind
from exams.models import Exam, ExamVersion, QuestionRequest
from exams.states import RequestAim
from notifications.models import Delivery
from notifications.services.subscriptions import unsubscribe_token
from tests.factories import (
    attempts,
    courses,
    deliveries,
    exams,
    people,
    publishing,
    shared,
    versions,
)

pytestmark = pytest.mark.one_database

LOGIN = "login"
ROLES = ("anonymous", "student", "owner", "other", "admin")
Status = int | str
Row = tuple[Status, Status, Status, Status, Status]


@dataclass(frozen=True, slots=True)
class Expect:
    """What each of `ROLES` gets. `data` is what a browser would send."""

    get: Row
    post: Row
    data: dict[str, str] | None = None


def alike(status: Status) -> Row:
    return (status,) * 5


def signed_in(status: Status) -> Row:
    return (LOGIN, *(status,) * 4)


def educators(status: Status) -> Row:
    """The same for everybody who may make exams; nothing in it is theirs alone."""
    return (LOGIN, 403, status, status, status)


def owner_only(status: Status) -> Row:
    """Admins are no exception: they look at rows in the admin."""
    return (LOGIN, 403, status, 404, 404)


def told_only(status: Status) -> Row:
    """For whoever was told, an educator or not; here it is the owner."""
    return (LOGIN, 404, status, 404, 404)


READ_ONLY = educators(405)
WISH = {"questions": "3", "options": "4", "seed": "1"}
PREFERENCES = {"name": "Somebody", "theme": "dark", "time_zone": "UTC"}
DECISION = {"decision": "accepted", "revision": "1"}


def own_page(status: Status = 200) -> Expect:
    return Expect(get=owner_only(status), post=READ_ONLY)


def own_verb(data: dict[str, str] | None = None) -> Expect:
    return Expect(get=READ_ONLY, post=owner_only(302), data=data)


SAFE_ONLY = signed_in(405)
TIME = {"multiplier": "1.5", "extra_minutes": "10"}


def bearers(get: Row, post: Row) -> Expect:
    """For whoever has the link, whoever they are."""
    return Expect(get=get, post=post)


def attended(status: Status) -> Row:
    """For the student of the course alone."""
    return (LOGIN, status, 404, 404, 404)


# Of an exam that is published, where that makes a difference.
PUBLISHED: dict[str, Expect] = {
    "publish": Expect(get=owner_only(302), post=owner_only(302)),
    "share": own_page(),
    "exam_close": Expect(get=owner_only(200), post=owner_only(302)),
    # It is open, so there is nothing to reopen.
    "exam_reopen": Expect(get=owner_only(302), post=owner_only(302)),
    "exam_end": Expect(get=owner_only(200), post=owner_only(422)),
    "exam_release": Expect(get=owner_only(200), post=owner_only(302)),
    "exam_delete": Expect(get=owner_only(200), post=owner_only(302)),
    "lecture_delete": Expect(get=owner_only(200), post=owner_only(302)),
    "exam_document": own_page(),
    "review": own_page(302),
    "review_question": own_page(),
    "edit_question": Expect(get=owner_only(302), post=owner_only(302)),
    "decide": own_verb({"decision": "accepted", "revision": "1"}),
    "another_question": own_verb({"revision": "1"}),
    "another_kind": own_verb({"revision": "1", "kind": "matching"}),
    "write_question": Expect(get=owner_only(302), post=owner_only(302)),
    "live": own_page(),
    # Nobody is at it.
    "live_extend": Expect(
        get=READ_ONLY,
        post=owner_only(302),
        data={"attempt": "all", "minutes": "5", "reason": "The fire alarm"},
    ),
    "live_announce": own_verb({"text": "Question 3 is about page 4."}),
    # A student who did not take it has no board; whoever teaches it has.
    "scoreboard": Expect(get=(LOGIN, 404, 200, 404, 404), post=signed_in(405)),
}

# Ours: each by name.
OURS: dict[str, Expect] = {
    "home": Expect(get=alike(200), post=alike(405)),
    "healthz": Expect(get=alike(200), post=alike(405)),
    # There is none by this hash.
    "logo": Expect(get=alike(404), post=alike(405)),
    "readyz": Expect(get=alike(200), post=alike(405)),
    # It tells what the schema tells, which is open.
    "api_docs": Expect(get=alike(200), post=alike(405)),
    "preferences": Expect(get=signed_in(200), post=signed_in(302), data=PREFERENCES),
    # What the answer to it shows once, it cannot lead on to.
    "tokens": Expect(
        get=signed_in(200),
        post=signed_in(200),
        data={"name": "Sync", "scopes": "me:read", "days": "7"},
    ),
    "token_revoke": Expect(get=told_only(200), post=told_only(302)),
    "tokens_revoke": Expect(get=signed_in(200), post=signed_in(302)),
    "courses": Expect(
        get=signed_in(200), post=educators(302), data={"name": "Zoology"}
    ),
    "course": own_page(),
    "course_change": own_verb({"name": "Zoology"}),
    "course_joining": own_verb({"open": "no"}),
    "course_code": Expect(get=owner_only(200), post=owner_only(302)),
    "course_leave": Expect(get=attended(200), post=attended(302)),
    "educator_add": own_verb({"email": "other@example.org"}),
    "educator_remove": own_verb(),
    "student": Expect(get=owner_only(200), post=owner_only(302), data=TIME),
    "student_remove": own_verb(),
    "student_bring_back": own_verb(),
    "invitations": Expect(
        get=owner_only(200), post=owner_only(302), data={"addresses": "bo@example.org"}
    ),
    "invitation_resend": own_verb(),
    "invitation_withdraw": own_verb(),
    # Visitors are sent on to sign up; the first who says so has it.
    "invitation": bearers((302, 200, 200, 200, 200), (302, 302, 410, 410, 410)),
    "lectures": Expect(get=educators(200), post=educators(422), data=WISH),
    "lecture": own_page(),
    "lecture_progress": own_page(302),
    "lecture_request_exam": own_verb(WISH),
    "lecture_retry": own_verb(),
    "lecture_cancel": own_verb(),
    "lecture_read_again": own_verb(),
    "lecture_page": own_page(),
    "draw_page": own_verb(),
    "lecture_delete": Expect(get=owner_only(200), post=owner_only(302)),
    "lecture_file": own_page(),
    "page_picture": own_page(),
    "exams": Expect(get=educators(200), post=READ_ONLY),
    "exam": own_page(),
    "exam_progress": own_page(302),
    "exam_rename": own_verb({"title": "Mid-term"}),
    "exam_retry": own_verb(),
    "exam_delete": Expect(get=owner_only(200), post=owner_only(302)),
    "exam_document": own_page(),
    "review": own_page(302),
    "review_question": own_page(),
    "decide": own_verb(DECISION),
    "write_question": Expect(get=owner_only(200), post=owner_only(422)),
    # It does not say how many.
    "add_questions": Expect(get=READ_ONLY, post=owner_only(422)),
    "another_question": own_verb({"revision": "1"}),
    "another_kind": own_verb({"revision": "1", "kind": "matching"}),
    "request_answer": own_page(302),
    "request_cancel": own_verb(),
    # It was for more questions, so it replaced none.
    "bring_back": own_verb({"revision": "1"}),
    # Nothing is decided here, so the owner is told what stands in the way.
    "publish": Expect(get=owner_only(200), post=owner_only(422)),
    "share": own_page(302),
    # Nothing is published here: `PUBLISHED` has what the owner of a version gets.
    "exam_close": Expect(get=owner_only(404), post=owner_only(404)),
    "exam_reopen": Expect(get=owner_only(404), post=owner_only(404)),
    "exam_end": Expect(get=owner_only(404), post=owner_only(404)),
    "exam_release": Expect(get=owner_only(404), post=owner_only(404)),
    "live": Expect(get=owner_only(404), post=READ_ONLY),
    "live_extend": Expect(get=READ_ONLY, post=owner_only(404)),
    "live_announce": Expect(get=READ_ONLY, post=owner_only(404)),
    "scoreboard": Expect(get=signed_in(404), post=SAFE_ONLY),
    "check_receipt": Expect(get=educators(200), post=educators(200)),
    "grading": Expect(get=educators(200), post=READ_ONLY),
    "results": Expect(get=signed_in(200), post=SAFE_ONLY),
    # The edit page is empty here, so the owner is told what is missing.
    "edit_question": Expect(get=owner_only(200), post=owner_only(422), data=DECISION),
    # An empty table of choices says no to everything.
    "notifications": Expect(get=signed_in(200), post=signed_in(302)),
    "notifications_read": Expect(get=signed_in(405), post=signed_in(302)),
    "notification": Expect(get=told_only(302), post=signed_in(405)),
    # The link itself shows that one may: mail programs have no account.
    "unsubscribe": Expect(get=alike(200), post=alike(200)),
}
# Of an open attempt of the student at an exam of the owner's; see `Taking`.
TAKER = (LOGIN, 200, 404, 404, 404)
TAKER_POSTS = (LOGIN, 302, 404, 404, 404)
TAKING: dict[str, Expect] = {
    "join_code": Expect(get=signed_in(200), post=SAFE_ONLY),
    # By the code of the exam: the student is in its course, the owner looks, and others
    # are asked whether they join.
    "join": Expect(get=(LOGIN, 302, 302, 200, 200), post=signed_in(302)),
    "take": Expect(get=(LOGIN, 200, 200, 404, 404), post=(LOGIN, 302, 302, 404, 404)),
    "attempt": Expect(get=TAKER, post=TAKER_POSTS),
    # What programs ask for is answered to programs, also when they are signed out.
    "attempt_answers": Expect(
        get=(401, 200, 404, 404, 404), post=(401, 415, 404, 404, 404)
    ),
    "hand_in": Expect(get=TAKER, post=TAKER_POSTS),
    # There is none yet.
    "receipt": Expect(get=TAKER_POSTS, post=SAFE_ONLY),
    "result": Expect(get=TAKER_POSTS, post=SAFE_ONLY),
    # The owner may see the key at any time.
    "result_page": Expect(get=(LOGIN, 404, 200, 404, 404), post=SAFE_ONLY),
}
# Of an attempt that was handed in, with an essay that waits for its educator.
HANDED_IN: dict[str, Expect] = {
    "grade_answer": Expect(
        get=(LOGIN, 403, 200, 404, 404),
        post=(LOGIN, 403, 302, 404, 404),
        data={"points": "1", "comment": "", "revision": "1"},
    ),
}
# Addresses that are their own key: a signed token instead of an object's id.
SIGNED = {"unsubscribe"}
DEMO: dict[str, Expect] = {
    "mailbox": Expect(get=alike(200), post=alike(405)),
    "demo_sign_in": Expect(get=alike(405), post=alike(404)),
}

# Allauth's: what a visitor and what a signed-in person get. Roles make no difference.
ALLAUTH: dict[str, tuple[Status, Status]] = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (LOGIN, 200),
    "account_email": (LOGIN, 200),
    "account_email_verification_sent": (LOGIN, 302),
    "account_change_password": (LOGIN, 200),
    "account_set_password": (LOGIN, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (LOGIN, 302),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "mfa_index": (LOGIN, 200),
    "mfa_authenticate": (LOGIN, 302),
    "mfa_reauthenticate": (LOGIN, 302),
    "mfa_activate_totp": (LOGIN, 302),
    "mfa_deactivate_totp": (LOGIN, 404),
    "mfa_view_recovery_codes": (LOGIN, 404),
    "mfa_generate_recovery_codes": (LOGIN, 302),
    "mfa_download_recovery_codes": (LOGIN, 404),
    "mfa_list_webauthn": (LOGIN, 200),
    "mfa_add_webauthn": (LOGIN, 302),
    "mfa_reauthenticate_webauthn": (LOGIN, 302),
    "mfa_remove_webauthn": (LOGIN, 302),
    "mfa_edit_webauthn": (LOGIN, 302),
    "socialaccount_login_cancelled": (200, 200),
    "socialaccount_login_error": (LOGIN, 401),
    "socialaccount_signup": (LOGIN, LOGIN),
    "socialaccount_connections": (LOGIN, 200),
    # Allauth's old addresses have no names.
    "/accounts/social/login/cancelled/": (LOGIN, 301),
    "/accounts/social/login/error/": (LOGIN, 301),
    "/accounts/social/signup/": (LOGIN, 301),
    "/accounts/social/connections/": (LOGIN, 301),
}
# The admin's, by rule: nothing for visitors and for people who are no staff.
ADMIN = "/admin/"
# The API's have their own matrix, by operation: tests/api/test_doors.py.
API = "/api/v1/"

_ARGUMENT = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """A name, or the address where there is none, and its address with arguments."""

    name: str
    pattern: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_an_object(self) -> bool:
        return bool(_ARGUMENT.search(self.pattern))

    def url(self, arguments: dict[str, Any]) -> str:
        return _ARGUMENT.sub(
            lambda found: str(arguments[found.group(1) or found.group(2)]), self.pattern
        )


def routes(
    resolver: URLResolver, before: str = "/", space: str = ""
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern).replace("^", "").replace("$", "")
        if isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else pattern
            yield Route(name, pattern)
        else:
            inside = f"{entry.namespace}:" if entry.namespace else ""
            yield from routes(entry, pattern, space + inside)


ALL = tuple(routes(get_resolver("examgen.urls")))
BY_NAME = {route.name: route for route in ALL}
# What a signed link or a code leads to belongs to whoever has it.
OBJECT_ROUTES = [
    route
    for route in ALL
    if route.name in OURS
    and route.is_about_an_object
    and route.name not in SIGNED
    and not route.pattern.endswith(("<str:token>/", "<str:code>/"))
]
ADMIN_ROUTES = [route for route in ALL if route.pattern.startswith(ADMIN)]


@dataclass(frozen=True, slots=True)
class World:
    """`sessions` are cookies by role: signing in anew for each request takes long."""

    sessions: dict[str, str]
    exam: Exam
    course: Course
    version: ExamVersion
    told: Delivery
    token: Token

    @property
    def arguments(self) -> dict[str, Any]:
        return self.about(self.exam)

    def about(self, exam: Exam) -> dict[str, Any]:
        people_of = self.course.enrolments
        (waiting,) = self.course.invitations.all()
        asked, _ = QuestionRequest.objects.get_or_create(
            exam=exam, aim=RequestAim.ADD, defaults={"created_at": exam.created_at}
        )
        return {
            "course_id": self.course.id,
            "enrolment_id": people_of.students().get().id,
            "former_id": people_of.former_students().get().id,
            "educator_id": people_of.educators().get().id,
            "invitation_id": waiting.id,
            "token": services.invitation_token(waiting),
            "code": self.course.code,
            "lecture_id": exam.lecture_id,
            "exam_id": exam.id,
            "question_id": exam.questions.all()[0].id,
            "request_id": asked.id,
            "delivery_id": self.told.id,
            "token_id": self.token.id,
            "ticket": unsubscribe_token(self.exam.owner, "exam_ready"),
            "number": 1,
            "size": "small",
            "digest": "0123456789abcdef",
            "uidb36": "1",
            "key": "set-password",
            "pk": 1,
            "content_type_id": 1,
            "object_id": uuid.uuid4(),
            "app_label": "exams",
            "url": "nowhere",
        }

    def browser(self, role: str) -> Client:
        client = Client()
        if session := self.sessions.get(role):
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, home: Path) -> Iterator[World]:
    with shared.rows(django_db_blocker, home):
        owner = people.educator("owner@example.org")
        users = {
            "student": people.student("student@example.org"),
            "owner": owner,
            "other": people.educator("other@example.org"),
            "admin": people.admin("admin@example.org"),
        }
        sessions = {}
        for role, user in users.items():
            client = Client()
            client.force_login(user)
            sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        exam = exams.exam(owner)
        yield World(
            sessions,
            exam,
            peopled(courses.course(owner), users["student"]),
            publishing.published(owner),
            deliveries.told(exam),
            token_of(owner),
        )


def token_of(user: User) -> Token:
    week = timedelta(days=7)
    return make_token(user=user, name="Sync", scopes=SCOPES, lasts=week).token


def peopled(course: Course, student: User) -> Course:
    """The course with one student, one who left, one more educator, one invited."""
    owner = course.owner
    courses.enrol(course, student)
    former = courses.enrol(course, people.student("former@example.org"))
    services.leave(enrolment=former, actor=owner)
    courses.teach(course, people.educator("second@example.org"))
    courses.invite(course)
    return course


@pytest.fixture
def world(made: World, home: Path, db: None) -> Iterator[World]:
    """The people and the exam, each test in a savepoint of its own."""
    with shared.store(home):
        yield made


def status(response: HttpResponse) -> Status:
    sent_to = response.headers.get("Location", "")
    if response.status_code == 302 and sent_to.startswith("/accounts/login/"):
        return LOGIN
    return response.status_code


# The owner last: only their requests change what the others are asked about.
_ORDER = ("anonymous", "student", "other", "admin", "owner")


def read_out(response: Any) -> None:
    """Read a streamed file to its end, which closes it.

    Closing the response would tell Django that a request has ended, and with it the
    connection in whose transaction the rows of the module live.
    """
    if response.streaming:
        b"".join(response)


def answers(
    world: World, method: str, route: Route, data: Any = None, of: Exam | None = None
) -> Row:
    found: dict[str, Status] = {}
    url = route.url(world.about(of or world.exam))
    for role in _ORDER:
        client = world.browser(role)
        response = client.get(url) if method == "get" else client.post(url, data or {})
        found[role] = status(response)
        read_out(response)
    return tuple(found[role] for role in ROLES)  # type: ignore[return-value]


# Completeness


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    known = set(OURS) | set(TAKING) | set(HANDED_IN) | set(ALLAUTH)
    ours = {route.name for route in ALL if not route.pattern.startswith((ADMIN, API))}
    assert ours - known == set(), "a route without an entry"
    assert known - ours == set(), "an entry without a route"


def test_no_two_routes_share_a_name() -> None:
    names = [route.name for route in ALL]
    assert len(names) == len(set(names))


# Our pages


@pytest.mark.parametrize("name", OURS)
def test_each_role_gets_its_answer(world: World, name: str) -> None:
    expected = OURS[name]
    assert answers(world, "get", BY_NAME[name]) == expected.get


@pytest.mark.parametrize("name", OURS)
def test_each_role_gets_its_answer_to_a_post(world: World, name: str) -> None:
    expected = OURS[name]
    found = answers(world, "post", BY_NAME[name], expected.data)
    assert found == expected.post


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_role_gets_its_answer_about_a_published_exam(
    world: World, name: str
) -> None:
    expected, of = PUBLISHED[name], world.version.exam
    route = BY_NAME[name]
    assert answers(world, "get", route, of=of) == expected.get
    assert answers(world, "post", route, expected.data, of=of) == expected.post


def _method(name: str) -> str:
    return "post" if OURS[name].get[2] == 405 else "get"


@pytest.mark.parametrize("route", OBJECT_ROUTES, ids=str)
def test_an_unknown_object_is_not_found(world: World, route: Route) -> None:
    unknown = {
        name: uuid.uuid4() if isinstance(value, uuid.UUID) else value
        for name, value in world.arguments.items()
    }
    client = world.browser("owner")
    expected = OURS[route.name]
    if _method(route.name) == "get":
        assert client.get(route.url(unknown)).status_code == 404
    else:
        response = client.post(route.url(unknown), expected.data or {})
        assert response.status_code == 404


@pytest.mark.parametrize("route", OBJECT_ROUTES, ids=str)
def test_a_foreign_object_looks_exactly_like_an_unknown_one(
    world: World, route: Route
) -> None:
    """Not only the status: the whole answer, but for the address and the token."""
    unknown = {
        name: uuid.uuid4() if isinstance(value, uuid.UUID) else value
        for name, value in world.arguments.items()
    }
    client = world.browser("other")
    expected = OURS[route.name]
    seen = []
    for arguments in (world.arguments, unknown):
        url = route.url(arguments)
        response = (
            client.get(url)
            if _method(route.name) == "get"
            else client.post(url, expected.data or {})
        )
        headers = {
            name: value
            for name, value in response.headers.items()
            if name not in ("Date", "X-Request-ID")
        }
        body = response.content.decode().replace(url, "")
        seen.append((response.status_code, headers, _TOKEN.sub("", body)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def test_an_address_that_is_none_is_not_found_in_words(world: World) -> None:
    for role in ROLES:
        response = world.browser(role).get("/nowhere/at/all/")
        assert response.status_code == 404
        assert "404.html" in [template.name for template in response.templates]


# Pages of an exam that is taken


@dataclass(frozen=True, slots=True)
class Taking:
    """What the arguments and the form of a taker's page are filled with."""

    arguments: dict[str, Any]
    data: dict[str, str]


@pytest.fixture
def taking(world: World) -> Taking:
    """An exam of the owner's in a course of the student's, who has begun with it."""
    owner, student = (
        User.objects.get(email=f"{role}@example.org") for role in ("owner", "student")
    )
    course = courses.course(owner, student)
    version = versions.version(owner, course=course)
    attempt = attempts.started(version, student)
    return Taking(
        {
            "exam_id": version.exam_id,
            "attempt_id": attempt.id,
            "code": version.code,
            "number": 1,
        },
        {"question": version.questions[0]["id"], "version": "0"},
    )


@pytest.fixture
def handed_in(world: World) -> dict[str, Any]:
    """An essay of the student's at an exam of the owner's."""
    owner, student = (
        User.objects.get(email=f"{role}@example.org") for role in ("owner", "student")
    )
    version = versions.version(owner, course=courses.course(owner, student))
    attempt = attempts.closed(version, student)
    essay = versions.sheet(version, Kind.ESSAY)["id"]
    return {"attempt_id": attempt.id, "question": essay}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", TAKING)
def test_each_role_gets_its_answer_about_an_attempt(
    world: World, taking: Taking, name: str, method: str
) -> None:
    url = BY_NAME[name].url(taking.arguments)
    found: dict[str, Status] = {}
    for role in _ORDER:
        response = getattr(world.browser(role), method)(url, taking.data)
        found[role] = status(response)
        read_out(response)
    row = tuple(found[role] for role in ROLES)
    assert row == getattr(TAKING[name], method)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", HANDED_IN)
def test_each_role_gets_its_answer_about_what_was_handed_in(
    world: World, handed_in: dict[str, Any], name: str, method: str
) -> None:
    url = BY_NAME[name].url(handed_in)
    found: dict[str, Status] = {}
    for role in _ORDER:
        response = getattr(world.browser(role), method)(url, HANDED_IN[name].data)
        found[role] = status(response)
    assert tuple(found[role] for role in ROLES) == getattr(HANDED_IN[name], method)


@pytest.mark.parametrize("name", [name for name in TAKING if "join" not in name])
def test_a_foreign_attempt_looks_exactly_like_an_unknown_one(
    world: World, taking: Taking, name: str
) -> None:
    unknown = {
        key: uuid.uuid4() if isinstance(value, uuid.UUID) else value
        for key, value in taking.arguments.items()
    }
    seen = []
    for arguments in (taking.arguments, unknown):
        url = BY_NAME[name].url(arguments)
        response = world.browser("other").get(url)
        body = response.content.decode().replace(url, "")
        seen.append((response.status_code, _TOKEN.sub("", body)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


# Allauth's pages


@pytest.mark.parametrize("name", ALLAUTH)
def test_account_pages_tell_visitors_from_people(world: World, name: str) -> None:
    visitor, person = ALLAUTH[name]
    found = answers(world, "get", BY_NAME[name])
    assert found == (visitor, person, person, person, person)


# The admin


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=str)
def test_the_admin_is_for_staff_alone(world: World, route: Route) -> None:
    url = route.url(world.arguments)
    for role in ("anonymous", "student", "owner", "other"):
        client = world.browser(role)
        response = client.get(url, follow=True)
        if role == "anonymous":
            last, _ = response.redirect_chain[-1]
            assert last.startswith("/accounts/login/") or last == "/", (role, last)
        elif route.name == "admin:logout":
            assert response.status_code == 403
        else:
            assert response.status_code == 403, role
    response = world.browser("admin").get(url)
    assert response.status_code < 500


# The demo's pages


@pytest.fixture
def _demo() -> Iterator[None]:
    with override_settings(DEMO=True):
        importlib.reload(examgen.urls)
        clear_url_caches()
        yield
    importlib.reload(examgen.urls)
    clear_url_caches()


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("name", DEMO)
def test_the_demos_pages_are_open_to_all_in_the_demo(world: World, name: str) -> None:
    found = {route.name: route for route in routes(get_resolver("examgen.urls"))}
    assert set(found) - set(BY_NAME) == set(DEMO)
    assert answers(world, "get", found[name]) == DEMO[name].get
    assert answers(world, "post", found[name]) == DEMO[name].post


def test_outside_the_demo_its_pages_do_not_exist(world: World) -> None:
    for url in ("/demo/mailbox/", "/demo/sign-in/"):
        for role in ROLES:
            assert world.browser(role).get(url).status_code == 404
            assert world.browser(role).post(url).status_code == 404
