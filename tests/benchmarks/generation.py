"""`make bench-generation`: how many questions lectures give, how fast, and how safely.

With the engine of new exams, on lectures that are built here, so that anybody measures
the same. Whether the questions are good is for people to say: `make quality`.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import django

from exams.reading import Document, read_lecture
from tests.benchmarks.books import CHAPTER, book
from tests.benchmarks.drafting import Drafted
from tests.benchmarks.report import Figure, sum_up, tell
from tests.laboratory.measuring import PLENTY, draft, offline
from tests.samples import decks, injections

ROOT = Path(__file__).parents[2]
LONG = 300
SLIDES = 30
# A page of prose with so many characters is dense; about a third of a page is less.
DENSE = 1500


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    parts: Sequence[Callable[[Path], Iterator[Figure]]] = (
        time_and_memory,
        plenty,
        slides,
        injected,
    )
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            for figure in part(Path(folder)):
                tell([figure])
                figures.append(figure)
    sum_up("generation", figures)


def at_least(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f"<= {goal:g}", value <= goal)


def time_and_memory(folder: Path) -> Iterator[Figure]:
    """Twelve pages in a new worker and twelve more, then three hundred in the same."""
    # An engine may keep what it knows of a sentence: none of them comes twice.
    short = kept(folder / "short", book(CHAPTER))
    more = kept(folder / "more", book(CHAPTER, first=1))
    long = kept(folder / "long", book(LONG, first=2))
    cold, warm, whole = worker(short, more, long, hash_seed=1)
    (other,) = worker(short, hash_seed=2)
    yield at_most(f"{CHAPTER} pages, new worker", cold.seconds, "s", 15)
    yield computed(f"{CHAPTER} pages, new worker", cold)
    yield at_most(f"{CHAPTER} pages more", warm.seconds, "s", 6)
    yield computed(f"{CHAPTER} pages more", warm)
    yield at_most(f"{CHAPTER} pages, peak of the worker", warm.peak, "MB", 300)
    yield at_most(f"{LONG} pages", whole.seconds, "s", 120)
    yield computed(f"{LONG} pages", whole)
    # By the processor: what else the machine does would decide it otherwise.
    each = whole.computed / whole.pages / (warm.computed / warm.pages)
    yield at_most(f"{LONG} pages, a page against {CHAPTER}", each, "times", 1.3)
    yield Figure(f"{LONG} pages, peak of the worker", round(whole.peak, 1), "MB")
    yield Figure(f"{LONG} pages, questions", whole.questions, "")
    quotes = [cold, warm, whole, other]
    verbatim = sum(one.verbatim for one in quotes) / sum(one.quotes for one in quotes)
    yield at_least("quotes verbatim at their offsets", verbatim, "", 1)
    same = cold.sha256 == other.sha256
    yield at_least("same seed, same bytes", same, "", 1)


def computed(name: str, one: Drafted) -> Figure:
    """What it takes of a processor, to compare on machines that do something else."""
    return Figure(f"- {name}, of the processor", round(one.computed, 3), "s")


def kept(path: Path, document: Document) -> Path:
    path.write_bytes(pickle.dumps(document))
    return path


def worker(*documents: Path, hash_seed: int) -> list[Drafted]:
    """Draft in a process of its own, in which sets have an order of their own."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks.drafting", str(time.time())),
            *map(str, documents),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Drafted(**json.loads(line)) for line in run.stdout.splitlines()]


def plenty(_folder: Path) -> Iterator[Figure]:
    """How many questions dense pages give when there is no end to the asking."""
    document = book(CHAPTER)
    dense = [page.number for page in document.pages if len(page.text) >= DENSE]
    made = draft(document, offline(), PLENTY * CHAPTER).exam
    about = [one for one in made.questions if one.evidence[0].page in dense]
    yield Figure("dense pages", len(dense), "")
    yield at_least("questions a dense page", len(about) / len(dense), "", 1.5)


def slides(folder: Path) -> Iterator[Figure]:
    path = folder / "deck.pdf"
    path.write_bytes(decks.taught())
    document = read_lecture(path)
    made = draft(document, offline(), SLIDES).exam
    yield at_least("slides of the deck", len(document.pages), "", SLIDES)
    yield at_least("questions from the deck", len(made.questions), "", 10)


def injected(folder: Path) -> Iterator[Figure]:
    """Lectures that order a model about, and whether any question obeys."""
    path, engine = folder / "injected.pdf", offline()
    files = questions = obeying = 0
    for name, data in injections.corpus():
        path.write_bytes(data)
        document = read_lecture(path)
        made = draft(document, engine, PLENTY * len(document.pages)).exam
        files += 1
        questions += len(made.questions)
        for one in filter(injections.obeyed, made.questions):
            obeying += 1
            print(f"  {name}: {one.stem}")
    yield at_least("files with orders", files, "", 40)
    yield at_least("questions from them", questions, "", files)
    yield at_most("questions that obey", obeying, "", 0)


if __name__ == "__main__":
    main()
