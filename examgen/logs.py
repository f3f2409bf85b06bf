"""What a log line may hold: fields that we know, and nothing about anybody.

Our own lines carry facts in named fields, and only the names in `FIELDS` are written.
Of what libraries say, only the sentence is written and the numbers in it: the rest may
be an address, a file name or a query. Of an error the class and the lines of code are
written, not its words, which quote what went wrong.
"""

from __future__ import annotations

import logging
import re
import sys
import uuid
from traceback import TracebackException
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# A new field is added here by hand: is it about a person, or can it be made so?
FIELDS = frozenset(
    {
        *("timestamp", "level", "logger", "event", "exception"),
        # what it belongs to
        *("request", "job", "event_id", "consumer", "user", "attempt", "delivery"),
        # a request
        *("method", "route", "status", "ms"),
        # an event
        *("name", "subject"),
        # parts of the site
        *(
            "cache",
            "child",
            "code",
            "count",
            "error",
            "failures",
            "part",
            "queue",
            "tick",
        ),
    }
)
WITHHELD = "(withheld)"

# Errors that speak of connections to our own servers, never of what was sent there.
_SPEAKING = frozenset(
    {
        "django.core.exceptions.ImproperlyConfigured",
        "django.db.utils.OperationalError",
        "kombu.exceptions.OperationalError",
        "psycopg.OperationalError",
        "redis.exceptions.ConnectionError",
        "redis.exceptions.TimeoutError",
    }
)
_PERSONAL = re.compile(
    r"""
    (?<=://)[^/\s@]+(?=@)                     # user and password of an address
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)*            # an e-mail address
    | \b\d{1,3}(?:\.\d{1,3}){3}\b             # an IPv4 address
    | (?<![\w:])(?=[\da-fA-F:]*(?:::|(?::[\da-fA-F]+){3}))[\da-fA-F:]{3,}(?!\w)  # IPv6
    | (?<=[\w/])\?[^\s'"]+                    # a query
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")

_Info = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(*, form: str, level: str, verbatim: bool) -> dict[str, Any]:
    """Set up structlog, and return the same for the logging of everybody else.

    `form` is "json" or "text"; `verbatim` leaves nothing out, for a developer's eyes.
    """
    guards: list[Processor] = [
        *([] if verbatim else [withhold_the_unknown, withhold_the_personal]),
        structlog.processors.format_exc_info if verbatim else name_the_error,
    ]
    facts: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Python's own warnings would be lines of another form.
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *facts,
            *guards,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "use_get_message": verbatim,
        "pass_foreign_args": not verbatim,
        "foreign_pre_chain": [
            *([] if verbatim else [keep_the_sentence]),
            *facts,
            *guards,
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structured"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django adds a console handler of its own; one line an event is enough.
            "django": {"handlers": [], "level": "INFO"},
            # The line of the request has the status.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"level": "WARNING"},
            # That there is no .env file, which most sites have not.
            "environ": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            # Two lines a ring would drown the lines about jobs.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


# Our own lines


def withhold_the_unknown(_: Any, _method: str, line: EventDict) -> EventDict:
    """Keep the names of fields that we do not know, and not what is in them."""
    for name, value in line.items():
        if name.startswith("_") or name == "exc_info":
            continue
        if isinstance(value, uuid.UUID):
            line[name] = str(value)
        if name not in FIELDS or not isinstance(line[name], str | int | float | None):
            line[name] = WITHHELD
    return line


def withhold_the_personal(_: Any, _method: str, line: EventDict) -> EventDict:
    """Take out what looks like an address, wherever it stands."""
    for name, value in line.items():
        if isinstance(value, str) and name not in ("timestamp", "level", "logger"):
            line[name] = _PERSONAL.sub(WITHHELD, value)
    return line


# What libraries say


def keep_the_sentence(_: Any, _method: str, line: EventDict) -> EventDict:
    """Fill only numbers into it; of a failed request, say which page it was."""
    arguments = line.pop("positional_args", ())
    record: logging.LogRecord = line["_record"]
    request = getattr(record, "request", None)
    if hasattr(request, "resolver_match"):
        line["event"] = "request_failed"
        line["route"] = route_of(request)
        line["status"] = getattr(record, "status_code", None)
        return line
    sentence = str(line["event"])
    if isinstance(record.msg, BaseException):
        sentence = _name(record.msg)
    if record.name == "py.warnings":
        # File, line and class, without the words.
        sentence = ":".join(sentence.split(":")[:3])
    if arguments and isinstance(arguments, tuple):
        shown = [a if isinstance(a, int | float) else WITHHELD for a in arguments]
        sentence = re.sub(r"%[-#0 +]*[\d.]*[a-zA-Z]", "%s", sentence)
        if sentence.count("%s") == len(shown):
            sentence %= tuple(shown)
    line["event"] = _QUOTED.sub(WITHHELD, sentence)
    return line


def route_of(request: Any) -> str:
    """The name of the page: its path may hold a secret, such as a reset key."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"


# Errors


def name_the_error(_: Any, _method: str, line: EventDict) -> EventDict:
    """Write where an error came from, and its class in place of its words."""
    given = line.pop("exc_info", None)
    if not given:
        return line
    info = sys.exc_info() if not isinstance(given, tuple | BaseException) else given
    error = info[1] if isinstance(info, tuple) else info
    if error is not None:
        line["exception"] = _told(error)
    return line


def _told(error: BaseException) -> str:
    """The traceback, outermost error last, as Python prints it but for the words."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        trace = TracebackException.from_exception(current, lookup_lines=True)
        told.append("".join(trace.stack.format()) + _name(current))
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "\n\n".join(reversed(told))


def _name(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if isinstance(error, OSError) and error.strerror:
        # Its words without the file that they are about.
        return f"{name}: {error.strerror}"
    if name in _SPEAKING:
        return f"{name}: {_PERSONAL.sub(WITHHELD, str(error))}"
    return name
