"""Pictures of text through the real tesseract, and through programs that misbehave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from exams.reading import (
    Document,
    Limits,
    ReadingError,
    Recognised,
    Tesseract,
    read_lecture,
)
from tests.samples import pdfs, scans

LIMITS = Limits(min_words=20)
PLAIN = pdfs.prose(1)

Keep = Callable[[bytes], Path]


def words(document: Document) -> Counter[str]:
    return Counter(
        word.casefold()
        for page in document.pages
        for word in re.findall(r"\w+", page.text)
    )


def f1(found: Counter[str], known: Counter[str]) -> float:
    shared = (found & known).total()
    return 2 * shared / (found.total() + known.total())


@pytest.mark.parametrize("turned", [0.0, 1.0])
def test_a_picture_is_read_as_the_page_that_it_was_made_of(
    keep: Keep, tesseract: str, turned: float
):
    known = read_lecture(keep(PLAIN))
    path = keep(scans.scanned(PLAIN, turned=turned))
    seen = Tesseract(tesseract).recognise(path, 1, limits=LIMITS)
    found = read_lecture(path, recognised={1: seen})

    assert seen.confidence >= 90
    assert f1(words(found), words(known)) >= 0.98
    assert found.flags == ("recognised",)
    [page], [plain] = found.pages, known.pages
    # But for the number alone at its foot, which tesseract takes for a speck.
    roles = [block.role for block in plain.blocks if block.role != "furniture"]
    assert [block.role for block in page.blocks] == roles
    # A quote is lit where it stands, though the paper lay crooked.
    start = page.text.index(pdfs.SENTENCE)
    lit = page.rectangles(start, start + len(pdfs.SENTENCE))
    there = plain.text.index(pdfs.SENTENCE)
    expected = plain.rectangles(there, there + len(pdfs.SENTENCE))
    if not turned:
        assert len(lit) == len(expected)
        for one, other in zip(lit, expected, strict=True):
            assert one.left == pytest.approx(other.left, abs=0.005)
            assert one.right == pytest.approx(other.right, abs=0.005)
            assert one.top == pytest.approx(other.top, abs=0.01)
            assert one.bottom == pytest.approx(other.bottom, abs=0.01)


def test_a_blurred_picture_is_known_to_be_unsure(keep: Keep, tesseract: str):
    path = keep(scans.scanned(PLAIN, dots=100, blurred=2.5))
    seen = Tesseract(tesseract).recognise(path, 1, limits=LIMITS)
    assert not seen.is_sure
    assert seen.trouble == ""


@pytest.mark.parametrize(
    ("limits", "trouble"),
    [
        (Limits(recognition_wall_seconds=0.05), "time"),
        (Limits(recognition_cpu_seconds=0), "time"),
        (Limits(page_characters=100), "characters"),
    ],
)
def test_a_picture_that_asks_too_much_says_what_of(
    keep: Keep, tesseract: str, limits: Limits, trouble: str
):
    path = keep(scans.scanned(PLAIN))
    seen = Tesseract(tesseract).recognise(path, 1, limits=limits)
    assert seen == Recognised(trouble=trouble)


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        ("kill -ABRT $$", "memory"),
        ("kill -KILL $$", "time"),
        ("kill -SEGV $$", "damaged"),
        ("exit 1", "damaged"),
        ("echo not a table", "damaged"),
        ("while :; do echo 1234567890123456789012345678901234567890; done", "output"),
        # What it could read or write if a picture took it over.
        (
            "cat /proc/self/environ | tr '\\0' '\\n' | grep -q PATH= && kill -ABRT $$",
            "damaged",
        ),
        ("exec 3>$0.out; echo it >&3 || kill -KILL $$", "time"),
    ],
)
def test_a_program_that_was_taken_over_harms_one_page(
    keep: Keep, tmp_path: Path, script: str, trouble: str
):
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    path = keep(scans.scanned(PLAIN, dots=30))
    seen = Tesseract(str(program)).recognise(path, 1, limits=LIMITS)
    assert seen == Recognised(trouble=trouble)


def test_a_program_or_a_page_that_is_not_there_is_named_too(keep: Keep, tmp_path: Path):
    path = keep(scans.scanned(PLAIN, dots=30))
    nowhere = Tesseract(str(tmp_path / "tesseract"))
    assert nowhere.recognise(path, 1, limits=LIMITS).trouble == "damaged"
    assert nowhere.recognise(path, 2, limits=LIMITS).trouble == "damaged"


# What a reading makes of it


UNTRIED = scans.joined(pdfs.few_words(), pdfs.scan(2))


def test_pictures_that_may_be_recognised_are_waited_for(keep: Keep):
    document = read_lecture(keep(UNTRIED), untried=200)
    assert document.untried_pictures(200) == (2, 3)
    assert document.untried_pictures(1) == (2,)
    assert document.untried_pictures(0) == ()


@pytest.mark.parametrize(
    ("recognised", "untried", "code"),
    [
        ({}, 0, "scanned"),
        ({2: Recognised(50)}, 1, "scanned"),
        ({2: Recognised(50), 3: Recognised(trouble="time")}, 200, "unsure_scans"),
    ],
)
def test_a_document_that_nothing_more_can_come_of_is_refused(
    keep: Keep, recognised: dict[int, Recognised], untried: int, code: str
):
    with pytest.raises(ReadingError) as caught:
        read_lecture(keep(UNTRIED), recognised=recognised, untried=untried)
    assert (caught.value.code, caught.value.params) == (code, {"pages": "2-3"})
