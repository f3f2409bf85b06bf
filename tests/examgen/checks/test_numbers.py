"""Every number is provoked by an environment, is said with its cure, and is listed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from examgen.checks.numbers import NUMBERS
from examgen.settings.environment import BASE_DIR
from tests.examgen.checks.trying import tried
from tests.servers.process import free_port

CLOSED = free_port()
PUBLIC = {
    "EXAMGEN_URL": "https://exams.example.org",
    "EXAMGEN_HOSTS": "exams.example.org",
    "EXAMGEN_BEHIND_PROXY": "1",
    "EXAMGEN_FROM": "Examgen <exams@example.org>",
    "MAILGUN_API_KEY": "key",
    "MAILGUN_DOMAIN": "mg.example.org",
}
LOCAL_FILES = ("{home}/notes.txt", "{home}/empty", "{home}/wide.png")


@dataclass(frozen=True, slots=True)
class Case:
    """What is set, and the numbers that are said, in order."""

    environment: dict[str, str]
    said: tuple[str, ...]


def one(number: str, **environment: str) -> Case:
    return Case(environment, (number,))


def public(number: str, **environment: str) -> Case:
    return Case({**PUBLIC, **environment}, (number,))


CASES = [
    Case({}, ()),
    Case(PUBLIC, ()),
    public("E001", EXAMGEN_DEMO="1"),
    one("E002", EXAMGEN_BELL="trumpet"),
    one("E003", EXAMGEN_JOB_LEASE="10", EXAMGEN_JOB_HEARTBEAT="6"),
    one("E004", EDUCATOR_SIGNUP="sometimes"),
    one("E005", EXAMGEN_ENGINE="magic"),
    one("E006", EXAMGEN_BELL="celery", REDIS_URL="redis://127.0.0.1"),
    one("E020", EXAMGEN_MAIL_AFTER_CRASH="forget"),
    public("E021", EMAIL_URL="smtp://127.0.0.1"),
    public("E022", MAILGUN_DOMAIN=""),
    public("E023", MAILGUN_REGION="mars"),
    one("E025", EXAMGEN_FROM="Examgen"),
    one("E025", EXAMGEN_FROM="exams@nowhere@"),
    one("E026", MAILGUN_DOMAIN="mg.example.org"),
    one("E027", EMAIL_URL="smtp://somebody@127.0.0.1"),
    one("E027", EMAIL_URL="smtp://:secret@127.0.0.1"),
    one("E030", EXAMGEN_SECRET_KEY="demo-only-" + "abcdefgh" * 8),
    one("E030", CACHE_URL="redis://:demo-only@127.0.0.1"),
    public("E031", EXAMGEN_HOSTS="exams.example.org,http://localhost"),
    public("E031", EXAMGEN_HOSTS="exams.example.org,localhost:8000"),
    # Django says it too, where it is asked.
    Case({"EXAMGEN_SECRET_KEY": "short"}, ("E033", "security.W009")),
    Case({"EXAMGEN_SECRET_KEY": "ab" * 40}, ("E033", "security.W009")),
    Case({"EXAMGEN_SECRET_KEY_FALLBACKS": "short"}, ("security.W025",)),
    Case({**PUBLIC, "EXAMGEN_DEBUG": "1"}, ("E034", "security.W018")),
    one("E035", GOOGLE_CLIENT_ID="id"),
    one("E035", GITHUB_CLIENT_SECRET="secret"),
    one("E035", MICROSOFT_CLIENT_ID="id"),
    one("E035", OIDC_SERVER_URL="https://login.example.org"),
    one("E035", OIDC_CLIENT_ID="id", OIDC_CLIENT_SECRET="secret"),
    one("E036", EXAMGEN_WEB_WORKERS="2"),
    *(one("E037", EXAMGEN_LOGO=file) for file in LOCAL_FILES),
    one("E037", EXAMGEN_LOGO="{home}/nowhere.png"),
    one("E038", EXAMGEN_SITE_NAME="x" * 61),
    public("E038", EXAMGEN_SITE_NAME="one\ntwo"),
    one("E038", EXAMGEN_SITE_NAME=" "),
    one("E060", DATABASE_URL="sqlite:////proc/nowhere/db.sqlite3"),
    one("E062", S3_REGION="eu-west-1"),
    one("E063", S3_BUCKET="My_Exams"),
    one("E064", S3_BUCKET="exams", S3_ACCESS_KEY_ID="id"),
    one("E100", EXAMGEN_WEB_THREADS="many"),
    one("E100", EXAMGEN_JOB_LEASE="a minute"),
    one("E100", EXAMGEN_WEB_THREADS="1.5"),
    one("E101", EXAMGEN_WEB_THREADS="0"),
    one("E101", EXAMGEN_JOB_LEASE="nan"),
    one("E101", EXAMGEN_JOB_LEASE="inf"),
    one("E102", EXAMGEN_DEMO="maybe"),
    one("E103", EXAMGEN_LOG_LEVEL="chatty"),
    one("E104", EXAMGEN_URL="exams.example.org"),
    one("E104", OIDC_SERVER_URL="login.example.org"),
    one("E105", REDIS_URL="localhost:6379"),
    one("E106", EMAIL_URL="mail.example.org"),
    one("E107", DATABASE_URL="mysql://host/name"),
    one("E110", EXAMGEN_SECRET_KEY_FILE="{home}/notes.txt/secret"),
    one("E110", EXAMGEN_SECRET_KEY_FILE="{home}/empty"),
    one("E110", EXAMGEN_SECRET_KEY_FILE="{home}/wide.png"),
    one("E111", EXAMGEN_DATA="{home}/notes.txt/data"),
    public("W001", EXAMGEN_URL="http://exams.example.org"),
    one("W002", EXAMGEN_URL="http://exams.example.org"),
    one("W002", EXAMGEN_URL="http://[::2]:8000"),
    public("W003", EXAMGEN_HOSTS="*"),
    public("W004", EXAMGEN_BEHIND_PROXY="0"),
    one("W005", EXAMGEN_HOTS="exams.example.org"),
    public("W021", MAILGUN_API_KEY="", MAILGUN_DOMAIN=""),
    public("W022", EXAMGEN_FROM="exams@localhost"),
    one("W050", REDIS_URL=f"redis://127.0.0.1:{CLOSED}"),
    one("W070", EMAIL_URL=f"smtp://127.0.0.1:{CLOSED}"),
]
# What takes a server of its own to be said, or a package that is not there.
ELSEWHERE = {
    *("E007", "E008", "E009"),
    *("E024", "E040", "E041", "E042", "E043", "E050", "E051", "E052", "E053", "E054"),
    *("E061", "E070", "E071", "E080", "E108", "E109", "W051", "W062"),
}
NUMBER = re.compile(r"\(((?:examgen|security)\.[EW]\d{3})\)")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str]]:
    home = tmp_path_factory.mktemp("site")
    (home / "notes.txt").write_text("no picture, no folder")
    (home / "empty").touch()
    Image.new("RGB", (700, 100)).save(home / "wide.png")
    environments = [
        {
            name: value.replace("{home}", str(home))
            for name, value in case.environment.items()
        }
        for case in CASES
    ]
    return tried(environments, home)


@pytest.mark.parametrize(
    "index",
    range(len(CASES)),
    ids=[f"{'+'.join(case.said)} {'+'.join(case.environment)}" for case in CASES],
)
def test_what_is_wrong_is_said_by_its_number(
    said: list[tuple[int, str]], index: int
) -> None:
    case = CASES[index]
    code, words = said[index]
    expected = [
        number if "." in number else f"examgen.{number}" for number in case.said
    ]
    assert NUMBER.findall(words) == expected, words
    wrong = any(number.startswith("E") for number in case.said)
    assert code == (1 if wrong else 0)
    for number in case.said:
        # What stops the settings from being read is one line with its cure in it.
        assert "HINT: " in words or number.startswith(("E1", "security"))
    assert "Traceback" not in words


def test_every_number_is_tried() -> None:
    here = {number for case in CASES for number in case.said if "." not in number}
    assert here | ELSEWHERE == set(NUMBERS)
    assert here & ELSEWHERE == set()


def test_what_is_not_tried_here_is_tried_by_tests_of_its_own() -> None:
    tests = "".join(
        path.read_text()
        for path in (BASE_DIR / "tests").rglob("test_*.py")
        if path != Path(__file__)
    )
    assert {number for number in ELSEWHERE if f"examgen.{number}" not in tests} == set()


def test_each_number_is_listed_and_said_in_one_place() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in (BASE_DIR / "examgen").rglob("*.py"):
        if path.name != "numbers.py":
            for number in re.findall(r'"(?:examgen\.)?([EW]\d{3})"', path.read_text()):
                found[number].add(str(path))
    shared = {number: places for number, places in found.items() if len(places) > 1}
    # Redis and the others are asked about in one module each, whatever is wrong.
    assert shared == {}
    assert set(found) == set(NUMBERS)
