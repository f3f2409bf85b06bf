"""More files that attack a reader: one for each thing that a file may lie about.

`ATTACKS` names all of them, those of `hostile` included, and `mutated` spoils honest
files in ways of which each has a number.
"""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from pypdf import PdfReader, PdfWriter

from tests.samples import hostile, pdfs, readings
from tests.samples.hostile import (
    CATALOGUE,
    FONT,
    ONE_PAGE,
    PAGE,
    one_page,
    raw_pdf,
    stream,
)

WORDS = b"BT /F 12 Tf 72 700 Td (A word on the page) Tj ET "
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"


def _with_catalogue(extra: bytes, **objects: bytes) -> bytes:
    numbered = {int(name[1:]): body for name, body in objects.items()}
    return raw_pdf(
        {
            1: CATALOGUE.replace(b">>", extra + b">>"),
            2: ONE_PAGE,
            3: PAGE,
            4: stream(WORDS),
            5: FONT,
            **numbered,
        }
    )


def _with_page(extra: bytes, content: bytes = WORDS, **objects: bytes) -> bytes:
    page = PAGE.replace(b"/Resources<<", extra + b"/Resources<<")
    return one_page(stream(content), page=page, **objects)


def _with_resources(resources: bytes, content: bytes, **objects: bytes) -> bytes:
    page = PAGE.replace(b"/Resources<<", b"/Resources<<" + resources)
    return one_page(stream(content), page=page, **objects)


def _with_font(font: bytes, content: bytes = WORDS, **objects: bytes) -> bytes:
    return one_page(stream(content), _5=font, **objects)


def _packed(content: bytes, **objects: bytes) -> bytes:
    return one_page(stream(zlib.compress(content), b"/Filter/FlateDecode"), **objects)


def _image(entries: bytes, data: bytes = b"\x00" * 64) -> bytes:
    return _with_resources(
        b"/XObject<</X 6 0 R>>",
        b"600 0 0 700 0 0 cm /X Do",
        _6=stream(data, b"/Type/XObject/Subtype/Image" + entries),
    )


def _tree(*nodes: bytes) -> bytes:
    return raw_pdf({1: CATALOGUE, **dict(enumerate(nodes, 2))})


def _exponential_tree() -> bytes:
    """Each of thirty nodes has the next one twice for its children."""
    nodes = [
        b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 1073741824>>" % (n + 1, n + 1)
        for n in range(2, 32)
    ]
    return _tree(*nodes, b"<</Type/Page/MediaBox[0 0 612 792]>>")


def _object_stream(number: int, inside: bytes, packed: bytes) -> bytes:
    """A file whose page stands in an object stream, found by a table in a stream."""
    head = b"%PDF-1.7\n"
    body = stream(
        packed,
        b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode" + inside,
    )
    objects = [
        b"1 0 obj\n%s\nendobj\n" % CATALOGUE,
        b"2 0 obj\n%s\nendobj\n" % ONE_PAGE,
        b"%d 0 obj\n%s\nendobj\n" % (number, body),
    ]
    places, at = [], len(head)
    for part in objects:
        places.append(at)
        at += len(part)
    rows = [(0, 0, 255), (1, places[0], 0), (1, places[1], 0), (2, number, 0)]
    rows += [(0, 0, 0)] * (number - 4) + [(1, places[2], 0)]
    table = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + bytes([last])
        for kind, place, last in rows
    )
    entries = b"/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R" % len(rows)
    end = b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (
        number + 1,
        stream(table, entries),
        at,
    )
    return head + b"".join(objects) + end


def _object_stream_bomb() -> bytes:
    deep = hostile.deflated(b" " * (1 << 24), 64)
    return _object_stream(4, b"", deep)


def _incremental(times: int) -> bytes:
    data = hostile.raw_pdf({1: CATALOGUE, 2: ONE_PAGE, 3: PAGE, 4: stream(WORDS)})
    for _ in range(times):
        last = data.rindex(b"xref\n0")
        data += (
            b"\nxref\n0 0\ntrailer<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF"
            % (
                last,
                len(data) + 1,
            )
        )
    return data


def _encrypted(user: str, algorithm: str) -> Callable[[], bytes]:
    def build() -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.prose(2))))
        writer.encrypt(user, "owner", algorithm=algorithm)
        buffer = io.BytesIO()
        writer.write(buffer)
        return buffer.getvalue()

    return build


def _table_of_unicode() -> bytes:
    """Every code of two bytes mapped to a long word, a thousand times over."""
    row = b"<0000><ffff><%s>\n" % (b"0041" * 100)
    cmap = (
        b"begincmap 1 begincodespacerange <0000><ffff> endcodespacerange\n"
        + (b"100 beginbfrange\n" + row * 100 + b"endbfrange\n") * 10
    )
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R"
        b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X"
        b"/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>]>>"
    )
    content = b"BT /F 12 Tf 72 700 Td <" + b"0041" * 5_000 + b"> Tj ET"
    return _with_font(font, content, _6=stream(cmap))


def _font_that_draws_itself() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]"
        b"/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97"
        b"/LastChar 97/Widths[9]/Resources<</Font<</F 5 0 R>>>>>>"
    )
    glyph = stream(b"9 0 d0 BT /F 1 Tf (aaaa) Tj ET")
    return _with_font(font, b"BT /F 1 Tf (aaaa) Tj ET", _6=glyph)


def _pattern_of_itself() -> bytes:
    pattern = stream(
        b"/Pattern cs /P scn 0 0 9 9 re f",
        b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .001/YStep .001"
        b"/Resources<</Pattern<</P 6 0 R>>>>",
    )
    return _with_resources(
        b"/Pattern<</P 6 0 R>>", b"/Pattern cs /P scn 0 0 600 700 re f", _6=pattern
    )


def _mask_of_itself() -> bytes:
    form = stream(
        b"/G gs 0 0 9 9 re f",
        FORM + b"/Group<</S/Transparency>>/Resources<</ExtGState<</G 7 0 R>>>>",
    )
    state = b"<</SMask<</S/Luminosity/G 6 0 R>>>>"
    return _with_resources(
        b"/ExtGState<</G 7 0 R>>", b"/G gs " + WORDS, _6=form, _7=state
    )


def _shading_of_functions() -> bytes:
    functions = {
        f"_{n}": b"<</FunctionType 3/Domain[0 1]/Functions[%d 0 R %d 0 R]"
        b"/Bounds[.5]/Encode[0 1 0 1]>>" % (n + 1, n + 1)
        for n in range(7, 40)
    }
    functions["_40"] = b"<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>"
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function 7 0 R>>"
    return _with_resources(b"/Shading<</S 6 0 R>>", b"/S sh", _6=shading, **functions)


def _names_in_a_circle() -> bytes:
    return _with_catalogue(
        b"/Names<</EmbeddedFiles 6 0 R/Dests 6 0 R>>", _6=b"<</Kids[6 0 R 6 0 R]>>"
    )


def _attached_bomb() -> bytes:
    bomb = stream(
        hostile.deflated(b" " * (1 << 24), 64),
        b"/Type/EmbeddedFile/Filter/FlateDecode",
    )
    file = b"<</Type/Filespec/F(../../evil.exe)/EF<</F 7 0 R>>>>"
    return _with_catalogue(
        b"/Names<</EmbeddedFiles<</Names[(x)6 0 R]>>>>", _6=file, _7=bomb
    )


def _rectangles(count: int) -> bytes:
    """Words of the colour of the page between very many white rectangles."""
    boxes = b"".join(
        b"1 g %d %d 90 30 re f\n" % (n % 60 * 9, n % 70 * 11) for n in range(count)
    )
    return _packed(boxes + WORDS * 200 + boxes)


def _hidden_everywhere() -> bytes:
    """Five hundred pages that must each be drawn to tell whether words are seen."""
    kids = b" ".join(b"%d 0 R" % n for n in range(6, 506))
    content = b"0 0 600 700 re f " + WORDS
    objects = {
        1: CATALOGUE,
        2: b"<</Type/Pages/Kids[%s]/Count 500>>" % kids,
        4: stream(content),
        5: FONT,
    }
    return raw_pdf(objects | dict.fromkeys(range(6, 506), PAGE))


def _polyglot() -> bytes:
    return b"<html><script>alert(1)</script>\n" + pdfs.few_words()


MORE: dict[str, Callable[[], bytes]] = {
    "object_stream_bomb": _object_stream_bomb,
    "object_stream_in_itself": lambda: _object_stream(
        4, b"/Extends 4 0 R", zlib.compress(b"4 0 << >>")
    ),
    "run_length_bomb": lambda: one_page(
        stream(b"\x81 " * 2_000_000, b"/Filter/RunLengthDecode")
    ),
    "lzw_rubbish": lambda: one_page(
        stream(random.Random(3).randbytes(500_000), b"/Filter/LZWDecode")
    ),
    "hexadecimal_bomb": lambda: one_page(
        stream(b"20" * 4_000_000, b"/Filter/ASCIIHexDecode")
    ),
    "hundred_filters": lambda: one_page(
        stream(b"x", b"/Filter[" + b"/FlateDecode" * 100 + b"]")
    ),
    "unknown_filter": lambda: one_page(stream(b"x", b"/Filter/NoSuchDecode")),
    "predictor_of_two_thousand_million_columns": lambda: one_page(
        stream(
            zlib.compress(b"x" * 100),
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>",
        )
    ),
    "page_trees_of_each_other": lambda: _tree(
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    ),
    "exponential_page_tree": _exponential_tree,
    "kids_of_nothing": lambda: _tree(b"<</Type/Pages/Kids[null 7 (x)]/Count 3>>"),
    "negative_count": lambda: _tree(b"<</Type/Pages/Kids[]/Count -1>>"),
    "ten_thousand_pages": lambda: pdfs.many_pages(10_000),
    "nested_dictionaries": lambda: one_page(
        stream(WORDS), _6=b"<</A" * 100_000 + b">>" * 100_000
    ),
    "nested_lists_of_text": lambda: _packed(
        b"BT /F 12 Tf " + b"[" * 200_000 + b"]" * 200_000 + b" TJ ET"
    ),
    "million_saves": lambda: _packed(b"q " * 1_000_000 + WORDS),
    "million_restores": lambda: _packed(b"Q " * 1_000_000 + WORDS),
    "nested_marks": lambda: _packed(b"/P BMC " * 100_000 + WORDS + b"EMC " * 100_000),
    "hundred_thousand_texts": lambda: _packed(
        b"BT /F 1 Tf " + b"1 0 Td (x) Tj " * 45_000 + b"ET"
    ),
    "text_on_one_spot": lambda: _packed(
        b"BT /F 12 Tf 72 700 Td " + b"(x) Tj -6 0 Td " * 40_000 + b"ET"
    ),
    "long_string": lambda: _packed(b"BT /F 12 Tf (" + b"x" * 10_000_000 + b") Tj ET"),
    "long_name": lambda: _packed(b"/" + b"x" * 5_000_000 + b" gs " + WORDS),
    "long_number": lambda: _packed(b"9" * 5_000_000 + b" 0 Td " + WORDS),
    "long_comment": lambda: _packed(b"%" + b"x" * 5_000_000 + b"\n" + WORDS),
    "unicode_bomb": _table_of_unicode,
    "font_that_draws_itself": _font_that_draws_itself,
    "font_file_of_rubbish": lambda: _with_font(
        b"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor<</Type/FontDescriptor"
        b"/FontName/X/Flags 4/FontFile2 6 0 R>>>>",
        _6=stream(random.Random(5).randbytes(100_000)),
    ),
    "font_of_no_size": lambda: _packed(WORDS.replace(b" 12 Tf", b" 0 Tf")),
    "font_of_boundless_size": lambda: _packed(WORDS.replace(b" 12 Tf", b" 1e38 Tf")),
    "text_at_infinity": lambda: _packed(b"1e38 0 0 1e38 1e38 1e38 cm " + WORDS),
    "text_squeezed_to_nothing": lambda: _packed(b"0 0 0 0 0 0 cm " + WORDS),
    "many_fonts": lambda: _with_resources(
        b"/Font<<" + b"".join(b"/F%d 5 0 R" % n for n in range(5_000)) + b">>",
        b"".join(b"BT /F%d 9 Tf 9 9 Td (x) Tj ET " % n for n in range(5_000)),
    ),
    "pattern_of_itself": _pattern_of_itself,
    "mask_of_itself": _mask_of_itself,
    "shading_of_functions": _shading_of_functions,
    "many_rectangles": lambda: _rectangles(30_000),
    "words_hidden_on_every_page": _hidden_everywhere,
    "page_of_no_size": lambda: _with_page(b"/CropBox[0 0 0 0]"),
    "page_upside_down": lambda: _with_page(b"/CropBox[612 792 0 0]"),
    "page_of_boundless_units": lambda: _with_page(b"/UserUnit 1e30"),
    "page_turned_a_little": lambda: _with_page(b"/Rotate 45"),
    "many_notes_on_a_page": lambda: _with_page(
        b"/Annots[" + b"6 0 R " * 100_000 + b"]",
        _6=b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(calc.exe)>>>>",
    ),
    "contents_many_times_over": lambda: _with_page(
        b"/Contents[" + b"4 0 R " * 50_000 + b"]"
    ),
    "contents_of_nothing": lambda: _with_page(b"/Contents[99 0 R null 3]"),
    "resources_of_itself": lambda: _with_resources(
        b"/XObject<</X 3 0 R>>/Font 3 0 R", b"/X Do " + WORDS
    ),
    "image_of_jpeg_rubbish": lambda: _image(
        b"/Width 9000/Height 9000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/DCTDecode",
        b"\xff\xd8\xff\xe0" + random.Random(8).randbytes(100_000),
    ),
    "image_of_jpeg2000_rubbish": lambda: _image(
        b"/Width 9/Height 9/Filter/JPXDecode", random.Random(9).randbytes(50_000)
    ),
    "image_of_fax_rubbish": lambda: _image(
        b"/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 1"
        b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 60000>>",
        random.Random(10).randbytes(50_000),
    ),
    "image_of_negative_size": lambda: _image(b"/Width -9/Height 2147483647"),
    "image_within_the_text": lambda: _packed(
        b"BI /W 60000 /H 60000 /CS /G /BPC 8 ID " + b"x" * 1000 + b" EI " + WORDS
    ),
    "names_in_a_circle": _names_in_a_circle,
    "attached_bomb": _attached_bomb,
    "armed": pdfs.armed,
    "file_from_elsewhere": lambda: one_page(
        b"<</Length 0/F(/etc/passwd)>>stream\n\nendstream"
    ),
    "negative_length": lambda: one_page(b"<</Length -5>>stream\nq Q\nendstream"),
    "stream_without_end": lambda: one_page(b"<</Length 9>>stream\nq Q"),
    "chain_of_a_thousand_tables": lambda: _incremental(1_000),
    "table_beyond_the_end": lambda: pdfs.few_words().replace(
        b"startxref\n", b"startxref\n9"
    ),
    "many_starts": lambda: pdfs.few_words() + b"startxref\n0\n%%EOF\n" * 100_000,
    "many_zeroes": lambda: pdfs.few_words() + bytes(10_000_000),
    "page_before_the_file": _polyglot,
    "archive_after_the_file": lambda: pdfs.few_words() + hostile.plain_zip(),
    "junk_before_the_file": lambda: b"x" * 5_000 + pdfs.few_words(),
    "picture_for_a_file": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "empty": lambda: b"",
    "broken_seal": lambda: raw_pdf(
        {1: CATALOGUE, 2: ONE_PAGE, 3: PAGE, 4: stream(WORDS)},
        b"/Encrypt<</Filter/Standard/V 5/R 6/O(x)/U(x)/P -1>>/ID[(a)(b)]",
    ),
    "sealed_old": _encrypted("secret", "RC4-128"),
    "sealed": _encrypted("secret", "AES-128"),
    "sealed_new": _encrypted("secret", "AES-256"),
    "sealed_for_editing": _encrypted("", "AES-256"),
    "cut_after_a_tenth": lambda: hostile.truncated(0.1),
    "cut_before_the_end": lambda: hostile.truncated(0.99),
}
ATTACKS: Mapping[str, Callable[[], bytes]] = {
    **hostile.FILES,
    "one_page_that_breaks": lambda: hostile.with_bomb(2),
    "three_pages_that_break": lambda: hostile.with_bomb(1, 2, 3),
    **MORE,
}

_HONEST = ("prose", "slides", "columns", "hebrew", "table", "turned")


@cache
def _honest() -> tuple[bytes, ...]:
    return (pdfs.prose(3), pdfs.slides(), *map(readings.built, _HONEST))


def mutated(seed: int) -> bytes:
    """An honest file spoilt in one of five ways, the same for the same number."""
    dice = random.Random(seed)
    data = bytearray(dice.choice(_honest()))
    ways = (_noise, _removal, _splice, _numbers, _cut)
    ways[seed % len(ways)](data, dice)
    return bytes(data)


def _noise(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((3, 30, 300))):
        data[dice.randrange(20, len(data))] = dice.randrange(256)


def _removal(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 6)):
        start = dice.randrange(20, len(data) - 400)
        del data[start : start + dice.randrange(1, 400)]


def _splice(data: bytearray, dice: random.Random) -> None:
    other = dice.choice(_honest())
    start = dice.randrange(len(other) - 2_000)
    place = dice.randrange(20, len(data))
    data[place:place] = other[start : start + dice.randrange(1, 2_000)]


def _numbers(data: bytearray, dice: random.Random) -> None:
    for found in list(re.finditer(rb"(?<=[ /\[])\d{1,6}(?=[ /\]>])", data))[::-1]:
        if dice.random() < 0.05:
            value = dice.choice((0, -1, 1, 65_536, 2**31 - 1, 10**12))
            data[found.start() : found.end()] = b"%d" % value


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(20, len(data)) :]
