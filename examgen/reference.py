"""docs/configuration.md and docs/checks.md, written from what the code declares."""

from __future__ import annotations

from collections.abc import Iterator

from examgen.checks.numbers import NUMBERS, Number
from examgen.settings.declared import SECTIONS, Kind, Section, Variable

_CONFIGURATION = """\
# Configuration

<!-- Written by `make reference` from examgen/settings/declared. -->

Every setting is an environment variable, or a line in `.env` beside `manage.py`
(`EXAMGEN_ENV_FILE` names another file). One order holds for all of them:

1. the environment,
2. the file, which `manage.py setup_site` writes,
3. the default.

An empty variable counts as none, and a change is seen by processes that start after it.
`manage.py check` names a wrong value and its cure by the numbers in the last column
([checks.md](checks.md)); no command starts with one.
"""
_CHECKS = """\
# Checks

<!-- Written by `make reference` from examgen/checks/numbers.py. -->

What can be configured wrongly, by the number that is said with it, as in
`(examgen.E031)`. `E` stops every command, `W` is said and stops nothing. Beside it stand
the sentence and the cure.

| when | what is looked at |
|---|---|
| reading | while the settings are read: every command, in one line |
| checking | `manage.py check`, and every command before it starts |
| asking | `manage.py check`, `web`, `work`, `serve`, `make run`: other servers and the disk are asked |
| deploying | `manage.py check --deploy` alone |

| number | wrong is | when | cured by |
|---|---|---|---|
"""
_SILENCED = """
Django's own numbers (`security.W004` and so on) are listed in its documentation. Without
TLS four of them are silent, since `examgen.W001` says the same and knows loopback.
"""
# More than so many names are a kind, not a list.
_MOST_NAMES = 8
# How numbers begin that are found while the settings are read.
_READING = "E1"


def configuration() -> str:
    return "\n".join([_CONFIGURATION, *map(_section, SECTIONS)])


def checks() -> str:
    rows = "".join(_row(code, number) for code, number in NUMBERS.items())
    return _CHECKS + rows + _SILENCED


def _section(section: Section) -> str:
    rows = "".join(_line(variable) for variable in section.variables)
    table = (
        "| variable | type | default | meaning | example | checks |\n"
        f"|---|---|---|---|---|---|\n{rows}"
    )
    parts = [f"## {section.title}\n", section.before, table, section.after]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part)


def _line(variable: Variable) -> str:
    cells = (
        f"`{variable.name}`",
        ", ".join(_type(variable)),
        variable.otherwise or _quoted(variable.default) or "empty",
        variable.meaning,
        _quoted(variable.example),
        ", ".join(_numbers_of(variable.name)),
    )
    return f"| {' | '.join(cells)} |\n"


def _type(variable: Variable) -> Iterator[str]:
    if variable.kind is Kind.WORD:
        yield " or ".join(f"`{word}`" for word in variable.words)
    else:
        yield variable.kind.value
    if variable.least is not None:
        yield f"{variable.least} or more"


def _numbers_of(name: str) -> Iterator[str]:
    return (code for code, number in NUMBERS.items() if name in number.variables)


def _row(code: str, number: Number) -> str:
    if number.deploy:
        when = "deploying"
    elif number.asks:
        when = "asking"
    else:
        when = "reading" if code[:2] == _READING else "checking"
    names = ", ".join(f"`{name}`" for name in number.variables)
    if len(number.variables) > _MOST_NAMES:
        names = "see [configuration.md](configuration.md)"
    return f"| {code} | {number.means} | {when} | {names} |\n"


def _quoted(text: str) -> str:
    return f"`{text}`" if text else ""
