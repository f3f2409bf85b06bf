"""Every hostile file ends in a document or a named refusal, soon, and harms nobody."""

from __future__ import annotations

import resource
import time

import pytest

from exams.reading import Limits, ReadingError, render_pages
from exams.reading.limits import MEGABYTE
from tests.samples import attacks, hostile

MEMORY = "too_complex", "memory"
ENDINGS = {
    "inflate_bomb": MEMORY,
    "double_bomb": MEMORY,
    "operator_bomb": MEMORY,
    "exponential_forms": MEMORY,
    "text_bomb": ("too_complex", "characters"),
    "page_tree_of_itself": ("damaged", None),
    "deep_page_tree": ("damaged", None),
    "count_lie": ("too_little_text", None),
    "nested_arrays": ("too_little_text", None),
    "form_of_itself": ("too_little_text", None),
    "huge_image": ("scanned", None),
    "giant_page": ("too_little_text", None),
    "length_of_itself": ("too_little_text", None),
    "previous_table_loop": ("too_little_text", None),
    "outline_loop": ("too_little_text", None),
    "zero_pages": ("no_pages", None),
    "truncated": ("damaged", None),
    "random_bytes": ("damaged", None),
    "open_brackets": ("damaged", None),
    "many_objects": ("damaged", None),
    "header_only": ("damaged", None),
    "html": ("not_pdf", None),
    "powerpoint": ("not_pdf", None),
    "plain_zip": ("not_pdf", None),
    "old_powerpoint": ("not_pdf", None),
}
SECONDS = 10.0
# Half of what is allowed, which bombs need half as long to use up.
HASTY = Limits(address_space=256 * MEGABYTE, answer_seconds=1.0)
GROWTH = 20 * 1024  # kilobytes


def test_the_corpus_is_all_here():
    assert ENDINGS.keys() == hostile.FILES.keys()
    assert len(ENDINGS) >= 15


@pytest.mark.parametrize("name", ENDINGS)
def test_a_hostile_file_is_refused_by_name(read, name):
    data = hostile.FILES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with pytest.raises(ReadingError) as caught:
        read(data, limits=HASTY)
    assert (caught.value.code, caught.value.params.get("reason")) == ENDINGS[name]
    assert time.monotonic() - started < SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < GROWTH


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("exponential_forms", "too_complex"),
        ("huge_image", [1]),
        ("form_of_itself", [1]),
    ],
)
def test_drawing_a_hostile_file_ends(keep, name, ending):
    path = keep(hostile.FILES[name]())
    started = time.monotonic()
    assert outcome(
        lambda: [i.number for i in render_pages(path, [1], width=320, limits=HASTY)]
    ) == (ending)
    assert time.monotonic() - started < SECONDS


def test_a_page_that_breaks_the_reader_costs_no_other_page(keep, read):
    data = hostile.with_bomb(2)
    document = read(data, limits=HASTY)
    assert [bool(page.text) for page in document.pages] == [
        number != 3 for number in range(1, 8)
    ]
    assert "unreadable_pages" in document.flags
    drawn = render_pages(keep(data), range(1, 8), width=80, limits=HASTY)
    assert [image.number for image in drawn] == [1, 2, 4, 5, 6, 7]


def test_after_too_many_such_pages_the_rest_is_given_up(keep, read):
    data = hostile.with_bomb(1, 2, 3)
    document = read(data, limits=HASTY)
    assert [page.number for page in document.pages if page.text] == [1]
    assert len(document.pages) == 9
    with pytest.raises(ReadingError) as caught:
        list(render_pages(keep(data), range(1, 10), width=80, limits=HASTY))
    assert caught.value.params == {"page": 4, "reason": "memory"}


# One of each kind of lie; `make fuzz-reading` reads them all, and 200 mutations.
OTHERS = {
    "text_on_one_spot": ("too_complex", "time"),
    "object_stream_bomb": MEMORY,
    "nested_marks": MEMORY,
    "exponential_page_tree": ("damaged", None),
    "hundred_thousand_texts": ("too_complex", "characters"),
    "words_hidden_on_every_page": ("too_little_text", None),
    "image_of_fax_rubbish": ("scanned", None),
    "broken_seal": ("encrypted", None),
    "junk_before_the_file": ("not_pdf", None),
    "empty": ("empty", None),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_hostile_file_is_refused_by_name(read, name):
    started = time.monotonic()
    with pytest.raises(ReadingError) as caught:
        read(attacks.ATTACKS[name](), limits=HASTY)
    assert (caught.value.code, caught.value.params.get("reason")) == OTHERS[name]
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("seed", range(10))
def test_a_spoilt_file_is_read_or_refused(read, seed):
    ending = outcome(lambda: "read" if read(attacks.mutated(seed)).pages else "")
    assert ending in {"read", "damaged", "too_little_text", "no_pages", "encrypted"}


def test_there_are_enough_attacks():
    assert len(attacks.ATTACKS) >= 60


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_copy_is_read_or_refused(read, seed):
    ending = outcome(lambda: len(read(hostile.fuzzed(seed)).pages))
    assert ending in {"damaged", "too_little_text", "encrypted", "no_pages", 1, 2}


@pytest.mark.parametrize(("share", "ending"), [(0.1, "damaged"), (0.99, "damaged")])
def test_a_truncated_file_is_refused(read, share, ending):
    assert outcome(lambda: read(hostile.truncated(share)).title) == ending


def outcome(attempt):
    """What it gave, or the code of its refusal; anything else fails the test."""
    try:
        return attempt()
    except ReadingError as error:
        return error.code
