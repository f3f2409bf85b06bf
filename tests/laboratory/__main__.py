"""`make quality LECTURES=folder`: what each lecture gives and costs, and sheets to rate.

    python -m tests.laboratory FOLDER [--out FOLDER] [--questions 12]

Prints a part for each PDF of the folder, then one JSON line. Writes `sheet.html`, the
reading sheet, and the same questions as `questions.json` and `questions.txt`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import django

from exams.reading import render_pages
from tests.laboratory import listing, sheet
from tests.laboratory.measuring import Measured, measure_all

ROOT = Path(__file__).parents[2]
# What an educator is offered who asks for nothing special.
USUAL = 12


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    wish = _wish()
    paths = sorted(wish.folder.glob("*.pdf"))
    if not paths:
        sys.exit(f"no PDF in {wish.folder}")
    out = wish.out or ROOT / "var" / "quality" / wish.folder.resolve().name
    out.mkdir(parents=True, exist_ok=True)
    lectures = measure_all(paths, wish.questions)
    for lecture in lectures:
        print("\n".join(_told(lecture)), end="\n\n")
    title = wish.folder.resolve().name
    parts = [
        (lecture, sheet.sheets(lecture, _pictures(path, lecture)))
        for path, lecture in zip(paths, lectures, strict=True)
    ]
    (out / "sheet.html").write_text(sheet.page(title, parts), "utf-8")
    (out / "questions.json").write_text(listing.as_json(lectures), "utf-8")
    (out / "questions.txt").write_text(listing.as_text(lectures), "utf-8")
    print(f"to rate: {out / 'sheet.html'}")
    print(
        json.dumps({"quality": title, "lectures": [_figures(one) for one in lectures]})
    )


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make quality")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--questions", type=int, default=USUAL)
    return parser.parse_args()


def _pictures(path: Path, lecture: Measured) -> dict[int, bytes]:
    numbers = sorted({asked.page for asked in lecture.asked})
    return {
        image.number: image.webp
        for image in render_pages(path, numbers, width=sheet.PICTURE)
    }


def _told(one: Measured) -> Iterator[str]:
    """One lecture, for people."""
    yield f"{one.name}"
    if one.refused or one.given is None:
        yield f"  not read: {one.refused}"
        return
    given, pages = one.given, one.pages
    each = given.questions / max(1, given.readable)
    yield f"  {pages} pages, language {one.language}, {one.engine} {one.version}"
    yield f"  asked for {len(one.asked) + one.missing}, made {len(one.asked)}"
    yield f"  gives {given.questions} of {given.drafts} drafts, {each:.2f} a page"
    yield (
        f"  covers {given.pages} of {given.readable} pages, "
        f"{given.sections} of {given.all_sections} sections"
    )
    yield f"  kinds: {_counts(given.kinds)}"
    yield f"  makers: {_counts(given.makers)}"
    yield f"  rejected: {_counts(given.rejections)}"
    yield (
        f"  a page takes {one.drafting / pages:.3f} s of the processor to draft, "
        f"{one.reading / pages:.3f} s to read; peak {one.peak:.0f} MB, "
        f"{one.peak / pages:.1f} a page"
    )


def _counts(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {name}" for name, count in ranked) or "none"


def _figures(one: Measured) -> dict[str, Any]:
    """One lecture, for programs."""
    if one.given is None:
        return {"name": one.name, "refused": one.refused}
    given = one.given
    names: Sequence[str] = ("questions", "drafts", "pages", "readable", "sections")
    return {
        "name": one.name,
        "pages": one.pages,
        "made": len(one.asked),
        "given": {name: getattr(given, name) for name in names},
        "kinds": dict(given.kinds),
        "rejections": dict(given.rejections),
        "seconds_a_page": round(one.drafting / one.pages, 4),
        "peak_megabytes": round(one.peak, 1),
    }


if __name__ == "__main__":
    main()
