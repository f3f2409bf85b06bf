"""What nobody sees on the page never becomes text, and what is seen always does."""

from __future__ import annotations

import pytest

from exams.reading import Document, Limits
from tests.samples import hidden, pdfs

LIMITS = Limits(min_words=1)


def lines_of(document: Document) -> list[str]:
    (page,) = document.pages
    return page.text.split("\n")


def test_what_is_not_seen_is_left_out_and_counted_on_its_page(read):
    apart = [{name: line} for name, line in hidden.HIDDEN.items()]
    document = read(hidden.pages_of(*apart, word="INVISIBLE"), limits=LIMITS)
    assert [page.text for page in document.pages] == [pdfs.PARAGRAPHS[0]] * len(apart)
    lost = [page.hidden_characters for page in document.pages]
    assert lost == [
        len(hidden.words_of(name, "INVISIBLE").replace(" ", ""))
        for name in hidden.HIDDEN
    ]


def test_all_kinds_on_one_page_are_told_from_its_text(read):
    data = hidden.pages_of(hidden.HIDDEN, word="INVISIBLE")
    assert lines_of(read(data, limits=LIMITS)) == [pdfs.PARAGRAPHS[0]]


def test_what_is_seen_is_kept_however_it_is_painted(read):
    document = read(hidden.pages_of(hidden.SEEN, word="VISIBLE"), limits=LIMITS)
    assert lines_of(document) == [
        pdfs.PARAGRAPHS[0],
        *(hidden.words_of(name, "VISIBLE") for name in hidden.SEEN),
    ]
    assert document.pages[0].hidden_characters == 0


@pytest.mark.parametrize("shown", [True, False])
def test_a_layer_counts_only_when_it_is_switched_on(read, shown):
    lines = lines_of(read(hidden.layer(shown=shown), limits=LIMITS))
    assert lines == [pdfs.PARAGRAPHS[0], *["Words on a layer"] * shown]


def test_characters_without_a_shape_carry_no_words(read):
    document = read(hidden.smuggled(), limits=LIMITS)
    assert lines_of(document) == [
        pdfs.PARAGRAPHS[0],
        "The zerowidth words and denrut ones.",  # as they are seen
    ]
    assert document.pages[0].hidden_characters > 0


def test_recognised_text_beneath_its_scan_is_read_and_told(read):
    document = read(hidden.recognised_below(), limits=LIMITS)
    assert lines_of(document) == [" ".join(pdfs.PARAGRAPHS)]
    assert document.flags == ("text_layer",)


def test_a_deck_of_photographs_is_read_to_the_end(read):
    """Far more pages than are drawn to settle doubts: there the doubt decides."""
    document = read(hidden.photographs(60), limits=LIMITS)
    assert len(document.pages) == 60
    for page in document.pages:
        assert page.text.startswith(pdfs.PARAGRAPHS[0][:60])
        assert "INVISIBLE" not in page.text
