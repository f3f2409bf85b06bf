"""What an educator asks of an exam, and how it is kept."""

from __future__ import annotations

import json

from exams.content import Kind
from exams.services.wishes import GENERATED_KINDS, Wish


def test_a_wish_survives_being_kept_as_json() -> None:
    wish = Wish(
        questions=7, kinds=("matching", "true_false"), options=5, seed=3, engine="x"
    )
    assert Wish.from_json(json.loads(json.dumps(wish.to_json()))) == wish
    assert Wish.from_json({}) == Wish()


def test_no_engine_named_is_the_one_of_the_site(settings) -> None:
    assert Wish().engine_name == "offline"
    settings.DEFAULT_ENGINE = "other"
    assert Wish().engine_name == "other"
    assert Wish(engine="named").engine_name == "named"


def test_a_wish_becomes_the_blueprint_of_the_engines() -> None:
    blueprint = Wish(questions=7, kinds=("matching",), options=5, seed=3).blueprint()
    assert blueprint.questions == 7
    assert blueprint.kinds == (Kind.MATCHING,)
    assert (blueprint.options, blueprint.seed) == (5, 3)


def test_no_kinds_named_is_the_mixture_of_all_that_engines_write() -> None:
    assert Wish().blueprint().kinds == GENERATED_KINDS


def test_an_engine_is_made_with_the_options_of_its_name(settings) -> None:
    assert Wish().load_engine().version == "2"
    settings.ENGINE_OPTIONS = {"offline": {"english_model": "none"}}
    assert Wish().load_engine().version == "2-lists"
