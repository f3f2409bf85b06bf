"""The first run of a real site, asked or told, and once more."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.models import User
from accounts.services.people import create_admin
from accounts.states import Role
from examgen.jobs.models import Event
from examgen.management.commands import setup_site
from examgen.settings.environment import BASE_DIR
from examgen.setup import administrator
from tests.examgen.settings.commands import MANAGE, run, surroundings
from tests.factories import people

PASSWORD = "quiet green leaves"
TOLD = {
    "EXAMGEN_ADMIN_EMAIL": "Boss@Example.org",
    "EXAMGEN_ADMIN_NAME": "Ada Boss",
}


# What is refused: nothing was written, nobody was made


@pytest.fixture
def kept(monkeypatch, tmp_path: Path) -> Path:
    """Where settings would be written."""
    file = tmp_path / "env"
    monkeypatch.setattr(setup_site, "ENV_FILE", file)
    for name in ("EMAIL", "NAME", "PASSWORD", "PASSWORD_FILE"):
        monkeypatch.delenv(f"EXAMGEN_ADMIN_{name}", raising=False)
    return file


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return str(file)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Who is the first administrator? Name --admin-email or"),
        ({"url": "exams.example.org"}, "--url: The address must begin with http://"),
        ({"url": "https://"}, "--url: The address names no host"),
        ({"name": "x" * 61}, "--name: A name has 1 to 60 characters in one line."),
        ({"name": " "}, "--name: A name has 1 to 60 characters in one line."),
        ({"name": "a\nb"}, "--name: A name has 1 to 60 characters in one line."),
        ({"sender": "nobody"}, "--from: A sender is written: Examgen <exams@"),
        ({"logo": "/nowhere.png"}, "--logo: /nowhere.png: No such file or directory."),
        ({"logo": __file__}, "is neither PNG nor JPEG nor WebP. Name a PNG,"),
        ({"admin_email": "boss"}, "'boss' is no e-mail address."),
        ({"admin_email": "boss@example.org"}, "There is nobody to ask for a password"),
        (
            {"admin_email": "boss@example.org", "admin_name": "x" * 151},
            "A name has at most 150 characters in one line.",
        ),
        (
            {"admin_email": "boss@example.org", "password_file": "/nowhere"},
            "The file of the password cannot be read: No such file or directory.",
        ),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    db: None, kept: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("setup_site", interactive=False, **options)
    assert said in str(refused.value)
    assert not kept.exists()
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "The file of the password has an empty first line."),
        ("qzx7", "This password is too short."),
        ("password123", "This password is too common."),
        ("boss@example.org", "The password is too similar to the e-mail address."),
    ],
)
def test_a_bad_password_is_refused_and_not_repeated(
    db: None, kept: Path, tmp_path: Path, password: str, said: str
) -> None:
    file = tmp_path / "bad"
    file.write_text(password)
    with pytest.raises(CommandError) as refused:
        call_command(
            "setup_site",
            interactive=False,
            admin_email="boss@example.org",
            password_file=str(file),
        )
    assert said in str(refused.value)
    assert password in ("", "boss@example.org") or password not in str(refused.value)
    assert User.objects.count() == 0


def test_an_account_of_somebody_else_is_given_no_rights(
    db: None, kept: Path, secret: str
) -> None:
    people.student("boss@example.org")
    with pytest.raises(CommandError, match="has an account that is no administrator's"):
        call_command(
            "setup_site",
            interactive=False,
            admin_email="boss@example.org",
            password_file=secret,
        )
    assert User.objects.filter(is_superuser=True).count() == 0


def test_what_the_environment_says_cannot_be_changed_in_the_file(
    db: None, kept: Path, monkeypatch
) -> None:
    monkeypatch.setattr(setup_site, "is_fixed", lambda name: name == "EXAMGEN_URL")
    with pytest.raises(CommandError) as refused:
        call_command("setup_site", interactive=False, url="https://exams.example.org")
    assert str(refused.value) == (
        f"EXAMGEN_URL is set in the environment, which wins over {kept}: change it there."
    )


def test_of_two_who_ask_at_once_one_makes_it(db: None) -> None:
    person = {"email": "boss@example.org", "name": "Ada", "password": PASSWORD}
    assert administrator.create(**person) is True
    assert administrator.create(**person) is False
    assert User.objects.count() == 1


def test_the_administrator_is_signed_up_like_everybody(db: None) -> None:
    user = create_admin(email="boss@example.org", name="Ada", password=PASSWORD)
    assert (user.is_staff, user.is_superuser, user.role) == (True, True, Role.EDUCATOR)
    (address,) = EmailAddress.objects.filter(user=user)
    assert (address.email, address.verified, address.primary) == (
        user.email,
        True,
        True,
    )
    (event,) = Event.objects.all()
    assert (event.name, event.subject_id) == ("user.signed_up", user.id)


# The whole command, as an operator runs it


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tables")
    done = run(home, MANAGE, arguments="migrate --verbosity 0")
    assert done.returncode == 0, done.stderr
    return home / "data" / "db.sqlite3"


@pytest.fixture
def home(tables: Path, tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    shutil.copy(tables, tmp_path / "data")
    (tmp_path / "password").write_text(f"{PASSWORD}\nand more\n")
    return tmp_path


def set_up(home: Path, arguments: str = "", **variables: str) -> Any:
    return run(
        home,
        MANAGE,
        arguments=f"setup_site {arguments}",
        EXAMGEN_ENV_FILE=str(home / "env"),
        EXAMGEN_ADMIN_PASSWORD_FILE=str(home / "password"),
        **variables,
    )


def administrators(home: Path) -> list[tuple[str, str, int]]:
    with sqlite3.connect(home / "data" / "db.sqlite3") as connection:
        return connection.execute(
            "SELECT u.email, u.name, e.verified FROM accounts_user u"
            " JOIN account_emailaddress e ON e.user_id = u.id WHERE u.is_superuser"
        ).fetchall()


def test_a_site_is_set_up_without_a_question_and_passes_every_check(home: Path) -> None:
    Image.new("RGB", (64, 64)).save(home / "logo.png")
    answers = (
        "--no-input --url https://Exams.example.org/ --name Exams"
        f" --from exams@example.org --logo {home}/logo.png"
    )
    mail = {"MAILGUN_API_KEY": "key", "MAILGUN_DOMAIN": "mg.example.org"}
    done = set_up(home, answers, **TOLD, **mail)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "System check identified no issues (0 silenced)." in done.stdout
    assert "Administrator boss@example.org: made." in done.stdout
    assert "3. Sign in at https://Exams.example.org/accounts/login/" in done.stdout
    written = (home / "env").read_text()
    assert written == (
        "EXAMGEN_URL=https://Exams.example.org\n"
        "EXAMGEN_SITE_NAME=Exams\n"
        "EXAMGEN_FROM=exams@example.org\n"
        f"EXAMGEN_LOGO={home}/logo.png\n"
        "EXAMGEN_HOSTS=exams.example.org\n"
        "EXAMGEN_BEHIND_PROXY=1\n"
    )
    assert administrators(home) == [("boss@example.org", "Ada Boss", 1)]
    assert PASSWORD not in done.stdout + done.stderr + written

    again = set_up(home, answers, **TOLD, **mail)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Settings: nothing to change." in again.stdout
    assert "Administrator boss@example.org: there already." in again.stdout
    assert (home / "env").read_text() == written
    assert administrators(home) == [("boss@example.org", "Ada Boss", 1)]


def test_only_what_is_given_is_changed(home: Path) -> None:
    (home / "env").write_text("EXAMGEN_SITE_NAME=Old\nEXAMGEN_LOG_LEVEL=ERROR\n")
    done = set_up(home, "--no-input --name New", **TOLD)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        home / "env"
    ).read_text() == "EXAMGEN_SITE_NAME=New\nEXAMGEN_LOG_LEVEL=ERROR\n"


def test_where_nothing_can_be_written_the_lines_are_told(home: Path) -> None:
    done = run(
        home,
        MANAGE,
        arguments="setup_site --no-input --name Exams",
        EXAMGEN_ENV_FILE="/proc/nowhere/env",
        EXAMGEN_ADMIN_PASSWORD_FILE=str(home / "password"),
        **TOLD,
    )
    assert done.returncode == 1
    assert "/proc/nowhere/env cannot be written" in done.stderr
    assert done.stderr.endswith("  EXAMGEN_SITE_NAME=Exams\n")
    assert administrators(home) == []


def test_a_site_that_is_configured_wrongly_is_told_at_the_end(home: Path) -> None:
    done = set_up(home, "--no-input", EXAMGEN_ENGINE="magic", **TOLD)
    assert done.returncode == 1
    assert "(examgen.E005)" in done.stdout
    assert "must be put right; then run this once more." in done.stderr
    # What was done is done: the second run has nothing to make.
    assert administrators(home) == [("boss@example.org", "Ada Boss", 1)]


def test_tables_come_first(tmp_path: Path) -> None:
    done = set_up(tmp_path, "--no-input", **TOLD)
    assert done.returncode == 1
    assert "(examgen.E042)" in done.stderr
    assert "Run manage.py migrate" in done.stderr


def test_whoever_sits_there_is_asked(home: Path) -> None:
    answers = [
        *("exams.example.org", "http://127.0.0.1:8000", "Exams", "", ""),
        *("boss", "boss@example.org", "Ada"),
        *("short", PASSWORD, "something else", PASSWORD, PASSWORD),
    ]
    screen, code = typed(home, answers)
    assert code == 0, screen
    assert "Address that people type [http://127.0.0.1:8000]: " in screen
    assert "The address must begin with http:// or https://" in screen
    assert "'boss' is no e-mail address." in screen
    assert "This password is too short." in screen
    assert "The two differ." in screen
    assert PASSWORD not in screen
    assert (home / "env").read_text() == "EXAMGEN_SITE_NAME=Exams\n"
    assert administrators(home) == [("boss@example.org", "Ada", 1)]


def test_who_leaves_in_the_middle_changes_nothing(home: Path) -> None:
    screen, code = typed(home, ["http://127.0.0.1:8000", "Exams", "\x03"])
    assert code == 1
    assert "Stopped; nothing was changed." in screen
    assert not (home / "env").exists()
    assert administrators(home) == []


def typed(home: Path, answers: list[str]) -> tuple[str, int]:
    """What a terminal shows when these lines are typed, each at its prompt."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(BASE_DIR)
        variables = surroundings(home, EXAMGEN_ENV_FILE=str(home / "env"))
        os.execve(
            sys.executable, [sys.executable, "manage.py", "setup_site"], variables
        )
    screen, shown, left = "", 0, list(answers)
    # The other end closes with an error, which is how a terminal says that it is over.
    with suppress(OSError), signal_after(60, child):
        while part := os.read(terminal, 4096):
            screen += part.decode()
            if left and screen[shown:].rstrip(" ").endswith(":"):
                shown = len(screen)
                # Whoever asks for a password throws away what was typed before.
                time.sleep(0.1)
                os.write(terminal, f"{left.pop(0)}\n".encode())
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return screen, os.waitstatus_to_exitcode(status)


@contextmanager
def signal_after(seconds: float, process: int) -> Iterator[None]:
    """End a process that still waits for an answer."""
    timer = threading.Timer(seconds, os.kill, (process, signal.SIGKILL))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
