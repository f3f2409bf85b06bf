"""The commands of docs/api.md, run by a real curl against a real connection."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from exams.content import Kind
from exams.states import ExamState
from scoring.models import Announcement, Attempt, Extension, Grade
from tests.api.programs import token
from tests.api.test_docs import RECIPES
from tests.factories import attempts, lectures, people, versions

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
_SAID = re.compile(r"(\w+) = (\.[\w.\[\]]+)")
# What must not pass for an answer, though the page need not say so each time.
_ALWAYS = "silent\nshow-error\nfail-with-body\nmax-time = 60\n"


class Shell:
    """Runs recipes one after the other; `known` are the values of their variables."""

    def __init__(self, folder: Path, **known: str) -> None:
        self.folder = folder
        self.known = {name: [value] for name, value in known.items()}
        (folder / ".curlrc").write_text(_ALWAYS)

    def run(self, recipe: str) -> Any:
        """Run it, for each value of its variables; return the last answer."""
        command, _, said = recipe.partition("  # ")
        names = list(dict.fromkeys(re.findall(r"\$(\w+)", command)))
        answer = None
        for values in product(*(self.known[name] for name in names)):
            answer = self._ask(command, dict(zip(names, values, strict=True)))
        for name, where in _SAID.findall(said):
            self.known[name] = list(_found(answer, where.split(".")[1:]))
            assert self.known[name]
        return answer

    def _ask(self, command: str, known: dict[str, str]) -> Any:
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "CURL_HOME": str(self.folder), **known},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout else None


def _found(answer: Any, path: list[str]) -> Iterator[str]:
    """The values at a path such as `results[].id`."""
    if not path:
        yield answer
        return
    step, rest = path[0], path[1:]
    inner = answer[step.removesuffix("[]")]
    for one in inner if step.endswith("[]") else [inner]:
        yield from _found(one, rest)


def _with_an_essay_that_waits(teacher: User, taker: User) -> None:
    version = versions.version(teacher, kinds=[Kind.ESSAY])
    attempts.closed(version, taker)


@pytest.mark.django_db(transaction=True)
def test_every_recipe_does_what_the_page_says(live_server: Any, tmp_path: Path) -> None:
    teacher, taker = people.educator(), people.student()
    (tmp_path / "week1.pdf").write_bytes(lectures.pdf())
    shell = Shell(
        tmp_path, SITE=live_server.url, TOKEN=token(teacher), TAKER=token(taker)
    )
    answers = {}
    for recipe in RECIPES:
        if '/api/v1/grading/"' in recipe:
            _with_an_essay_that_waits(teacher, taker)
        answers[recipe] = shell.run(recipe)
        lectures.run_jobs()
    told = {re.sub(r".*/api/v1", "", recipe): a for recipe, a in answers.items()}
    (checked,) = (a for where, a in told.items() if "/checklist/" in where)
    assert checked["ready"] is True
    (live,) = (a for where, a in told.items() if "/live/" in where)
    assert (live["working"], live["done"]) == (1, 0)
    assert (Extension.objects.count(), Announcement.objects.count()) == (1, 1)
    first = Attempt.objects.order_by("started_at")[0]
    assert first.version.exam.state == ExamState.CLOSED
    values = {value for _, value in first.snapshot.values()}
    assert values == {True}
    (board,) = (a for where, a in told.items() if "/scoreboard/" in where)
    assert [line["name"] for line in board["results"]] == ["student@example.org"]
    assert Grade.objects.filter(attempt__version__exam__title="Week1").count() > 0
    essay = Grade.objects.exclude(attempt=first).order_by("revision").last()
    assert (essay.points, essay.complete) == (1, True)


def test_a_recipe_that_fails_is_found(live_server: Any, tmp_path: Path) -> None:
    shell = Shell(tmp_path, SITE=live_server.url, TOKEN="examgen_wrong")
    with pytest.raises(AssertionError, match="bad_token"):
        shell.run(RECIPES[0])
