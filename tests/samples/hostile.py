"""Files that attack a reader, and files that are no PDF at all, as bytes.

Built small and by hand: what counts is what they would grow into.
"""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Mapping

from pypdf import PdfReader, PdfWriter

from tests.samples import pdfs

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def raw_pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A file with just these objects, a cross-reference table and a trailer."""
    parts = [b"%PDF-1.7\n"]
    places: dict[int, int] = {}
    start = len(parts[0])
    for number, body in objects.items():
        places[number] = start
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start += len(parts[-1])
    size = max(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        place = places.get(number)
        parts.append(
            b"%010d 00000 n \n" % place
            if place is not None
            else b"0000000000 65535 f \n"
        )
    parts.append(
        b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (size, trailer, start)
    )
    return b"".join(parts)


def one_page(content: bytes, *, page: bytes = PAGE, **extra: bytes) -> bytes:
    objects = {1: CATALOGUE, 2: ONE_PAGE, 3: page, 4: content, 5: FONT}
    objects |= {int(name[1:]): body for name, body in extra.items()}
    return raw_pdf(objects)


def deflated(unit: bytes, times: int) -> bytes:
    """The unit packed once and repeated: a gigabyte in no time.

    After a full flush a block refers to nothing before it, so it may be copied. The
    check sum at the end is wrong; no reader minds.
    """
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + block * times + b"\x03\x00" + bytes(4)


def inflate_bomb() -> bytes:
    """Two gigabytes of spaces."""
    data = deflated(b" " * (1 << 24), 128)
    return one_page(stream(data, b"/Filter/FlateDecode"))


def double_bomb() -> bytes:
    """The same, packed twice: a few kilobytes."""
    data = zlib.compress(deflated(b" " * (1 << 24), 128), 9)
    return one_page(stream(data, b"/Filter[/FlateDecode/FlateDecode]"))


def text_bomb() -> bytes:
    """A hundred thousand letters on one page as high as a tower."""
    lines = b"".join(
        b"BT /F 8 Tf 20 %d Td (%s) Tj ET\n" % (place, b"bomb " * 20)
        for place in range(20, 14_000, 10)
    )
    page = PAGE.replace(b"612 792", b"612 14400")
    return one_page(stream(zlib.compress(lines), b"/Filter/FlateDecode"), page=page)


def operator_bomb() -> bytes:
    """A hundred megabytes of drawing without a letter."""
    data = deflated(b"0 0 m 10 10 l S\n" * 65_536, 100)
    return one_page(stream(data, b"/Filter/FlateDecode"))


def with_bomb(*places: int, pages: int = 6) -> bytes:
    """A lecture in which the pages at these places, from 0, break their reader."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.prose(pages))))
    bomb = PdfReader(io.BytesIO(operator_bomb())).pages[0]
    for place in places:
        writer.insert_page(bomb, place)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def page_tree_of_itself() -> bytes:
    kids = b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    return raw_pdf({1: CATALOGUE, 2: kids})


def deep_page_tree(depth: int = 20_000) -> bytes:
    objects = {1: CATALOGUE}
    for number in range(2, depth):
        objects[number] = b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1)
    objects[depth] = b"<</Type/Page/MediaBox[0 0 612 792]>>"
    return raw_pdf(objects)


def count_lie() -> bytes:
    kids = b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"
    return raw_pdf({1: CATALOGUE, 2: kids, 3: PAGE, 4: stream(b""), 5: FONT})


def nested_arrays() -> bytes:
    deep = b"[" * 100_000 + b"]" * 100_000
    return raw_pdf({1: CATALOGUE, 2: ONE_PAGE, 3: PAGE, 4: stream(deep), 5: deep})


def form_of_itself() -> bytes:
    form = stream(
        b"/X Do",
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>",
    )
    page = PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    return one_page(stream(b"/X Do"), page=page, _6=form)


def exponential_forms() -> bytes:
    """Each of twenty forms draws the next one four times."""
    forms = {
        f"_{number}": stream(
            b"/X Do /X Do /X Do /X Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
            b"/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
        for number in range(6, 26)
    }
    forms["_26"] = stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    page = PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    return one_page(stream(b"/X Do"), page=page, **forms)


def huge_image(side: int = 30_000) -> bytes:
    image = stream(
        deflated(b"\xff" * side * 100, side // 100),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/FlateDecode" % (side, side),
    )
    page = PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    return one_page(stream(b"600 0 0 700 0 0 cm /X Do"), page=page, _6=image)


def giant_page() -> bytes:
    page = PAGE.replace(b"612 792", b"14400000 14400000")
    return one_page(stream(b"BT /F 12 Tf 20 20 Td (far away) Tj ET"), page=page)


def length_of_itself() -> bytes:
    return one_page(b"<</Length 4 0 R>>stream\nq Q\nendstream")


def previous_table_loop() -> bytes:
    data = raw_pdf({1: CATALOGUE, 2: ONE_PAGE, 3: PAGE, 4: stream(b""), 5: FONT})
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def zero_pages() -> bytes:
    return raw_pdf({1: CATALOGUE, 2: b"<</Type/Pages/Kids[]/Count 0>>"})


def outline_loop() -> bytes:
    catalogue = CATALOGUE.replace(b">>", b"/Outlines 6 0 R>>")
    node = b"<</Title(round and round)/Parent 6 0 R/Next 7 0 R/Dest[3 0 R/Fit]>>"
    return raw_pdf(
        {
            1: catalogue,
            2: ONE_PAGE,
            3: PAGE,
            4: stream(b""),
            5: FONT,
            6: b"<</First 7 0 R/Last 7 0 R/Count 1>>",
            7: node,
        }
    )


def truncated(share: float = 0.5) -> bytes:
    data = pdfs.prose(3)
    return data[: int(len(data) * share)]


def fuzzed(seed: int) -> bytes:
    dice = random.Random(seed)
    data = bytearray(pdfs.prose(2))
    for _ in range(60):
        data[dice.randrange(20, len(data))] = dice.randrange(256)
    return bytes(data)


def random_bytes() -> bytes:
    return b"%PDF-1.7\n" + random.Random(7).randbytes(1 << 20)


def open_brackets() -> bytes:
    return b"%PDF-1.7\n" + b"(" * 5_000_000


def many_objects() -> bytes:
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n" % n for n in range(300_000))


def header_only() -> bytes:
    return b"%PDF-1.7\n"


def html() -> bytes:
    return b"<!DOCTYPE html><html><body><h1>Not found</h1></body></html>"


def powerpoint() -> bytes:
    return _zip("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml")


def word_document() -> bytes:
    return _zip("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def plain_zip() -> bytes:
    return _zip("lecture.txt")


def old_powerpoint() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<xml/>")
    return buffer.getvalue()


FILES = {
    function.__name__: function
    for function in (
        inflate_bomb,
        double_bomb,
        text_bomb,
        operator_bomb,
        page_tree_of_itself,
        deep_page_tree,
        count_lie,
        nested_arrays,
        form_of_itself,
        exponential_forms,
        huge_image,
        giant_page,
        length_of_itself,
        previous_table_loop,
        zero_pages,
        outline_loop,
        truncated,
        random_bytes,
        open_brackets,
        many_objects,
        header_only,
        html,
        powerpoint,
        plain_zip,
        old_powerpoint,
    )
}
