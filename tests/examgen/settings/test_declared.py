"""What is declared is what is read, and what the documents say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from examgen import reference
from examgen.checks.numbers import NUMBERS
from examgen.settings.declared import DECLARED, SECTIONS, Kind, Variable
from examgen.settings.environment import BASE_DIR, Environment

PRODUCT = ("accounts", "api", "examgen", "exams", "notifications", "scoring", "deploy")
# Which readers fit a kind.
READERS = {
    Kind.TEXT: {"str"},
    Kind.SECRET: {"str"},
    Kind.WORD: {"str", "choice"},
    Kind.YES: {"bool"},
    Kind.WHOLE: {"int"},
    Kind.NUMBER: {"float"},
    Kind.LIST: {"list"},
    Kind.ADDRESS: {"str", "web_address", "origin", "redis_url", "mail_url"},
    Kind.PATH: {"str"},
}
# Whoever runs Python or Django sets these; they are no settings of ours.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "XDG_STATE_HOME"}
ASKED = {"is_given"}


def sources() -> list[Path]:
    found = [path for name in PRODUCT for path in (BASE_DIR / name).rglob("*.py")]
    return [*found, BASE_DIR / "manage.py"]


def reads() -> set[tuple[str, str]]:
    """Every `env.reader("NAME")` of the product, as reader and name."""
    found = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called, name = node.func, node.args[0]
            if (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and called.value.id == "env"
                and isinstance(name, ast.Constant)
            ):
                found.add((called.attr, str(name.value)))
    return found


def names_in_environ() -> set[str]:
    """What is read past `env`, by programs that load no settings."""
    pattern = re.compile(r'os\.environ(?:\.\w+\(|\[)"([A-Z0-9_]+)"')
    return {name for path in sources() for name in pattern.findall(path.read_text())}


def test_everything_that_is_read_is_declared() -> None:
    assert {name for _, name in reads()} - set(DECLARED) == set()
    assert names_in_environ() - set(DECLARED) == FOREIGN


def test_everything_that_is_declared_is_read() -> None:
    whole = "".join(
        path.read_text() for path in sources() if "declared" not in str(path)
    )
    unread = {
        name
        for name, variable in DECLARED.items()
        if not variable.outside
        and name not in whole
        # Read by a name that is put together.
        and not re.fullmatch(r"(GOOGLE|GITHUB|MICROSOFT)_CLIENT_(ID|SECRET)", name)
    }
    assert unread == set()


def test_what_is_outside_is_read_by_the_compose_file_or_by_tests() -> None:
    files = [BASE_DIR / "docker-compose.yml", *(BASE_DIR / "tests").rglob("*.py")]
    whole = "".join(path.read_text() for path in files if path != Path(__file__))
    outside = {name for name, variable in DECLARED.items() if variable.outside}
    assert {name for name in outside if name not in whole} == set()


def test_each_is_read_as_what_it_is() -> None:
    wrong = {
        (reader, name)
        for reader, name in reads()
        if reader not in READERS[DECLARED[name].kind] | ASKED
    }
    assert wrong == set()


def test_each_name_stands_once_and_has_a_meaning() -> None:
    assert len(DECLARED) == sum(len(section.variables) for section in SECTIONS)
    assert [name for name, variable in DECLARED.items() if not variable.meaning] == []


def test_a_default_in_words_is_for_what_is_computed_alone() -> None:
    both = [name for name, each in DECLARED.items() if each.default and each.otherwise]
    assert both == []


def test_a_variable_that_is_not_declared_cannot_be_read() -> None:
    with pytest.raises(LookupError, match="EXAMGEN_UNHEARD"):
        Environment({}).str("EXAMGEN_UNHEARD")


def test_a_default_stands_in_one_place() -> None:
    env = Environment({"EXAMGEN_A": Variable("EXAMGEN_A", "", default="7")})
    assert env.int("EXAMGEN_A") == 7
    with pytest.raises(LookupError, match="EXAMGEN_A has its default"):
        env.int("EXAMGEN_A", 8)


def test_a_value_that_begins_with_a_dollar_is_taken_as_it_is(monkeypatch) -> None:
    monkeypatch.setenv("EXAMGEN_A", "$ecret")
    env = Environment({"EXAMGEN_A": Variable("EXAMGEN_A", "")})
    assert env.str("EXAMGEN_A") == "$ecret"


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("configuration.md", reference.configuration()),
        ("checks.md", reference.checks()),
    ],
)
def test_the_page_says_what_is_declared(page: str, written: str) -> None:
    assert (BASE_DIR / "docs" / page).read_text() == written, "run: make reference"


def test_a_number_names_variables_that_there_are() -> None:
    named = {name for number in NUMBERS.values() for name in number.variables}
    assert named - set(DECLARED) == set()


# The other files that name variables


def _names(path: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (BASE_DIR / path).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", [".env.example", "deploy/site.env.example"])
def test_an_example_names_what_is_declared_with_its_example(path: str) -> None:
    lines = re.findall(
        r"^(?:# )?([A-Z0-9_]+)=(.*)$", (BASE_DIR / path).read_text(), re.MULTILINE
    )
    assert lines
    for name, value in lines:
        known = DECLARED[name]
        assert known.kind is not Kind.SECRET or value == "", name
        if known.example:
            assert value == known.example, name


def test_the_compose_file_hands_on_what_is_declared() -> None:
    handed = _names("docker-compose.yml", r"^    ([A-Z0-9_]+):")
    named = _names("docker-compose.yml", r"\$\{([A-Z0-9_]+)")
    foreign = {"POSTGRES_USER", "POSTGRES_DB"}
    assert (handed | named) - set(DECLARED) <= foreign


def test_what_the_compose_file_does_not_hand_on_is_known() -> None:
    """A variable that a container never sees is a setting that does nothing there."""
    handed = _names("docker-compose.yml", r"^    ([A-Z0-9_]+):")
    missing = {
        name
        for name, variable in DECLARED.items()
        if not variable.outside and name not in handed
    }
    assert missing == INSIDE_ITS_CONTAINER


# Tied to the services of the compose file, to a checkout, or better left alone there.
INSIDE_ITS_CONTAINER = {
    *("EXAMGEN_DATA", "EXAMGEN_STATIC", "EXAMGEN_ENV_FILE", "EXAMGEN_SECRET_KEY_FILE"),
    *("EXAMGEN_DEBUG", "EXAMGEN_TOOLBAR", "EXAMGEN_ROLE"),
    # Its supervisor has times of its own, which these must fit.
    *("EXAMGEN_WEB_GRACE", "EXAMGEN_WEB_SILENCE"),
    # A password belongs into a file there.
    "EXAMGEN_ADMIN_PASSWORD",
}
