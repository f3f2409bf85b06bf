"""The wiring as written down, as coded, and as kept to by the rest of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from examgen.jobs import wiring

ROOT = Path(__file__).parents[2]
PACKAGES = ("accounts", "api", "examgen", "exams", "notifications", "scoring")
NOBODY = "-"


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of docs/events.md, without backticks."""
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in lines[2:]
    ]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the site by its path, parsed."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                yield path, node


def called(call: ast.Call) -> str:
    """`post_save.connect` for `post_save.connect(...)`."""
    return ast.unparse(call.func)


def constants(path: str) -> dict[str, str]:
    """The strings that have a name in a module."""
    return {
        target.id: node.value.value
        for node in modules()[path].body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def recorded() -> set[str]:
    """Every event name that the code writes: as first argument, or as `event=`."""
    names: set[str] = set()
    for path, call in calls():
        given = [word.value for word in call.keywords if word.arg == "event"]
        if called(call).rsplit(".", 1)[-1] in ("record", "record_about"):
            given += call.args[:1]
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                names.add(value.value)
            elif isinstance(value, ast.Name):
                # Neither a string nor the name of one: a parameter, so the caller's.
                names |= {constants(path).get(value.id, "")} - {""}
    return names


def test_the_page_lists_the_wiring_row_by_row() -> None:
    written = {
        (event, consumer, queue)
        for event, _, consumer, queue, _ in rows("Events")
        if consumer != NOBODY
    }
    assert written == {(on.event, on.name, on.queue) for on in wiring.wiring()}


def test_the_page_has_one_row_per_event_and_consumer() -> None:
    keys = [(event, consumer) for event, _, consumer, *_ in rows("Events")]
    assert len(set(keys)) == len(keys)
    heard = {event for event, consumer in keys if consumer != NOBODY}
    assert heard.isdisjoint(event for event, consumer in keys if consumer == NOBODY)


def test_the_page_lists_the_periodic_work() -> None:
    written = {(every, work) for every, work, _ in rows("Periodic work")}
    assert written == {
        (f"{every.seconds} s", every.name) for every in wiring.periodic()
    }


def test_every_event_that_the_code_records_is_on_the_page_and_no_other() -> None:
    names = recorded()
    assert {"lecture.uploaded", "exam.ready", "job.dead", "user.signed_up"} <= names
    assert names == {event for event, *_ in rows("Events")}


def test_every_event_that_is_wired_is_recorded_somewhere() -> None:
    assert {on.event for on in wiring.wiring()} <= recorded()


@pytest.mark.parametrize("row", rows("Events"), ids=lambda row: row[0])
def test_the_page_names_code_that_exists(row: list[str]) -> None:
    _, written_by, *_ = row
    for name in written_by.split(", "):
        module, function = name.rsplit(".", 1)
        assert callable(getattr(import_module(module), function))


def test_signals_are_connected_in_one_place_only() -> None:
    connecting = {
        path
        for path, call in calls()
        if called(call).endswith(".connect") and called(call) != "sqlite3.connect"
    }
    assert connecting == {"examgen/jobs/apps.py"}
    decorated = {
        path
        for path, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if re.match(r"(\w+\.)*receiver\b", ast.unparse(decorator))
    }
    assert decorated == set()


MAKING = re.compile(
    r"(?:models\.)?(?:Event|Job)"
    r"(?:\.(?:_default_manager|_base_manager|objects)\.a?(?P<manager>\w+))?"
)
INSERTS = {"create", "bulk_create", "get_or_create", "update_or_create"}


def test_events_and_jobs_are_inserted_where_the_page_says_and_nowhere_else() -> None:
    """Bulk creation sends no signal, so nobody would react and nobody be woken."""
    places = set()
    for path, call in calls():
        match = MAKING.fullmatch(called(call))
        if match and (match["manager"] is None or match["manager"] in INSERTS):
            places.add((path, called(call)))
    assert places == {
        ("examgen/jobs/events.py", "Event"),
        ("examgen/jobs/events.py", "Event.objects.bulk_create"),
        ("examgen/jobs/receivers.py", "Job"),
        ("examgen/jobs/receivers.py", "Job.objects.bulk_create"),
        ("examgen/jobs/runner.py", "Job"),
        ("examgen/jobs/runner.py", "Job.objects.bulk_create"),
    }


def test_jobs_change_their_state_in_one_module_only() -> None:
    changing = {
        path
        for path, call in calls()
        for word in call.keywords
        if word.arg == "state" and ast.unparse(word.value).startswith("JobState.")
        if called(call).endswith((".update", "update_or_create"))
    }
    assert changing == {"examgen/jobs/claims.py"}
