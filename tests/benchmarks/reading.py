"""How well, how fast and how safely lectures are read: `make bench-reading`.

Everything is built by the tests, so that anybody gets the same files. `--hostile` runs
the attacks alone, as `make fuzz-reading` does, and names each file that misses a goal.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pypdf

from exams.reading import Limits, ReadingError, read_lecture, render_pages
from exams.reading.server import SERVER
from tests.benchmarks.report import Figure, sum_up, tell
from tests.samples import attacks, decks, readings, scores
from tests.samples.lit import Light, lit

LIMITS = Limits(min_words=1)
MUTATIONS = 200
QUOTES_EACH = 6
MEGABYTE = 1024.0  # ru_maxrss counts kilobytes
ROUNDS = 3
# Pages that a person counts, and how often each slide of a deck was clicked.
CLICKED: dict[str, tuple[int, ...]] = {
    "three clicks each": (3, 3, 3, 3, 3),
    "one to five clicks": (1, 2, 3, 4, 5, 4, 3, 2, 1),
    "no clicks": (1, 1, 1, 1, 1, 1, 1, 1),
    "titles between": (0, 3, 0, 2, 4),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lecture.pdf"
        parts: Sequence[Callable[[Path], Iterator[Figure]]] = (
            (hostile,)
            if "--hostile" in sys.argv
            else (speed, deck, words, overlays, evidence, hostile)
        )
        figures: list[Figure] = []
        for part in parts:
            for figure in part(path):
                tell([figure])
                figures.append(figure)
    sum_up("reading", figures)


def at_least(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f"<= {goal:g}", value <= goal)


def speed(path: Path) -> Iterator[Figure]:
    """Our whole way, process and layout included, against pypdf's text alone."""
    lectures = {
        "slides with plots": decks.plots(100),
        "slides of text": decks.repeated("slides", 34),
        "prose": decks.repeated("prose", 50),
        "tables": decks.repeated("table", 50),
    }
    ours = theirs = our_work = their_work = 0.0
    for name, data in lectures.items():
        path.write_bytes(data)
        pairs, begun = [], computing()
        for _ in range(ROUNDS):
            other_begun = time.process_time()
            other = timed(lambda: plain_text(path))
            their_work += time.process_time() - other_begun
            pairs.append((timed(lambda: read_lecture(path)), other))
        our_work += computing() - begun
        one, other = (min(times) for times in zip(*pairs, strict=True))
        ours, theirs = ours + one, theirs + other
        yield Figure(f"{name}: against pypdf", round(other / one, 2), "times")
    yield at_least("sandboxed reading against pypdf", theirs / ours, "times", 3)
    # The same by the time of all processors, which others on them change less.
    share = their_work / (our_work - their_work)
    yield Figure("the same by computing", round(share, 2), "times")


def plain_text(path: Path) -> None:
    for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages:
        page.extract_text()


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def deck(path: Path) -> Iterator[Figure]:
    """What a worker does first with a deck of a hundred pages."""
    path.write_bytes(decks.plots(100))
    started = time.perf_counter()
    document = read_lecture(path)
    yield at_most("100 pages: text", time.perf_counter() - started, "s", 2)
    numbers = [page.number for page in document.pages]
    assert len(list(render_pages(path, numbers, width=320))) == len(numbers)
    yield at_most("100 pages: and pictures", time.perf_counter() - started, "s", 4)


def words(path: Path) -> Iterator[Figure]:
    overlaps, orders = {}, {}
    for name in readings.READINGS:
        path.write_bytes(readings.built(name))
        read = scores.words(scores.content(read_lecture(path, limits=LIMITS)))
        true = scores.words(readings.expected(name))
        overlaps[name] = scores.overlap(read, true)
        orders[name] = scores.in_order(read, true)
        yield Figure(f"{name}: word F1", round(overlaps[name], 4), "")
    yield Figure("lectures with checked text", len(overlaps), "", ">= 8", True)
    yield at_least("word F1, mean", mean(overlaps.values()), "", 0.95)
    yield at_least("word F1, worst", min(overlaps.values()), "", 0.85)
    yield at_least("words in order, worst", min(orders.values()), "", 0.85)


def overlays(path: Path) -> Iterator[Figure]:
    exact = 0
    for clicks in CLICKED.values():
        for numbered in (True, False):
            path.write_bytes(decks.clicked(clicks, numbered=numbered))
            document = read_lecture(path, limits=LIMITS)
            kept = [page.number for page in document.pages if not page.shown_on]
            exact += kept == list(last_clicks(clicks))
    total = 2 * len(CLICKED)
    yield at_least("click-through decks counted exactly", exact / total, "", 1)


def last_clicks(clicks: Sequence[int]) -> Iterator[int]:
    number = 0
    for count in clicks:
        number += max(count, 1)
        yield number


def evidence(path: Path) -> Iterator[Figure]:
    """Quotes of every reading that can be drawn with the quote in red."""
    lights: list[Light] = []
    for name in readings.READINGS:
        if readings.is_typeset(name):
            lights += list(quotes(name, path))
    yield Figure("quotes lit", len(lights), "")
    covered = [light.covered for light in lights]
    spilt = [light.spilt for light in lights]
    yield at_least("ink of the quote that is lit, mean", mean(covered), "", 0.98)
    yield at_least("ink of the quote that is lit, worst", min(covered), "", 0.98)
    yield at_most("other ink that is lit, mean", mean(spilt), "", 0.05)
    yield at_most("other ink that is lit, worst", max(spilt), "", 0.05)


def quotes(name: str, path: Path) -> Iterator[Light]:
    written = readings.source(name).decode()
    found = [
        quote
        for quote in re.split(r"(?<=[.!?])\s+|\n", readings.expected(name))
        if len(quote) > 20 and written.count(quote) == 1
    ]
    for quote in found[:: max(len(found) // QUOTES_EACH, 1)]:
        drawn = readings.typeset(
            readings.source(name, lit=quote), turn=name == "turned"
        )
        path.write_bytes(drawn)
        document = read_lecture(path, limits=LIMITS)
        # One that is set in code or maths has other letters than it was written with.
        if any(quote in page.text for page in document.pages):
            yield lit(drawn, document, quote)


@dataclass(frozen=True, slots=True)
class Ending:
    """`computed` are seconds of processor time in all processes, `passed` on the wall."""

    name: str
    how: str
    computed: float
    passed: float


def hostile(path: Path) -> Iterator[Figure]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    endings = [ended(path, name, build()) for name, build in attacks.ATTACKS.items()]
    endings += [
        ended(path, f"mutation {seed}", attacks.mutated(seed))
        for seed in range(MUTATIONS)
    ]
    for ending in endings:
        if ending.how.startswith("died") or ending.computed > 5:
            print(f"  {ending}")
    ways = Counter(ending.how for ending in endings)
    for how, count in ways.most_common():
        yield Figure(f"attacks that end as {how}", count, "files")
    died = sum(count for how, count in ways.items() if how.startswith("died"))
    yield at_least("files that attack", len(attacks.ATTACKS), "files", 60)
    yield at_least("files that are spoilt", MUTATIONS, "files", 200)
    yield at_most("deaths of the worker", died, "files", 0)
    yield at_most("longest computing", max(e.computed for e in endings), "s", 5)
    yield at_most("longest wait", max(e.passed for e in endings), "s", 5)
    SERVER.end()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE
    yield at_most("largest child", largest, "MB", 512)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    yield Figure("growth of this process", round(grown / MEGABYTE, 1), "MB")


def ended(path: Path, name: str, data: bytes) -> Ending:
    path.write_bytes(data)
    computed, started = computing(), time.perf_counter()
    try:
        read_lecture(path)
        how = "read"
    except ReadingError as error:
        how = error.code
    except Exception as error:  # noqa: BLE001 - what would have ended a worker
        how = f"died: {error!r}"
    passed = time.perf_counter() - started
    return Ending(name, how, computing() - computed, passed)


def computing() -> float:
    # Children are their server's, and count here when it has ended.
    SERVER.end()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
