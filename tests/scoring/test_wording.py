"""Every code has its sentence, and none of them is dead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from examgen.settings.environment import BASE_DIR
from scoring import wording
from scoring.grading import numeric

SCORING = sorted(
    path
    for path in (Path(BASE_DIR) / "scoring").rglob("*.py")
    if "migrations" not in path.parts and path.stem != "wording"
)


def texts(*names: str) -> set[str]:
    """Every string in the modules of these names."""
    return {
        node.value
        for path in SCORING
        if path.stem in names
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def raised(*errors: str) -> Iterator[str]:
    """The codes that these errors, and replies with a reason, are made with."""
    for path in SCORING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = node.args[:1] if name in errors else []
            given += [
                word.value
                for word in node.keywords
                if name in errors and word.arg == "reason"
            ]
            for value in given:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def test_every_reason_not_to_start_has_a_sentence() -> None:
    known = texts("entitlements")
    assert set(wording.REFUSALS) - known == {"busy", "void"}
    codes = re.compile(r"[a-z]+_[a-z_]+")
    said = {text for text in known if codes.fullmatch(text)}
    assert said <= set(wording.REFUSALS)


def test_every_reason_why_a_value_is_no_answer_has_a_sentence() -> None:
    found = set(raised("ResponseError", "Answered"))
    assert found == set(wording.INVALID)


def test_every_problem_told_to_a_program_has_a_title() -> None:
    found = set(raised("ProtocolError", "refuse"))
    # The last two are what `submit` refuses.
    assert found | {"unknown_question", "void"} == set(wording.PROBLEMS)


def test_every_problem_of_a_number_has_a_sentence() -> None:
    problems = {numeric.NOT_A_NUMBER.problem, numeric.OTHER_UNIT.problem}
    assert problems == set(wording.MARK_PROBLEMS)


@pytest.mark.parametrize(
    "table",
    [wording.REFUSALS, wording.INVALID, wording.PROBLEMS, wording.MARK_PROBLEMS],
)
def test_sentences_are_short_and_plain(table: dict[str, object]) -> None:
    for sentence in map(str, table.values()):
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert "please" not in sentence.lower()
        assert len(sentence) < 90
