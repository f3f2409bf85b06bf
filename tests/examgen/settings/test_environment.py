"""What is wrong in the environment is said in one sentence, without the value."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from examgen.settings.environment import BASE_DIR, env

REDIS = "redis://:password@host:6379/0"
MAIL = "smtp+tls://user:password@mail.example.org:587"
MAIL_SCHEMES = (
    "smtp+tls://, smtp+ssl://, smtp://, consolemail://, filemail:// or dummymail://"
)
SITE = "https://exams.example.org"
ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."
UNREADABLE = "cannot be read: after the host comes a port or nothing, as in"


def complaint(read: Callable[[str], Any], value: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXAMGEN_TRIED", value)
        with pytest.raises(ImproperlyConfigured) as caught:
            read("EXAMGEN_TRIED")
    return str(caught.value)


def read_mail(var: str) -> dict[str, Any]:
    return env.email_url(var, "consolemail://")


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
    ],
)
def test_a_wrong_redis_address_is_named_with_an_example(value: str, words: str) -> None:
    said = complaint(env.redis_url, value)
    assert said == f"EXAMGEN_TRIED {words}"
    assert "hush" not in said


@pytest.mark.parametrize("value", ["", REDIS, "rediss://host", "redis://host:6379"])
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
    ],
)
def test_a_wrong_web_address_is_named_with_an_example(value: str, words: str) -> None:
    assert complaint(env.web_address, value) == f"EXAMGEN_TRIED {words}"


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
    assert env.bool("EXAMGEN_TRIED", not meant) is meant


def test_an_empty_variable_is_like_none(monkeypatch) -> None:
    monkeypatch.setenv("EXAMGEN_TRIED", "")
    assert env.bool("EXAMGEN_TRIED", True) is True
    assert env.int("EXAMGEN_TRIED", 7) == 7
    assert env.list("EXAMGEN_TRIED", default=["a"]) == ["a"]
    assert env.str("EXAMGEN_TRIED", "b") == "b"


# As the operator sees it


def run(home: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *variables.pop("arguments", "check").split()],
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "EXAMGEN_DATA": str(home / "data"),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


MANAGE = "import runpy; runpy.run_path('manage.py', run_name='__main__')"
START = "import runpy; runpy.run_module('examgen.start', run_name='__main__')"


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
    said = f"Wrong configuration: REDIS_URL {UNREADABLE} {REDIS}. {ENCODE}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    ("variable", "value", "package"),
    [
        ("REDIS_URL", "redis://host", "redis"),
        ("CACHE_URL", "redis://host", "redis"),
        ("EXAMGEN_BELL", "celery", "celery"),
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
        f"Wrong configuration: {variable} needs the package {package}, which is not "
        "installed: "
        "pip install --require-hashes -r requirements/deploy.txt\n"
    )
