from __future__ import annotations

import json
from pathlib import Path

import pytest

from exams.quality import Tally
from tests.laboratory import rates

HEAD = ",".join(rates.COLUMNS)


def saved(folder: Path, *verdicts: str, name: str = "one.csv") -> Path:
    """A file as the sheet saves it, a question for each verdict; "" for unrated."""
    kinds = ["single_choice", "matching"]
    lines = [
        f'"bio","key{n}","1","offline 2","wh","{kinds[n % 2]}","{verdict}","a, ""b"""'
        for n, verdict in enumerate(verdicts)
    ]
    path = folder / name
    path.write_text("\r\n".join([HEAD, *lines, ""]), "utf-8", newline="")
    return path


def test_verdicts_are_read_as_they_were_saved(tmp_path: Path) -> None:
    one, two = rates.read(saved(tmp_path, "keep", "", "reject"))
    assert (one.key, one.kind, one.verdict, one.note) == (
        "key0",
        "single_choice",
        "keep",
        'a, "b"',
    )
    assert (two.key, two.verdict) == ("key2", "reject")


def test_verdicts_are_told_by_sort_and_together(tmp_path: Path) -> None:
    rated = rates.read(saved(tmp_path, "keep", "edit", "keep", "reject", "keep"))
    assert rates.tallies(rated, "kind") == {
        "single_choice": Tally(3, 0, 0),
        "matching": Tally(0, 1, 1),
    }
    assert rates.tallies(rated, "engine") == {"offline 2": Tally(3, 1, 1)}
    told = rates.table([rated])
    line = "  matching                            2    0 %  (0 to 66)        50 %  (9 to 91)"
    assert line in told.splitlines()
    assert "raters" not in told
    figures = json.loads(rates.summary([rated]))["rates"]
    assert figures["all"]["all"]["kept"] == 3
    assert figures["maker"]["wh"]["after_edit"]["value"] == 0.8


def test_raters_of_the_same_questions_are_compared(tmp_path: Path) -> None:
    one = rates.read(saved(tmp_path, "keep", "keep", "edit", ""))
    two = rates.read(saved(tmp_path, "keep", "edit", "edit", "keep"))
    assert rates.agreement([one, two]) == (2, 3)
    assert rates.agreement([one]) == (0, 0)
    assert "raters agree on 2 of 3 pairs of verdicts" in rates.table([one, two])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column engine, key, kind, lecture, maker, note, page, verdict"),
        ("a,b\n1,2\n", "no column engine, key"),
        (f"{HEAD}\nbio,k,1,o,m,matching,maybe,\n", "no verdict 'maybe'"),
    ],
)
def test_what_holds_no_verdicts_is_refused_with_its_name(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(rates.BadVerdictsError) as caught:
        rates.read(path)
    assert str(caught.value).startswith(f"{path}: {said}")
