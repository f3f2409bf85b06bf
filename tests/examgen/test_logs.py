"""A log line holds facts in fields that we know, and nothing about anybody."""

from __future__ import annotations

import ast
import json
import logging
import logging.config
import re
import uuid
import warnings
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import settings as configured
from django.db import OperationalError

from examgen import logs
from examgen.logs import FIELDS, WITHHELD
from tests.test_architecture import MODULES, name

EMAIL = "mira@example.org"


class Written:
    """Loggers whose lines go to a text of their own."""

    def __init__(self, form: str = "json", *, verbatim: bool = False) -> None:
        self.stream = StringIO()
        setup = logs.configure(form=form, level="DEBUG", verbatim=verbatim)
        setup["handlers"]["stderr"]["stream"] = self.stream
        # Loggers that kept an earlier set-up are of no use here.
        structlog.configure(cache_logger_on_first_use=False)
        logging.config.dictConfig(setup)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def line(self) -> dict[str, Any]:
        (line,) = self.text.splitlines()
        found: dict[str, Any] = json.loads(line)
        del found["timestamp"]
        return found


@pytest.fixture
def written() -> Iterator[Written]:
    yield Written()
    _as_configured()


def _as_configured() -> None:
    setup = logs.configure(
        form=configured.LOG_FORMAT, level=configured.LOG_LEVEL, verbatim=False
    )
    logging.config.dictConfig(setup)


# Our own lines


def test_a_known_field_is_written_and_an_unknown_one_is_withheld(written) -> None:
    job = uuid.uuid4()
    structlog.get_logger("ours").info("done", job=job, ms=1.5, title="My lecture")
    assert written.line == {
        "event": "done",
        "job": str(job),
        "ms": 1.5,
        "title": WITHHELD,
        "level": "info",
        "logger": "ours",
    }


@pytest.mark.parametrize("value", [["a"], {"a": 1}, object(), b"bytes"])
def test_a_field_holds_one_fact_and_no_collection(written: Written, value: Any) -> None:
    structlog.get_logger("ours").info("done", part=value)
    assert written.line["part"] == WITHHELD


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (EMAIL, WITHHELD),
        (f"to {EMAIL}.", f"to {WITHHELD}."),
        ("redis://:hush@host:6379/0", f"redis://{WITHHELD}@host:6379/0"),
        ("from 192.168.1.17, again", f"from {WITHHELD}, again"),
        ("from 2001:db8::17 again", f"from {WITHHELD} again"),
        ("from [::1]:80 again", f"from [{WITHHELD}]:80 again"),
        ("from 1:2:3:4:5:6:7:8", f"from {WITHHELD}"),
        ("/accounts/login/?next=/join/secret/", f"/accounts/login/{WITHHELD}"),
        ("12:30:00 is a time", "12:30:00 is a time"),
        ("version 5.2.19 of it", "version 5.2.19 of it"),
    ],
)
def test_what_looks_like_an_address_is_taken_out(
    written: Written, value: str, kept: str
) -> None:
    structlog.get_logger("ours").info("done", error=value)
    assert written.line["error"] == kept


def _log_calls(module: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.startswith("log.") or called.endswith("bound_contextvars"):
                yield node


def test_every_field_of_our_log_calls_is_known() -> None:
    """An unknown one would be withheld where it is needed: add it to FIELDS or not."""
    calls = [
        (name(path), call)
        for path in MODULES
        for call in _log_calls(ast.parse(path.read_text("utf-8")))
    ]
    assert len(calls) >= 10
    unknown = {
        f"{path}:{call.lineno} {word.arg}"
        for path, call in calls
        for word in call.keywords
        if word.arg is not None and word.arg not in FIELDS | {"exc_info"}
    }
    assert unknown == set()


# What libraries say


def test_of_a_librarys_line_the_sentence_and_its_numbers_are_kept(written) -> None:
    logging.getLogger("library").warning("Sent %s to %s in %.1f s", 3, EMAIL, 1.25)
    assert written.line["event"] == f"Sent 3 to {WITHHELD} in 1.25 s"


def test_what_a_library_quotes_is_taken_out(written: Written) -> None:
    line = "GET /accounts/password/reset/key/secret/"
    logging.getLogger("gunicorn.error").warning(
        f"Invalid request from ip=10.0.0.17: Invalid line: {line!r}"  # noqa: G004
    )
    assert written.line == {
        "event": f"Invalid request from ip={WITHHELD}: Invalid line: {WITHHELD}",
        "level": "warning",
        "logger": "gunicorn.error",
    }


def test_of_a_warning_the_place_and_the_class_are_kept(written: Written) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(EMAIL, stacklevel=1)
    assert re.fullmatch(
        re.escape(__file__) + r":\d+: UserWarning", written.line["event"]
    )


def test_named_arguments_are_not_filled_in(written: Written) -> None:
    logging.getLogger("library").warning("Task %(args)s", {"args": EMAIL})
    assert written.line["event"] == "Task %(args)s"


def test_an_error_given_as_the_sentence_is_named_alone(written: Written) -> None:
    logging.getLogger("library").warning(ValueError(f"no {EMAIL}"))
    assert written.line["event"] == "ValueError"


# Errors


def fail(error: BaseException) -> None:
    raise error


def exception_of(written: Written, error: Exception) -> list[str]:
    try:
        fail(error)
    except Exception:  # noqa: BLE001 - whichever it is
        structlog.get_logger("ours").exception("failed")
    lines: list[str] = written.line["exception"].splitlines()
    return lines


def test_an_error_is_told_by_its_class_and_where_it_happened(written: Written) -> None:
    lines = exception_of(written, ValueError(f"no such person: {EMAIL}"))
    assert lines[-1] == "ValueError"
    assert lines[-2] == "    raise error"
    assert lines[-3].startswith(f'  File "{__file__}", line ')
    assert lines[-3].endswith(", in fail")
    assert EMAIL not in written.text


def test_of_a_chain_of_errors_the_first_is_told_first(written: Written) -> None:
    try:
        try:
            fail(KeyError(EMAIL))
        except KeyError as error:
            raise RuntimeError(EMAIL) from error
    except RuntimeError:
        logging.getLogger("library").exception("failed")
    told = written.line["exception"]
    assert [line for line in told.splitlines() if line.endswith("Error")] == [
        "KeyError",
        "RuntimeError",
    ]
    assert EMAIL not in written.text


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (OSError(2, "No such file or directory", "/u/My lecture.pdf"), None),
        (OperationalError("no such table: exams_exam"), None),
        (OperationalError(f"at 10.0.0.17, as {EMAIL}"), None),
        (RuntimeError("My lecture.pdf"), "RuntimeError"),
    ],
)
def test_only_errors_of_connections_may_speak(
    written: Written, error: Exception, last: str | None
) -> None:
    expected = {
        2: "FileNotFoundError: No such file or directory",
        "no such table: exams_exam": "django.db.utils.OperationalError: "
        "no such table: exams_exam",
        f"at 10.0.0.17, as {EMAIL}": "django.db.utils.OperationalError: "
        f"at {WITHHELD}, as {WITHHELD}",
    }
    assert exception_of(written, error)[-1] == (last or expected[error.args[0]])


# For people


def test_text_for_a_terminal_is_guarded_as_well() -> None:
    written = Written("text")
    structlog.get_logger("ours").info("done", ms=2, title="My lecture")
    _as_configured()
    assert written.text.endswith(
        f" [info     ] done                           [ours] ms=2 title={WITHHELD}\n"
    )


def test_a_developer_who_debugs_sees_everything() -> None:
    written = Written("text", verbatim=True)
    logging.getLogger("library").warning("Sent to %s", EMAIL)
    structlog.get_logger("ours").info("done", title="My lecture")
    _as_configured()
    assert f"Sent to {EMAIL}" in written.text
    assert "title='My lecture'" in written.text
