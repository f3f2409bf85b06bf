"""The shape of the house: who knows whom, how large a room is, where words live."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from examgen.settings.environment import BASE_DIR

ROOT = BASE_DIR
PACKAGES = ("accounts", "api", "examgen", "exams", "notifications", "scoring")
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES = 400


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


# Who may know whom


def test_every_import_contract_is_kept() -> None:
    assert "[tool.importlinter]" in (ROOT / "pyproject.toml").read_text("utf-8")
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [command, "--no-cache"], capture_output=True, check=False, cwd=ROOT, text=True
    )
    assert run.returncode == 0, run.stdout
    assert re.search(r"Contracts: \d+ kept, 0 broken\.", run.stdout)


def _imports_inside_functions(module: ast.Module) -> Iterator[int]:
    """Lines of imports in functions, but for `AppConfig.ready`."""
    ready = {
        function
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith("AppConfig") for base in node.bases)
        for function in node.body
        if isinstance(function, ast.FunctionDef) and function.name == "ready"
    }
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node in ready:
                continue
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Import, ast.ImportFrom)):
                    yield inner.lineno


def test_imports_stand_at_the_top_but_in_app_config_ready() -> None:
    found = [
        f"{name(path)}:{line}"
        for path in MODULES
        for line in _imports_inside_functions(tree(path))
    ]
    assert found == []


def test_every_model_says_who_may_see_its_rows() -> None:
    # These have no owner of their own: one comes to them through their page or lecture.
    reached_through_another = {"Block", "Recognition"}
    # No view lists these: a session is found by its secret, a count is the site's.
    nobodys = {"Session", "StoreCount"}
    ours = [
        model
        for label in ("accounts", "exams", "scoring")
        for model in apps.get_app_config(label).get_models()
    ]
    without = {
        model.__name__
        for model in ours
        if not hasattr(model._default_manager.all(), "for_user")
    }
    assert without == reached_through_another | nobodys


def _objects_of_views(module: ast.Module) -> Iterator[str]:
    """`Model.objects.first_call` for every use of a manager."""
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "objects"
        ):
            yield ast.unparse(node)


# Methods of querysets that take a person and say what they may see.
_BY_WHOM = (".for_user", ".held_by", ".open_to", ".readable_by", ".attended_by")


def test_views_ask_for_rows_by_who_may_see_them() -> None:
    allowed = {
        # Counts beside lectures that were asked for by owner.
        "Exam.objects.with_counts",
        # Oneself, held while one is changed.
        "User.objects.select_for_update",
        # The page of a question whose exam was asked for by owner.
        "Page.objects.filter",
        # Pages of an exam whose key may be seen.
        "Page.objects.cited_by",
    }
    views = [path for path in MODULES if "views" in path.parts]
    found = {
        use
        for path in views
        for use in _objects_of_views(tree(path))
        if not use.endswith(_BY_WHOM)
    }
    assert found == allowed


# How large a room is


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        name(path): lines
        for path in MODULES
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_module_is_called_utils() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name(path) for path in (*MODULES, *TESTS) if path.name in vague] == []


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{name(path)}:{node.name}", lines


@pytest.mark.parametrize(
    ("part", "most"),
    [("tasks.py", 10), ("exams/services", 60), ("scoring/services", 60), ("views", 60)],
)
def test_functions_stay_within_one_screen(part: str, most: int) -> None:
    long = {
        function: lines
        for path in MODULES
        if part in name(path)
        for function, lines in _functions(path)
        if lines > most
    }
    assert long == {}


def test_a_task_decides_nothing() -> None:
    deciding = (ast.If, ast.IfExp, ast.Match, ast.Try, ast.For, ast.While)
    for path in MODULES:
        if path.name == "tasks.py":
            found = [
                node for node in ast.walk(tree(path)) if isinstance(node, deciding)
            ]
            assert found == [], name(path)


# What is left over


def test_nothing_is_left_to_be_done_later() -> None:
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    suffixes = {".py", ".html", ".js", ".css", ".toml", ".md", ".yml", ".txt"}
    places = (*PACKAGES, "tests", "templates", "static", "docs")
    found = [
        name(path)
        for place in places
        for path in sorted((ROOT / place).rglob("*"))
        if path.suffix in suffixes and words.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_no_debugger_and_no_print_is_left() -> None:
    # Commands that speak to a terminal before Django can, and the reader's child.
    speaking = {"examgen/start.py", "examgen/processes.py", "examgen/pins.py"}
    found = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        if name(path) not in speaking
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "breakpoint", "pdb"}
    ]
    assert found == []


# Words for people can be translated

_SAID = {"label", "help_text", "verbose_name", "verbose_name_plural", "description"}
_TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
_TOLD = {"success", "info", "warning", "error", "message_user", "ValidationError"}


def _untranslated(module: ast.Module) -> Iterator[int]:
    """Lines on which a bare string is handed to a person."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in _TRANSLATED or ast.unparse(node.func).startswith("log."):
            continue
        spoken = [word.value for word in node.keywords if word.arg in _SAID]
        if called in _TOLD:
            spoken += node.args
        for value in spoken:
            if isinstance(value, (ast.Constant, ast.JoinedStr)) and _has_words(value):
                yield value.lineno


def _has_words(value: ast.expr) -> bool:
    text = ast.unparse(value)
    return bool(re.search(r"[A-Za-z]{2}", text.strip("'\"f")))


def test_a_bare_word_to_a_person_is_recognised() -> None:
    assert list(_untranslated(ast.parse('forms.CharField(label="Title")'))) == [1]
    assert list(_untranslated(ast.parse('messages.info(request, "Saved.")'))) == [1]
    assert list(_untranslated(ast.parse('log.info("saved")'))) == []
    assert list(_untranslated(ast.parse('forms.CharField(label=_("Title"))'))) == []
    assert list(_untranslated(ast.parse('messages.info(request, _("Saved."))'))) == []


def test_every_word_to_a_person_can_be_translated() -> None:
    parts = ("forms", "views", "models", "admin", "states", "templatetags")
    found = [
        f"{name(path)}:{line}"
        for path in MODULES
        if any(
            part in path.relative_to(ROOT).parts or path.stem == part for part in parts
        )
        for line in _untranslated(tree(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("wording", "least"),
    [("wording.py", 8), ("publishing_wording.py", 5), ("reading_wording.py", 4)],
)
def test_every_sentence_of_wording_can_be_translated(wording: str, least: int) -> None:
    module = tree(ROOT / "exams" / wording)
    tables = [
        node.value
        for node in module.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
    ]
    assert len(tables) >= least
    for table in tables:
        for value in table.values:
            if ast.unparse(value).startswith("CHECKS["):
                continue  # said in two places
            assert isinstance(value, ast.Call), ast.unparse(value)
            assert ast.unparse(value.func) in _TRANSLATED


# Tests mirror the code


def test_every_folder_of_tests_stands_for_a_folder_of_code() -> None:
    own = {"browser", "chaos", "factories", "fuzzing", "laboratory", "processes"}
    own |= {"samples", "story"}
    folders = {
        path.parent.relative_to(ROOT / "tests")
        for path in TESTS
        if path.name.startswith("test_")
    }
    astray = [
        str(folder)
        for folder in folders
        if folder.parts
        and own.isdisjoint(folder.parts)
        and not (ROOT / folder).is_dir()
        # Commands stand one folder deeper in Django's tree.
        and not (ROOT / folder / "commands").is_dir()
        # A module may have its tests in several files.
        and not (ROOT / f"{folder}.py").is_file()
    ]
    assert astray == []


def test_every_service_has_its_tests() -> None:
    folder = "exams/services"
    modules = {
        path.stem for path in (ROOT / folder).glob("*.py") if path.stem != "__init__"
    }
    tested = {
        path.stem.removeprefix("test_")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
    }
    assert modules - tested == set()


def test_test_names_state_the_behaviour() -> None:
    terse = [
        f"{name(path)}:{node.name}"
        for path in TESTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 2
    ]
    assert terse == []
