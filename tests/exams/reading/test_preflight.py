from __future__ import annotations

import pytest

from exams.reading import HEAD_BYTES, Limits, ReadingError, preflight
from exams.reading.preflight import kind_of
from tests.samples import hostile, pdfs

LIMITS = Limits(max_bytes=10_000)


def refusal(head: bytes, size: int | None = None, name: str = "") -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        preflight(head, len(head) if size is None else size, LIMITS, name=name)
    return caught.value


def test_a_pdf_passes():
    data = pdfs.prose(1)
    preflight(data[:HEAD_BYTES], 10_000, LIMITS)


def test_junk_before_the_header_passes_within_a_kilobyte():
    preflight(b"x" * 1019 + b"%PDF-1.7", 2000, LIMITS)
    assert refusal(b"x" * 1020 + b"%PDF-1.7").code == "not_pdf"


def test_an_empty_file_is_named_so():
    assert refusal(b"").code == "empty"


def test_a_large_file_names_its_size_and_the_limit():
    error = refusal(b"%PDF-1.7", 10_001)
    assert (error.code, error.params) == (
        "too_large",
        {"size": 10_001, "limit": 10_000},
    )


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (hostile.powerpoint(), "", "powerpoint"),
        (hostile.plain_zip(), "lecture.pptx", "powerpoint"),
        (hostile.plain_zip(), "lecture.pdf", "archive"),
        (hostile.word_document(), "lecture.pptx", "word"),
        (hostile.old_powerpoint(), "lecture.ppt", "powerpoint"),
        (hostile.old_powerpoint(), "lecture.pdf", "office"),
        (
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.presentation",
            "",
            "powerpoint",
        ),
        (b"{\\rtf1 hello}", "", "word"),
        (hostile.html(), "", "web page"),
        (b"\n  <HTML>", "", "web page"),
        (b"<?xml version='1.0'?><svg xmlns=''/>", "", "picture"),
        (b"\x89PNG\r\n\x1a\n0000", "", "picture"),
        (b"\xff\xd8\xff\xe0", "", "picture"),
        (b"RIFF0000WEBPVP8 ", "", "picture"),
        (b"0000ftypheic", "", "picture"),
        (b"Just some notes, na\xc3\xafve ones", "", "text"),
        (b"A character cut in two \xc3", "", "text"),
        (b"\x00\x01\x02\x03", "", "unknown"),
        (b"\xfe\xfe\xfe\xfe\xfe\xfe", "", "unknown"),
    ],
)
def test_what_is_no_pdf_is_named(head, name, kind):
    error = refusal(head, name=name)
    assert (error.code, error.params) == ("not_pdf", {"kind": kind})
    assert kind_of(head, name) == kind
