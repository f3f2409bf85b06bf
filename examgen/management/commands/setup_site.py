"""The first run of a real site: who it is, its first administrator, and all checks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    SystemCheckError,
)

from examgen.postgresql.checks import check_postgresql
from examgen.probes.files import probe_sqlite
from examgen.probes.tables import probe_tables
from examgen.settings.environment import BASE_DIR, ENV_FILE, SAID_BY_ENVIRONMENT, env
from examgen.setup import administrator, env_file
from examgen.setup.questions import (
    QUESTIONS,
    Question,
    WrongAnswerError,
    is_fixed,
    with_what_follows,
)

_SECRETS = ("EXAMGEN_ADMIN_PASSWORD", "EXAMGEN_ADMIN_PASSWORD_FILE")


class Command(BaseCommand):
    help = (
        "Name a new site, make its first administrator, and check everything. May be run "
        "again: what is not given stays as it is."
    )
    # A wrong setting may be what it is run to mend; everything is checked at its end.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", help="address that people type")
        parser.add_argument("--name", help="what the site is called")
        parser.add_argument("--from", dest="sender", help="sender of all mail")
        parser.add_argument("--logo", help="file of a picture; empty for none")
        parser.add_argument("--admin-email", help="address of the first administrator")
        parser.add_argument("--admin-name", help="their name, as others see it")
        parser.add_argument(
            "--password-file",
            default="",
            help="file whose first line is their password; else it is asked for",
        )
        parser.add_argument(
            "--no-input",
            action="store_false",
            dest="interactive",
            help="ask nothing; without a terminal nothing is asked anyway",
        )

    def handle(self, *, interactive: bool, **options: Any) -> None:
        _require_tables()
        self.asks = interactive and sys.stdin.isatty()
        try:
            answers = with_what_follows(self._answers(options))
            newcomer = self._newcomer(options)
        except WrongAnswerError as error:
            raise CommandError(str(error)) from error
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Stopped; nothing was changed.") from None
        self._keep(answers)
        if newcomer:
            made = administrator.create(**newcomer)
            said = "made" if made else "there already"
            self.stdout.write(f"Administrator {newcomer['email']}: {said}.")
        self._check()
        self._tell_what_is_next(answers)

    # The site

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        """Return what is to be kept in the file: what was given and is new."""
        found = {}
        for question in QUESTIONS:
            given = options[question.option]
            if given is not None:
                answer = _read(question, given)
            elif self.asks and not is_fixed(question.variable):
                answer = self._ask(question.asks, question.now(), question.read)
            else:
                continue
            if answer == question.now():
                continue
            if is_fixed(question.variable):
                raise WrongAnswerError(
                    f"{question.variable} is set in the environment, which wins over "
                    f"{ENV_FILE}: change it there."
                )
            found[question.variable] = answer
        return found

    def _ask(self, asks: str, now: str, read: Callable[[str], str]) -> str:
        while True:
            given = input(f"{asks} [{now}]: " if now else f"{asks}: ") or now
            try:
                return read(given)
            except WrongAnswerError as error:
                self.stdout.write(str(error))

    def _keep(self, answers: dict[str, str]) -> None:
        if not answers:
            self.stdout.write("Settings: nothing to change.")
            return
        lines = [env_file.line(name, value) for name, value in answers.items()]
        try:
            env_file.write(ENV_FILE, answers)
        except OSError as error:
            raise CommandError(
                f"{ENV_FILE} cannot be written ({error.strerror}). Set this in the "
                "environment instead, and run it again:\n  " + "\n  ".join(lines)
            ) from error
        self.stdout.write(f"Written to {ENV_FILE}:")
        for each in lines:
            self.stdout.write(f"  {each}")

    # The administrator

    def _newcomer(self, options: dict[str, Any]) -> dict[str, str] | None:
        """Return who is to be made, or None where nobody is missing."""
        given = options["admin_email"] or env.str("EXAMGEN_ADMIN_EMAIL")
        if not given and administrator.there_is_one():
            self.stdout.write("Administrator: there is one.")
            return None
        if given:
            email = administrator.read_email(given)
        elif self.asks:
            asks = "Address of the first administrator"
            email = self._ask(asks, "", administrator.read_email)
        else:
            raise WrongAnswerError(
                "Who is the first administrator? Name --admin-email or "
                "EXAMGEN_ADMIN_EMAIL."
            )
        if administrator.is_there(email):
            self.stdout.write(f"Administrator {email}: there already.")
            return None
        name = options["admin_name"] or env.str("EXAMGEN_ADMIN_NAME")
        if name or not self.asks:
            name = administrator.read_name(name)
        else:
            name = self._ask("Their name", "", administrator.read_name)
        person = {"email": email, "name": name}
        return {**person, "password": self._password(options, person)}

    def _password(self, options: dict[str, Any], person: dict[str, str]) -> str:
        given = administrator.given_password(options["password_file"])
        if given is not None:
            return administrator.check_password(given, **person)
        if not self.asks:
            raise WrongAnswerError(
                "There is nobody to ask for a password: name a file that holds it by "
                "--password-file or EXAMGEN_ADMIN_PASSWORD_FILE."
            )
        return administrator.ask_password(getpass, self.stdout.write, **person)

    # The end

    def _check(self) -> None:
        """Look at the site as its processes will see it: in a process of its own."""
        self.stdout.write("Checking the site:")
        self.stdout.flush()
        done = subprocess.run(  # noqa: S603 - this very program
            [sys.executable, str(BASE_DIR / "manage.py"), "check", "--deploy"],
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.stdout.write(done.stdout.strip())
        if done.returncode:
            raise CommandError(
                "What is named above must be put right; then run this once more."
            )

    def _tell_what_is_next(self, answers: dict[str, str]) -> None:
        url = answers.get("EXAMGEN_URL", settings.SITE_URL)
        steps = [
            "Start the site, or start it anew: it reads its settings when it starts.",
            f"Sign in at {url}/accounts/login/; /admin/ is the administration.",
            "See whether mail arrives: manage.py send_test_mail you@example.org",
            "Plan backups: manage.py backup (docs/operations.md).",
        ]
        if url.startswith("https://"):
            proxy = "Put a proxy in front that ends TLS and sets X-Forwarded-Proto."
            steps.insert(0, proxy)
        self.stdout.write("\nNext:")
        for number, step in enumerate(steps, start=1):
            self.stdout.write(f"  {number}. {step}")


def _read(question: Question, given: str) -> str:
    try:
        return question.read(given)
    except WrongAnswerError as error:
        raise WrongAnswerError(f"--{_flag(question)}: {error}") from error


def _flag(question: Question) -> str:
    return {"sender": "from"}.get(question.option, question.option)


def _require_tables() -> None:
    found = check_postgresql() or probe_sqlite() or probe_tables()
    if found:
        raise SystemCheckError("\n".join(str(message) for message in found))


def _environment() -> dict[str, str]:
    """What this process was started with, without what it read from the file."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in SAID_BY_ENVIRONMENT and name not in _SECRETS
    }
