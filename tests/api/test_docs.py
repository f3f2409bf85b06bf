"""docs/api.md says what is: addresses, methods, codes, scopes and limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from api import wording
from api.scopes import SCOPES
from tests.api.test_doors import ALL

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
RECIPES = [
    recipe
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for recipe in re.split(r"(?m)^(?=curl )", block.replace("\\\n", " "))
    if recipe.strip()
]


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}|\$\w+", "x", path)


@pytest.mark.parametrize("recipe", RECIPES)
def test_each_recipe_asks_for_an_operation_that_exists(recipe: str) -> None:
    (path,) = re.findall(r'"\$SITE(/[^"?]*)', recipe)
    said = re.search(r"-X (\w+)", recipe)
    method = said.group(1) if said else "POST" if " -F " in recipe else "GET"
    known = {(one.method.upper(), _shape(one.path)) for one in ALL.values()}
    assert (method, _shape(path)) in known


def test_there_are_recipes_for_making_and_for_taking_an_exam() -> None:
    assert len(RECIPES) == 27


def test_each_code_that_is_named_has_a_sentence() -> None:
    section = PAGE.split("## What goes wrong", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[2] for line in section.splitlines() if line[:3] == "| 4"]
    named = {code for cell in cells for code in re.findall(r"`(\w+)`", cell)}
    assert len(named) > 12
    assert named - set(wording.PROBLEMS) == set()


def test_each_scope_is_named() -> None:
    assert set(re.findall(r"`(\w+:(?:read|write))`", PAGE)) == set(SCOPES)


def test_the_limits_are_those_of_the_settings() -> None:
    limits = settings.API_REQUESTS_A_MINUTE
    assert f"{limits['read']} looks and {limits['write']} changes" in PAGE
    for scope in ("attempts:write", "lectures:write", "tokens:write"):
        assert re.search(rf"`{scope}`\s+{limits[scope]}\b", PAGE)
