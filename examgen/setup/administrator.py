"""The first administrator: who it is to be, and a password that is never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from accounts.models import User
from accounts.services import people
from examgen.settings.environment import env
from examgen.setup.questions import WrongAnswerError


def there_is_one() -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def is_there(email: str) -> bool:
    """Whether this very address is an administrator's; raises for anybody else's."""
    known = User.objects.filter(email=email).first()
    if known is None:
        return False
    if known.is_superuser and known.is_active:
        return True
    raise WrongAnswerError(
        f"{email} has an account that is no administrator's. Name another address: "
        "whoever holds that account would gain all rights."
    )


def read_email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise WrongAnswerError(f"{text!r} is no e-mail address.") from error
    return email


def read_name(text: str) -> str:
    name = text.strip()
    longest = User._meta.get_field("name").max_length  # noqa: SLF001 - Django's API
    if not name.isprintable() or len(name) > (longest or 0):
        raise WrongAnswerError(f"A name has at most {longest} characters in one line.")
    return name


def check_password(password: str, *, email: str, name: str) -> str:
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise WrongAnswerError(" ".join(error.messages)) from error
    return password


def given_password(file: str) -> str | None:
    """The password from a file or the environment; None where nobody gave one."""
    file = file or env.str("EXAMGEN_ADMIN_PASSWORD_FILE")
    if not file:
        return env.str("EXAMGEN_ADMIN_PASSWORD") or None
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise WrongAnswerError(
            f"The file of the password cannot be read: {why}."
        ) from error
    if not lines or not lines[0]:
        raise WrongAnswerError("The file of the password has an empty first line.")
    return lines[0]


def ask_password(
    ask: Callable[[str], str], tell: Callable[[str], object], *, email: str, name: str
) -> str:
    """Ask twice, until both are the same and good."""
    while True:
        try:
            password = check_password(ask("Password: "), email=email, name=name)
        except WrongAnswerError as error:
            tell(str(error))
            continue
        if ask("The same once more: ") == password:
            return password
        tell("The two differ.")


def create(*, email: str, name: str, password: str) -> bool:
    """Whether somebody new came of it: of two who ask at once, one makes it."""
    try:
        people.create_admin(email=email, name=name, password=password)
    except IntegrityError:
        if not is_there(email):
            raise
        return False
    return True
