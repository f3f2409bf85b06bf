"""What raters said: `make quality-rates VERDICTS="one.csv two.csv"`.

A file has one line per rated question, as the reading sheet saves it. Several files of
the same questions are several raters; each verdict counts.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from pathlib import Path

from exams.quality import Share, Tally, Verdict

# What a verdict is told apart by, beside all of them together.
SORTS = ("lecture", "kind", "maker", "engine")


@dataclass(frozen=True, slots=True)
class Rated:
    """A line of a verdict file; `key` is the question's name over all files."""

    lecture: str
    key: str
    page: str
    engine: str
    maker: str
    kind: str
    verdict: Verdict
    note: str = ""


COLUMNS = tuple(field.name for field in fields(Rated))


class BadVerdictsError(ValueError):
    """A file that holds no verdicts: which, and what is wrong with it."""


def read(path: Path) -> list[Rated]:
    """The verdicts of one file; questions that were left undecided are left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise BadVerdictsError(f"{path}: no column {', '.join(sorted(missing))}")
        return [_rated(row, path) for row in rows if row["verdict"]]


def _rated(row: dict[str, str], path: Path) -> Rated:
    try:
        verdict = Verdict(row["verdict"])
    except ValueError as error:
        raise BadVerdictsError(f"{path}: no verdict {row['verdict']!r}") from error
    words = {name: row[name] or "" for name in COLUMNS if name != "verdict"}
    return Rated(**words, verdict=verdict)


def tallies(rated: Iterable[Rated], sort: str) -> dict[str, Tally]:
    """A tally for each lecture, kind, maker or engine, the largest first."""
    found: defaultdict[str, Tally] = defaultdict(Tally)
    for one in rated:
        found[getattr(one, sort)] += Tally.of(one.verdict)
    return dict(sorted(found.items(), key=lambda item: (-item[1].total, item[0])))


def agreement(files: Sequence[Sequence[Rated]]) -> tuple[int, int]:
    """Of the pairs of verdicts on one question, how many say the same, and all."""
    by_rater = [{one.key: one.verdict for one in file} for file in files]
    pairs = [
        one[key] is other[key]
        for one, other in combinations(by_rater, 2)
        for key in one.keys() & other.keys()
    ]
    return sum(pairs), len(pairs)


def table(files: Sequence[Sequence[Rated]]) -> str:
    """What people read: one line for each sort of question."""
    rated = [one for file in files for one in file]
    whole = sum((Tally.of(one.verdict) for one in rated), Tally())
    lines = [f"{'':34}{'n':>5}  as is                  after one edit"]
    lines.append(_line("all", whole))
    for sort in SORTS:
        lines += ["", f"by {sort}"]
        lines += [_line(name, tally) for name, tally in tallies(rated, sort).items()]
    same, all_pairs = agreement(files)
    if all_pairs:
        lines += ["", f"raters agree on {same} of {all_pairs} pairs of verdicts"]
    return "\n".join(lines)


def summary(files: Sequence[Sequence[Rated]]) -> str:
    """The same as one JSON line, for programs."""
    rated = [one for file in files for one in file]
    whole = sum((Tally.of(one.verdict) for one in rated), Tally())
    found = {
        sort: {name: _figures(tally) for name, tally in tallies(rated, sort).items()}
        for sort in SORTS
    }
    return json.dumps({"rates": {"all": {"all": _figures(whole)}, **found}})


def _figures(tally: Tally) -> dict[str, object]:
    shares = {"as_is": tally.as_is, "after_edit": tally.after_edit}
    rounded = {
        name: {end: round(value, 4) for end, value in asdict(share).items()}
        for name, share in shares.items()
    }
    return {**asdict(tally), **rounded}


def _line(name: str, tally: Tally) -> str:
    as_is, after = _words(tally.as_is), _words(tally.after_edit)
    return f"  {name:32}{tally.total:5}  {as_is:23}{after}".rstrip()


def _words(share: Share) -> str:
    value, low, high = (round(100 * n) for n in (share.value, share.low, share.high))
    return f"{value:3} %  ({low} to {high})"


def main() -> None:
    if not (paths := [Path(argument) for argument in sys.argv[1:]]):
        sys.exit('which files? make quality-rates VERDICTS="one.csv two.csv"')
    try:
        files = [read(path) for path in paths]
    except (BadVerdictsError, OSError) as error:
        sys.exit(str(error))
    print(table(files))
    print(summary(files))


if __name__ == "__main__":
    main()
