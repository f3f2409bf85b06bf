"""What is wrong in the environment is said in one sentence, without the value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examgen.settings.declared import Variable
from examgen.settings.environment import Environment
from examgen.settings.wrong import WrongValueError
from tests.examgen.settings.commands import MANAGE, START, run

# Knows one variable, with an empty default that its reader may replace.
env = Environment({"EXAMGEN_TRIED": Variable("EXAMGEN_TRIED", "", otherwise="told")})

REDIS = "redis://:password@host:6379/0"
MAIL = "smtp+tls://user:password@mail.example.org:587"
MAIL_SCHEMES = (
    "smtp+tls://, smtp+ssl://, smtp://, consolemail://, filemail:// or dummymail://"
)
STORE = "https://s3.example.org"
SITE = "https://exams.example.org"
ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."
READ = "cannot be read:"
UNREADABLE = f"{READ} after the host comes a port or nothing, as in"
PORTS = "a port is a number from 1 to 65535"
NAMES = "a host has letters, digits, hyphens and single dots"
OPTIONS = "ssl_ca_certs, ssl_certfile, ssl_keyfile"


def complaint(read: Callable[[str], Any], value: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXAMGEN_TRIED", value)
        with pytest.raises(WrongValueError) as caught:
            read("EXAMGEN_TRIED")
    return caught.value.sentence


def read_mail(var: str) -> dict[str, Any]:
    return env.mail_url(var, "consolemail://")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("localhost:6379", f"must begin with redis:// or rediss://, as in {REDIS}."),
        ("redis://", f"names no host, as in {REDIS}."),
        ("redis://host/x", f"must end in the number of a database, as in {REDIS}."),
        ("redis://:hu/sh@host/0", f"{UNREADABLE} {REDIS}. {ENCODE}"),
        ("redis://:hu#sh@host/0", f"{UNREADABLE} {REDIS}. {ENCODE}"),
        ("redis://:hush@host:54x/0", f"{UNREADABLE} {REDIS}. {ENCODE}"),
        ("redis://[::1/0", f"{UNREADABLE} {REDIS}. {ENCODE}"),
        (
            "redis://host/0#hush",
            f"{READ} nothing stands behind a #, as in {REDIS}. {ENCODE}",
        ),
        ("redis://host:99999/0", f"{READ} {PORTS}, as in {REDIS}. {ENCODE}"),
        ("redis://host:0/0", f"{READ} {PORTS}, as in {REDIS}. {ENCODE}"),
        ("redis://a..b/0", f"{READ} {NAMES}, as in {REDIS}. {ENCODE}"),
        (f"redis://{'x' * 64}/0", f"{READ} {NAMES}, as in {REDIS}. {ENCODE}"),
        (f"redis://{'x.' * 127}/0", f"{READ} {NAMES}, as in {REDIS}. {ENCODE}"),
        ("redis://[1:2]/0", f"{UNREADABLE} {REDIS}. {ENCODE}"),
        ("redis://host/0?hush=1", f"must have nothing behind a ?, as in {REDIS}."),
        ("rediss://host?hush=1", f"may have behind its ? nothing but: {OPTIONS}."),
        (
            "rediss://host?ssl_cert_reqs=none",
            f"may have behind its ? nothing but: {OPTIONS}.",
        ),
        (
            "rediss://host?ssl_ca_certs=/hush.pem",
            "names a file behind its ? that cannot be read.",
        ),
    ],
)
def test_a_wrong_redis_address_is_named_with_an_example(value: str, words: str) -> None:
    said = complaint(env.redis_url, value)
    assert said == f"EXAMGEN_TRIED {words}"
    assert "hush" not in said


@pytest.mark.parametrize(
    "value",
    [
        "",
        REDIS,
        "rediss://host",
        f"rediss://host?ssl_ca_certs={__file__}",
        "redis://my_redis.example.org.:65535",
        "redis://[2001:db8::1]:6379/0",
        "redis://127.0.0.1",
    ],
)
def test_a_right_redis_address_is_taken_as_it_is(monkeypatch, value: str) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", value)
    assert env.redis_url("EXAMGEN_TRIED") == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            "mail.example.org",
            f"must begin with {MAIL_SCHEMES}, as in {MAIL}.",
        ),
        ("smtp://:25", f"names no host, as in {MAIL}."),
        ("smtp://me:hu?sh@host:25", f"{UNREADABLE} {MAIL}. {ENCODE}"),
        ("smtp://host:99999", f"{READ} {PORTS}, as in {MAIL}. {ENCODE}"),
        ("smtp://mail..x:25", f"{READ} {NAMES}, as in {MAIL}. {ENCODE}"),
        ("smtp://host?use_tls=1", f"must have nothing behind a ?, as in {MAIL}."),
    ],
)
def test_a_wrong_mail_address_is_named_with_an_example(value: str, words: str) -> None:
    assert complaint(read_mail, value) == f"EXAMGEN_TRIED {words}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("exams.example.org", f"must begin with http:// or https://, as in {SITE}."),
        ("https://", f"names no host, as in {SITE}."),
        ("https://host:port", f"{UNREADABLE} {SITE}. {ENCODE}"),
        (
            "https://my_site.org",
            f"{READ} a host of the web has no underscore, as in {SITE}. {ENCODE}",
        ),
        ("https://me:hush@host", f"must name no user, as in {SITE}."),
        ("https://host/?hush", f"must have nothing behind a ?, as in {SITE}."),
    ],
)
def test_a_wrong_web_address_is_named_with_an_example(value: str, words: str) -> None:
    assert complaint(env.web_address, value) == f"EXAMGEN_TRIED {words}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("127.0.0.1:9000", f"must begin with http:// or https://, as in {STORE}."),
        ("s3://exams", f"must begin with http:// or https://, as in {STORE}."),
        ("http://", f"names no host, as in {STORE}."),
        ("http://host:port", f"{UNREADABLE} {STORE}. {ENCODE}"),
        ("https://me:hush@host", f"must name no user, as in {STORE}."),
        ("https://host/exams", f"must end in its host and port, as in {STORE}."),
        ("https://host.org;script-src *", f"{UNREADABLE} {STORE}. {ENCODE}"),
        ("https://host.org;script-src", f"{READ} {NAMES}, as in {STORE}. {ENCODE}"),
    ],
)
def test_a_wrong_address_of_a_store_is_named_with_an_example(
    value: str, words: str
) -> None:
    assert complaint(env.origin, value) == f"EXAMGEN_TRIED {words}"


@pytest.mark.parametrize(
    "value",
    ["http://[::1]:9000", "http://store:9000", "https://s3.eu-west-1.amazonaws.com"],
)
def test_the_address_of_a_store_loses_the_slash_at_its_end(
    monkeypatch, value: str
) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", f"{value}/")
    assert env.origin("EXAMGEN_TRIED") == value


def test_a_web_address_loses_the_slash_at_its_end(monkeypatch) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", "https://exams.example.org/")
    assert env.web_address("EXAMGEN_TRIED") == "https://exams.example.org"


def test_a_number_must_be_one() -> None:
    for read in (env.int, env.float):
        assert complaint(read, "many") == "EXAMGEN_TRIED must be a number."


@pytest.mark.parametrize("value", ["ture", "2", "maybe"])
def test_a_word_that_is_neither_yes_nor_no_is_refused(value: str) -> None:
    assert complaint(env.bool, value) == "EXAMGEN_TRIED must be 1 or 0."


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("True", True), ("on", True), ("0", False), ("no", False)],
)
def test_yes_and_no_have_several_names(monkeypatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", value)
    assert env.bool("EXAMGEN_TRIED") is meant


def test_an_empty_variable_is_like_none(monkeypatch) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", "")
    assert env.bool("EXAMGEN_TRIED") is False
    assert env.int("EXAMGEN_TRIED", 7) == 7
    assert env.list("EXAMGEN_TRIED", default=["a"]) == ["a"]
    assert env.str("EXAMGEN_TRIED", "b") == "b"


# As the operator sees it


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (MANAGE, "check"),
        (MANAGE, "web"),
        (MANAGE, "work"),
        (MANAGE, "serve"),
        (START, "--port 1"),
    ],
)
def test_every_command_says_it_in_one_line_and_exits_with_1(
    tmp_path: Path, code: str, arguments: str
) -> None:
    wrong = "redis://:hu/sh@host:6379/0"
    done = run(tmp_path, code, arguments=arguments, REDIS_URL=wrong)
    said = f"Wrong configuration: (examgen.E105) REDIS_URL {UNREADABLE} {REDIS}. {ENCODE}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    ("variable", "value", "package"),
    [
        ("REDIS_URL", "redis://host", "redis"),
        ("CACHE_URL", "redis://host", "redis"),
        ("EXAMGEN_BELL", "celery", "celery"),
        ("DATABASE_URL", "postgresql://host/exams", "psycopg"),
        ("DATABASE_URL", "postgres://host/exams", "psycopg_pool"),
        ("S3_BUCKET", "exams", "boto3"),
        ("S3_BUCKET", "exams", "storages"),
    ],
)
def test_a_package_that_is_not_installed_is_named_with_the_command_that_does(
    tmp_path: Path, variable: str, value: str, package: str
) -> None:
    # As far as Python can tell, a package that is None here is not installed.
    code = f"import sys; sys.modules[{package!r}] = None; {MANAGE}"
    done = run(tmp_path, code, **{variable: value})
    assert done.returncode == 1
    assert done.stderr == (
        f"Wrong configuration: (examgen.E109) {variable} needs the package {package}, which is not "
        "installed: "
        "pip install --require-hashes -r requirements/deploy.txt\n"
    )
