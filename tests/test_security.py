"""What protects every page: headers, cookies, hosts, tokens, and how the site starts."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from examgen.settings import environment
from exams.content import Kind
from exams.services.publishing import close_exam
from exams.states import ExamState, LectureState
from tests.factories import courses, deliveries, exams, people, publishing, shared
from tests.test_routes import (
    ALL,
    ALLAUTH,
    BY_NAME,
    OURS,
    SIGNED,
    Route,
    World,
    peopled,
    read_out,
    token_of,
)

pytestmark = pytest.mark.one_database

ROOT = environment.BASE_DIR

POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "connect-src": {"'self'"},
    "font-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "manifest-src": {"'self'"},
}
# Social sign-in redirects over hosts that only the provider knows.
MAY_LEAVE = {
    "account_login",
    "account_signup",
    "account_reauthenticate",
    "socialaccount_connections",
    "socialaccount_signup",
}
# Somebody else's content: nothing in it may run, whatever the browser makes of it.
SANDBOXED = {"lecture_file", "page_picture"}
PAGES = [
    route
    for route in ALL
    if route.name in OURS or route.name in ALLAUTH or route.name == "admin:index"
]


def directives(response: HttpResponse) -> dict[str, set[str]]:
    policy = response.headers["Content-Security-Policy"]
    parts = [part.split() for part in policy.split("; ")]
    return {name: set(sources) for name, *sources in parts}


# One exam and one course, looked at by all tests of headers.


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, home: Path) -> Iterator[World]:
    with shared.rows(django_db_blocker, home):
        owner = people.admin("owner@example.org")
        client = Client()
        client.force_login(owner)
        session = client.cookies[configured.SESSION_COOKIE_NAME].value
        exam = exams.exam(owner)
        yield World(
            {"owner": session},
            exam,
            peopled(courses.course(owner), people.student("student@example.org")),
            publishing.published(owner),
            deliveries.told(exam),
            token_of(owner),
        )


@pytest.fixture
def visit(made: World, home: Path, db: None) -> Iterator[Callable[[Route, bool], Any]]:
    """Open a route as a visitor or as the owner, who is staff as well."""

    def open_page(route: Route, signed_in: bool) -> Any:
        client = made.browser("owner" if signed_in else "anonymous")
        response = client.get(route.url(made.arguments))
        read_out(response)
        return response

    with shared.store(home):
        yield open_page


# Headers


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "person"])
@pytest.mark.parametrize("route", PAGES, ids=str)
def test_every_page_carries_every_header(visit, route: Route, signed_in: bool) -> None:
    response = visit(route, signed_in)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    if route.name in SANDBOXED and response.status_code == 200:
        assert response["Content-Security-Policy"] == "sandbox"
        return
    expected = dict(POLICY)
    if route.name in MAY_LEAVE:
        expected["form-action"] = {"'self'", "https:"}
    assert directives(response) == expected


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_nothing_of_a_signed_in_person_is_kept_by_a_cache(visit, route: Route) -> None:
    response = visit(route, True)
    if route.name == "page_picture" or "ETag" in response:
        # By their own browser alone, which asks each time whether it still is so.
        assert route.name in ("page_picture", "scoreboard")
        assert response["Cache-Control"] == "private, no-cache"
    else:
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_no_page_has_inline_scripts_or_styles(visit, route: Route) -> None:
    """The policy would block them: what looks right in a test would not work."""
    for signed_in in (False, True):
        response = visit(route, signed_in)
        if "text/html" not in response.headers.get("Content-Type", ""):
            continue
        page = response.content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "javascript:" not in page
        for tag in page.split("<script")[1:]:
            opening = tag.split(">", 1)[0]
            data = 'type="application/json"' in opening
            assert " src=" in f" {opening}" or data, opening
        for handler in (" onclick=", " onload=", " onsubmit=", " onchange="):
            assert handler not in page


def test_errors_carry_the_same_headers(student: User, educator: User) -> None:
    browser = Client()
    browser.force_login(student)
    answers = [
        browser.get("/nowhere/"),
        browser.get(reverse("lectures")),
        browser.post(reverse("home")),
        Client(enforce_csrf_checks=True).post(reverse("account_login")),
    ]
    assert [answer.status_code for answer in answers] == [404, 403, 405, 403]
    for answer in answers:
        assert directives(answer)["script-src"] == {"'self'"}
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"]
        assert "<style" not in answer.content.decode()


# Requests from elsewhere


@pytest.mark.parametrize(
    "name",
    # Mail programs post to a signed link, without any page of ours (RFC 8058).
    [
        name
        for name, expect in OURS.items()
        if expect.post[2] != 405 and name not in SIGNED
    ],
)
def test_no_change_without_the_pages_token(db: None, made, home: Path, name) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[configured.SESSION_COOKIE_NAME] = made.sessions["owner"]
    url = BY_NAME[name].url(made.arguments)
    with shared.store(home):
        assert client.post(url, OURS[name].data or {}).status_code == 403


def test_a_host_that_is_not_ours_is_refused(db: None) -> None:
    response = Client().get("/", headers={"Host": "evil.example.net"})
    assert response.status_code == 400


def test_a_body_with_too_many_fields_is_refused(educator: User) -> None:
    browser = Client()
    browser.force_login(educator)
    fields = {f"field{number}": "x" for number in range(1001)}
    assert browser.post(reverse("preferences"), fields).status_code == 400


# A site in production


def process(code: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python with an environment of its own and nothing of ours in it."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "examgen.settings",
            "EXAMGEN_DATA": str(home / "data"),
            **env,
        },
    )


PRODUCTION = {
    "EXAMGEN_URL": "https://exams.example.org",
    "EXAMGEN_HOSTS": "exams.example.org",
    "EXAMGEN_BEHIND_PROXY": "1",
    "EXAMGEN_FROM": "Examgen <exams@example.org>",
    "MAILGUN_API_KEY": "key",
    "MAILGUN_DOMAIN": "mg.example.org",
}
_CHECK = """
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
"""
_COOKIES = """
import json
import django
django.setup()
from django.conf import settings
from django.test import Client
get = lambda **extra: Client(headers={"host": "exams.example.org"}).get("/healthz", **extra)
plain, safe = get(), get(secure=True)
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "httponly": [settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY],
    "samesite": [settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE],
    "origins": settings.CSRF_TRUSTED_ORIGINS,
    "plain": [plain.status_code, plain.headers.get("Location")],
    "safe": [safe.status_code, safe.headers.get("Strict-Transport-Security")],
    "upgrade": "upgrade-insecure-requests" in safe["Content-Security-Policy"],
}))
"""


def test_a_production_environment_passes_every_check(tmp_path: Path) -> None:
    run = process(_CHECK, tmp_path, **PRODUCTION)
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def test_with_tls_cookies_and_pages_never_travel_in_the_clear(tmp_path: Path) -> None:
    run = process(_COOKIES, tmp_path, **PRODUCTION)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "names": ["__Host-sessionid", "__Host-csrftoken"],
        "secure": [True, True],
        "httponly": [True, True],
        "samesite": ["Lax", "Lax"],
        "origins": ["https://exams.example.org"],
        "plain": [301, "https://exams.example.org/healthz"],
        "safe": [200, "max-age=31536000; includeSubDomains; preload"],
        "upgrade": True,
    }


def test_without_tls_on_a_public_host_the_operator_is_warned(tmp_path: Path) -> None:
    run = process(
        _CHECK,
        tmp_path,
        EXAMGEN_URL="http://exams.example.org",
        EXAMGEN_HOSTS="exams.example.org",
    )
    assert run.returncode == 1
    assert "examgen.W001" in run.stderr


def test_the_demo_does_not_start_on_a_public_host(tmp_path: Path) -> None:
    run = process(_CHECK, tmp_path, EXAMGEN_DEMO="1", **PRODUCTION)
    assert run.returncode == 1
    assert "examgen.E001" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ALLOWED_HOSTS", ["exams.example.org"], "examgen.E001"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "exams.example.org"], "examgen.E001"),
        ("ALLOWED_HOSTS", ["*"], "examgen.E001"),
        ("ALLOWED_HOSTS", [".localhost"], "examgen.E001"),
        ("EDUCATOR_SIGNUP", "sometimes", "examgen.E004"),
        ("DEFAULT_ENGINE", "magic", "examgen.E005"),
        ("EXAMGEN_BELL", "carillon", "examgen.E002"),
        ("JOB_HEARTBEAT_SECONDS", 45.0, "examgen.E003"),
    ],
)
def test_a_wrong_setting_is_an_error_with_a_hint(
    settings, name: str, value: Any, code: str
) -> None:
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    assert run_checks() == []
    setattr(settings, name, value)
    (found,) = [message for message in run_checks() if message.is_serious()]
    assert found.id == code
    assert found.hint


# The secret key


def _key_in(file: Path) -> str:
    code = "from examgen.settings import SECRET_KEY; print(SECRET_KEY)"
    run = process(code, file.parent, EXAMGEN_SECRET_KEY_FILE=str(file))
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_a_secret_key_is_made_once_outside_the_repository(tmp_path: Path) -> None:
    code = "from examgen.settings.environment import secret_key; print(secret_key())"
    first, second = (process(code, tmp_path).stdout.strip() for _ in range(2))
    assert len(first) >= 50
    assert first == second
    file = tmp_path / ".local" / "state" / "examgen" / "secret"
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]
    assert first not in _everything_tracked()


def _everything_tracked() -> str:
    run = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, check=True, cwd=ROOT
    )
    names = run.stdout.decode().split("\0")
    return "\n".join(
        (ROOT / name).read_text("utf-8", errors="replace")
        for name in names
        if name and (ROOT / name).is_file() and (ROOT / name).stat().st_size < 10**6
    )


def test_a_key_from_the_environment_wins_and_nothing_is_written(tmp_path: Path) -> None:
    code = "from examgen.settings import SECRET_KEY; print(SECRET_KEY)"
    run = process(code, tmp_path, EXAMGEN_SECRET_KEY="given-" * 10)
    assert run.stdout.strip() == "given-" * 10
    assert not (tmp_path / ".local").exists()


def test_processes_that_start_at_once_read_the_same_key(tmp_path: Path) -> None:
    """Many at once, with switches as often as Python can, again and again."""
    file = tmp_path / "state" / "secret"
    found: list[str] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("EXAMGEN_SECRET_KEY_FILE", str(file))
            patch.delenv("EXAMGEN_SECRET_KEY", raising=False)
            for _ in range(20):
                shutil.rmtree(file.parent, ignore_errors=True)
                found.clear()
                _at_once(8, lambda: found.append(environment.secret_key()))
                assert len(found) == 8
                assert set(found) == {file.read_text()}
    finally:
        sys.setswitchinterval(interval)


def _at_once(number: int, work: Callable[[], object]) -> None:
    start = threading.Barrier(number)

    def wait_and_work() -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=wait_and_work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_real_processes_read_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    _at_once(2, lambda: found.append(_key_in(tmp_path / "state" / "secret")))
    assert len(found) == 2
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("made_unusable", "said"),
    [("an empty file", "is empty: delete it"), ("a file as folder", "make")],
)
def test_a_key_that_cannot_be_had_stops_the_start_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_unusable: str, said: str
) -> None:
    file = tmp_path / "state" / "secret"
    if made_unusable == "an empty file":
        file.parent.mkdir()
        file.touch()
    else:
        file.parent.touch()
    monkeypatch.setenv("EXAMGEN_SECRET_KEY_FILE", str(file))
    monkeypatch.delenv("EXAMGEN_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match=said):
        environment.secret_key()


# What a web process loads


def test_a_web_process_loads_no_engine_and_no_reader(tmp_path: Path) -> None:
    code = """
import sys
import examgen.wsgi
import examgen.urls
from django.urls import get_resolver
get_resolver().url_patterns
heavy = {"spacy", "pypdfium2", "pypdf", "typst", "pydantic_ai", "PIL"}
print(sorted(heavy & set(sys.modules)))
print([name for name in sys.modules if name.startswith("exams.generation.offline")])
"""
    run = process(code, tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["[]", "[]"]


# Lists cost as many queries for many rows as for few


def _queries(browser: Client, url: str) -> int:
    browser.get(url)  # warm: content types and the like are asked for once
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    # The clock of PostgreSQL is read every ten seconds, whatever is asked for.
    return sum("clock_timestamp" not in query["sql"] for query in captured)


def _fill(owner: User, rows: int) -> None:
    for _ in range(rows):
        publishing.published(owner)
        close_exam(version=publishing.published(owner), actor=owner.id)
        exams.exam(owner)
        exams.exam(owner, state=ExamState.GENERATING)
        exams.exam(owner, state=ExamState.FAILED, error_code="no_questions")
        exams.lecture(owner, state=LectureState.FAILED, error_code="damaged")
        waiting = exams.lecture(owner, state=LectureState.STORED)
        exams.exam(owner, of=waiting, state=ExamState.WAITING)


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


@pytest.mark.parametrize(
    ("name", "most"), [("home", 19), ("lectures", 8), ("exams", 6)]
)
def test_a_list_of_twenty_takes_as_many_queries_as_one_of_two(
    browser: Client, educator: User, name: str, most: int
) -> None:
    _fill(educator, 2)
    two = _queries(browser, reverse(name))
    _fill(educator, 18)
    assert _queries(browser, reverse(name)) == two <= most


def test_a_lecture_with_twenty_exams_takes_as_many_queries_as_with_two(
    browser: Client, educator: User
) -> None:
    lecture = exams.lecture(educator)
    url = reverse("lecture", args=[lecture.id])
    counts = []
    for number in (2, 18):
        for _ in range(number):
            exams.exam(educator, of=lecture, kinds=[Kind.ESSAY])
        counts.append(_queries(browser, url))
    assert counts[0] == counts[1] <= 9


@pytest.mark.parametrize("name", ["exam", "review_question", "edit_question"])
def test_an_exam_of_forty_questions_takes_as_many_queries_as_one_of_two(
    browser: Client, educator: User, name: str
) -> None:
    counts = []
    for kinds in ([Kind.SINGLE_CHOICE, Kind.ESSAY], list(Kind) * 5):
        exam = exams.exam(educator, kinds=kinds)
        question = exam.questions.all()[0]
        arguments = [exam.id] if name == "exam" else [exam.id, question.id]
        counts.append(_queries(browser, reverse(name, args=arguments)))
    assert counts[0] == counts[1] <= 9
