"""Whatever stands in an address, `manage.py check` has a sentence and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from examgen.settings.addresses import NoPlaceError, Shape, check_address, place
from tests.examgen.settings.commands import MANAGE, run

ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."
AFTERWARDS = "after the host comes a port or nothing"
PORTS = "a port is a number from 1 to 65535"
NAMES = "a host has letters, digits, hyphens and single dots"
REDIS = "redis://:password@host:6379/0"
MAIL = "smtp+tls://user:password@mail.example.org:587"
STORE = "https://s3.example.org"
DATABASE = "postgresql://user:password@host:5432/name"

NUMBERED = {
    "CACHE_URL": "E105",
    "DATABASE_URL": "E107",
    "EMAIL_URL": "E106",
    "EXAMGEN_URL": "E104",
    "REDIS_URL": "E105",
    "S3_ADDRESSING_STYLE": "E103",
    "S3_ENDPOINT_URL": "E104",
    "S3_PUBLIC_URL": "E104",
}
# What is said in one line while the settings load.
REFUSED = [
    (
        "S3_ENDPOINT_URL",
        "hush",
        f"must begin with http:// or https://, as in {STORE}.",
    ),
    (
        "S3_ENDPOINT_URL",
        "https://me:hush@host",
        f"must name no user, as in {STORE}.",
    ),
    (
        "S3_PUBLIC_URL",
        "https://host/hush",
        f"must end in its host and port, as in {STORE}.",
    ),
    ("S3_ADDRESSING_STYLE", "hush", "must be one of: auto, path, virtual."),
    (
        "REDIS_URL",
        "redis://:hush@h:99999/0",
        f"cannot be read: {PORTS}, as in {REDIS}. {ENCODE}",
    ),
    (
        "REDIS_URL",
        "redis://:hush@a..b:6379/0",
        f"cannot be read: {NAMES}, as in {REDIS}. {ENCODE}",
    ),
    (
        "REDIS_URL",
        "redis://:hush@h/0?socket_timeout=abc",
        f"must have nothing behind a ?, as in {REDIS}.",
    ),
    (
        "CACHE_URL",
        "redis://:hush@h/0?foo=bar",
        f"must have nothing behind a ?, as in {REDIS}.",
    ),
    (
        "REDIS_URL",
        "redis://:hush@h/0?ssl_ca_certs=/x",
        f"must have nothing behind a ?, as in {REDIS}.",
    ),
    (
        "REDIS_URL",
        "rediss://:hush@h/0?ssl_ca_certs=/nowhere/x",
        "names a file behind its ? that cannot be read.",
    ),
    (
        "EMAIL_URL",
        "smtp://me:hush@h:99999",
        f"cannot be read: {PORTS}, as in {MAIL}. {ENCODE}",
    ),
    (
        "EMAIL_URL",
        "smtp://me:hush@mail..x:25",
        f"cannot be read: {NAMES}, as in {MAIL}. {ENCODE}",
    ),
    (
        "DATABASE_URL",
        "postgresql://me:hush@h/n?connect_timeout=abc",
        (
            f"has no whole number as its connect_timeout, as in {DATABASE}"
            "?connect_timeout=9."
        ),
    ),
    (
        "DATABASE_URL",
        "examgen:hush@db",
        (f"must begin with postgresql://, postgres:// or sqlite://, as in {DATABASE}."),
    ),
    (
        "EXAMGEN_URL",
        "http://a..b",
        f"cannot be read: {NAMES}, as in https://exams.example.org. {ENCODE}",
    ),
]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    REFUSED,
    ids=[f"{row[0]}={row[1]}" for row in REFUSED],
)
def test_check_says_it_in_one_line(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    done = run(tmp_path, MANAGE, **{variable: value})
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Wrong configuration: (examgen.{NUMBERED[variable]}) {variable} {said}\n",
    )


def checked(tmp_path: Path, **variables: str) -> str:
    done = run(tmp_path, MANAGE, **variables)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.removeprefix(
        "SystemCheckError: System check identified some issues:\n\nERRORS:\n?: "
    )


ONE_ISSUE = "\nSystem check identified 1 issue (0 silenced).\n"


def test_a_wrong_name_of_a_bucket_is_said_once_and_nobody_is_asked(
    tmp_path: Path,
) -> None:
    assert checked(tmp_path, S3_BUCKET="ABC_") == (
        "(examgen.E063) S3_BUCKET is no name of a bucket.\n"
        "\tHINT: A name has 3 to 63 small letters, digits, dots and hyphens.\n"
        + ONE_ISSUE
    )


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database" * 100)
    assert checked(tmp_path, DATABASE_URL=f"sqlite:///{file}") == (
        f"(examgen.E060) {file} cannot be opened: file is not a database.\n"
        "\tHINT: Give its folder to the account of the site, or name another file in "
        "DATABASE_URL.\n" + ONE_ISSUE
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("[::1]:1", ("::1", 1)),
        ("host", ("host", None)),
        ("", ("", None)),
    ],
)
def test_a_place_is_host_and_port(text: str, found: tuple[str, int | None]) -> None:
    assert place(text) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("host:", AFTERWARDS),
        ("host:port", AFTERWARDS),
        ("::1", AFTERWARDS),
        ("[1:2]:80", AFTERWARDS),
        ("host:0", PORTS),
        ("host:65536", PORTS),
        ("a..b", NAMES),
        ("-a", NAMES),
        ("ä.org", NAMES),
    ],
)
def test_what_is_no_place_says_why(text: str, why: str) -> None:
    with pytest.raises(NoPlaceError) as caught:
        place(text)
    assert str(caught.value) == why


def test_one_scheme_alone_is_named_alone() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        check_address(
            "X", "y", Shape(schemes=("z",), example="z://host", number="E999")
        )
    assert str(caught.value) == (
        "(examgen.E999) X must begin with z://, as in z://host."
    )
