"""The sample lectures build offline, always alike, and say what they should."""

from __future__ import annotations

import re
import subprocess
import sys

import pypdfium2
import pytest
import typst

from exams.samples import SAMPLES, Sample, build, source

PAGES = {"plant-cells": 7, "computer-networks": 18, "supply-and-demand": 6}

SENTENCES = {
    "plant-cells": (
        (1, "In 1838 the German botanist Matthias Schleiden concluded that all plants"),
        (
            2,
            "Osmosis is the movement of water through a selectively permeable membrane",
        ),
        (4, "A chloroplast is an organelle that carries out photosynthesis."),
        (4, "5. The electrons reduce NADP+ to NADPH."),
        (7, "Tonoplast: the membrane around the vacuole."),
    ),
    "computer-networks": (
        (3, "Router: a device that forwards packets from one network to another."),
        (5, "A packet of 1,500 bytes has 12,000 bits."),
        (8, "TTL - a counter in the IPv4 header that every router lowers by one."),
        (13, "2. The server answers with a SYN-ACK segment."),
        (17, "TLS 1.3 was published as RFC 8446 in 2018."),
    ),
    "supply-and-demand": (
        (
            1,
            "The choke price is the price at which the quantity demanded falls to zero.",
        ),
        (2, "Figure 1: The market for strawberries clears at 4 euros and 60 boxes"),
        (3, "Efficiency says nothing about fairness."),
        (5, "The deadweight loss of the strawberry tax is 30 euros a day"),
        (6, "Marshall, A. (1890). Principles of Economics. London: Macmillan."),
    ),
}

EMBEDDED_FONTS = {
    "DejaVu Sans Mono",
    "Libertinus Serif",
    "New Computer Modern",
    "New Computer Modern Math",
}

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page, with each run of white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(re.sub(r"\s+", " ", text.get_text_range()).strip())
            text.close()
            page.close()
        return texts
    finally:
        document.close()


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    return {sample.name: pages_of(build(sample.name)) for sample in SAMPLES}


def test_there_are_three_and_each_describes_itself_in_one_line() -> None:
    assert [sample.name for sample in SAMPLES] == list(PAGES)
    for sample in SAMPLES:
        assert sample.file_name == f"{sample.name}.pdf"
        assert sample.title
        assert sample.description
        assert "\n" not in sample.description


@each_sample
def test_page_counts_are_exact(sample: Sample, texts: dict[str, list[str]]) -> None:
    assert len(texts[sample.name]) == PAGES[sample.name]


@each_sample
def test_known_sentences_stand_on_their_pages(
    sample: Sample, texts: dict[str, list[str]]
) -> None:
    for number, sentence in SENTENCES[sample.name]:
        assert sentence in texts[sample.name][number - 1]


@each_sample
def test_title_of_the_document_is_the_title_of_the_sample(sample: Sample) -> None:
    document = pypdfium2.PdfDocument(build(sample.name))
    metadata = document.get_metadata_dict()
    document.close()
    assert metadata["Title"] == sample.title
    assert metadata["CreationDate"] == ""
    assert metadata["ModDate"] == ""


@each_sample
def test_every_page_has_clean_text(sample: Sample, texts: dict[str, list[str]]) -> None:
    for text in texts[sample.name]:
        assert len(text) > 60
        # pdfium writes U+FFFE where a line ends in a hyphen and U+FFFD for a glyph
        # it cannot map; either would spoil a quotation.
        assert "\ufffe" not in text
        assert "\ufffd" not in text


@pytest.mark.parametrize("name", ["plant-cells", "supply-and-demand"])
def test_no_sentence_runs_on_to_the_next_page(
    name: str, texts: dict[str, list[str]]
) -> None:
    # After the running header every page opens with a heading, a list item or a new
    # sentence, all of which begin with a capital or a figure.
    header = {
        "plant-cells": "The Plant Cell Lecture script ",
        "supply-and-demand": "Principles of Economics Supply and Demand ",
    }[name]
    for text in texts[name][1:]:
        assert text.startswith(header)
        body = text.removeprefix(header)
        assert re.match(r"[A-Z0-9]", body)


@each_sample
def test_two_builds_are_equal(sample: Sample) -> None:
    assert build(sample.name) == build(sample.name)


@each_sample
def test_another_process_on_another_day_builds_the_same_bytes(
    sample: Sample, tmp_path
) -> None:
    program = (
        "import sys; from exams.samples import build;"
        "sys.stdout.buffer.write(build(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, sample.name],
        check=True,
        capture_output=True,
        # No home, no font configuration, another time zone, another clock.
        env={
            "PYTHONPATH": ":".join(sys.path),
            "HOME": str(tmp_path),
            "TZ": "Pacific/Auckland",
            "SOURCE_DATE_EPOCH": "1000000000",
        },
        cwd=tmp_path,
    )
    assert done.stdout == build(sample.name)


@each_sample
def test_fonts_of_the_wheel_are_enough(sample: Sample) -> None:
    # Typst warns about a font family it does not know.
    _, warnings = typst.compile_with_warnings(
        source(sample.name), ignore_system_fonts=True
    )
    assert warnings == []
    named = set(re.findall(r'font: "([^"]+)"', source(sample.name).decode()))
    assert named
    assert named <= EMBEDDED_FONTS


@each_sample
def test_sources_fetch_and_include_nothing(sample: Sample) -> None:
    text = source(sample.name).decode()
    assert "@preview" not in text
    for word in ("#import", "#include", "image(", "read("):
        assert word not in text


@pytest.mark.parametrize("name", ["", "nothing", "../content", "plant-cells.typ"])
def test_an_unknown_name_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        build(name)
