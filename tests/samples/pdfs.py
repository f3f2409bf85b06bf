"""PDFs built by code, as bytes: the lectures that tests read.

Each function draws one kind of file. Nothing is random and nothing carries a date, so
the same call always gives the same bytes. The texts are this project's own.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

SLIDE = (960.0, 540.0)
LEADING = 15.0
BODY = 11.0

PARAGRAPHS = (
    (
        "A leaf is a small factory that runs on light. Its cells hold green grains called "
        "chloroplasts, and in each of them a pigment named chlorophyll catches red and "
        "blue light. The energy splits water into oxygen, which leaves the plant, and "
        "hydrogen, which stays behind. Photosynthesis stores the energy of sunlight in the "
        "bonds of sugar."
    ),
    (
        "The process runs in two stages. The light reactions take place in the thylakoid "
        "membranes and produce two carriers of energy, ATP and NADPH. The Calvin cycle "
        "takes place in the stroma and uses both carriers to build sugar from carbon "
        "dioxide. Neither stage can run for long without the other."
    ),
    (
        "Three factors limit the rate of photosynthesis: the strength of the light, the "
        "amount of carbon dioxide and the temperature. When the light is weak, more carbon "
        "dioxide changes nothing, because too little energy arrives. Above about forty "
        "degrees the enzymes of the Calvin cycle lose their shape and the rate falls."
    ),
    (
        "Gas enters and leaves a leaf through pores called stomata. Two guard cells "
        "surround each pore and open it when they swell with water. On a hot and dry day "
        "the stomata close to save water, which also shuts out carbon dioxide. Plants of "
        "the desert therefore open their stomata at night and store the gas as an acid."
    ),
)
SENTENCE = "Photosynthesis stores the energy of sunlight in the bonds of sugar."
SENTENCE_ON_TWO_LINES = (
    "The energy splits water into oxygen, which leaves the plant, and hydrogen, which "
    "stays behind."
)

SLIDES = (
    (
        "What a leaf needs",
        (
            "Light that the pigment chlorophyll can catch in its membranes",
            "Water that the roots draw from the soil and send upwards",
            "Carbon dioxide that enters through pores called stomata",
        ),
    ),
    (
        "Two stages of one process",
        (
            "The light reactions produce the energy carriers ATP and NADPH",
            "The Calvin cycle builds sugar from carbon dioxide and hydrogen",
            "Each stage hands the other one what it has used up",
        ),
    ),
    (
        "What limits the rate",
        (
            "Weak light leaves the enzymes of the Calvin cycle without energy",
            "Little carbon dioxide leaves the carriers of energy unused",
            "Great heat makes the enzymes lose their shape and stop working",
        ),
    ),
    (
        "Colours of a leaf",
        (
            "Chlorophyll takes in red and blue light and sends green light back",
            "Carotene takes in blue light and looks orange in the autumn",
            "Leaves turn yellow when the plant takes its chlorophyll apart",
        ),
    ),
    (
        "Life on a dry day",
        (
            "Guard cells lose water and close the pores of the leaf",
            "Closed pores save water but shut out carbon dioxide as well",
            "Desert plants open at night and store the gas as an acid",
        ),
    ),
)

Draw = Callable[[Canvas], None]


def drawn(*pages: Draw, size: tuple[float, float] = A4, title: str = "") -> bytes:
    """A PDF with one page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    if title:
        canvas.setTitle(title)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def put_text(
    canvas: Canvas,
    text: str,
    left: float,
    top: float,
    *,
    width: float = 440.0,
    font: str = "Helvetica",
    size: float = BODY,
    leading: float = LEADING,
) -> float:
    """Draws a paragraph; the answer is where the next line would stand."""
    canvas.setFont(font, size)
    for line in wrapped(text, width, font, size):
        canvas.drawString(left, top, line)
        top -= leading
    return top


def prose(pages: int = 2, *, size: tuple[float, float] = A4) -> bytes:
    """A text with a title, headings, paragraphs, running head and page numbers."""

    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            top = size[1] - 100
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, size[1] - 40, "Botany for beginners")
            canvas.drawCentredString(size[0] / 2, 40, str(number))
            if number == 1:
                canvas.setFont("Helvetica-Bold", 22)
                canvas.drawString(72, top, "How plants eat light")
                top -= 40
            for index, paragraph in enumerate(PARAGRAPHS):
                if index % 2 == 0:
                    canvas.setFont("Helvetica-Bold", 14)
                    canvas.drawString(72, top, f"Part {2 * number + index // 2 - 1}")
                    top -= 24
                top = put_text(canvas, paragraph, 72, top) - 9
            # Every page must differ, or a click-through deck would look the same.
            canvas.setFont("Helvetica", BODY)
            canvas.drawString(
                72, top, f"This was lesson number {number} of the course."
            )

        return draw

    return drawn(*map(page, range(1, pages + 1)), size=size)


def slides(repeats: int = 1) -> bytes:
    """Slides with a title drawn last, bullets on two levels, and a footer."""

    def page(title: str, bullets: Sequence[str], number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            top = 380.0
            for index, bullet in enumerate(bullets):
                left = 80.0 if index != 1 else 120.0
                canvas.setFont("Helvetica", 20)
                canvas.drawString(left, top, "\u2022")
                canvas.drawString(left + 24, top, bullet)
                top -= 48
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, 24, "Botany, first lecture")
            canvas.drawRightString(900, 24, f"{number} / {len(SLIDES) * repeats}")
            canvas.setFont("Helvetica-Bold", 34)
            canvas.drawString(60, 470, title)

        return draw

    decks = [
        page(title if not turn else f"{title} ({turn})", bullets, index + 1)
        for turn in range(repeats)
        for index, (title, bullets) in enumerate(SLIDES)
    ]
    return drawn(*decks, size=SLIDE)


def click_through() -> bytes:
    """Each slide printed once per click: one bullet, two bullets, three bullets."""

    def page(title: str, bullets: Sequence[str], number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica-Bold", 34)
            canvas.drawString(60, 470, title)
            canvas.setFont("Helvetica", 20)
            for index, bullet in enumerate(bullets):
                canvas.drawString(80, 380 - 48 * index, f"\u2022 {bullet}")
            canvas.setFont("Helvetica", 10)
            canvas.drawRightString(900, 24, str(number))

        return draw

    steps = [
        (title, bullets[:shown])
        for title, bullets in SLIDES
        for shown in range(1, len(bullets) + 1)
    ]
    return drawn(
        *(page(title, shown, index + 1) for index, (title, shown) in enumerate(steps)),
        size=SLIDE,
    )


def two_columns(*, drawn_by_rows: bool = False) -> bytes:
    """A title over two columns; `drawn_by_rows` lists the lines of both in turn."""
    halves = (" ".join(PARAGRAPHS[:2]), " ".join(PARAGRAPHS[2:]))
    columns = [wrapped(half, 215, "Times-Roman", BODY) for half in halves]
    spots = [
        (72.0 + 235 * side, 700 - 13 * row, line)
        for side, lines in enumerate(columns)
        for row, line in enumerate(lines)
    ]
    if drawn_by_rows:
        spots.sort(key=lambda spot: (-spot[1], spot[0]))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 18)
        canvas.drawString(72, 750, "Light and leaves")
        canvas.setFont("Times-Roman", BODY)
        for left, top, line in spots:
            canvas.drawString(left, top, line)

    return drawn(draw)


def hyphenated() -> bytes:
    """Two words broken at line ends, one of them a compound with its own hyphen."""

    def draw(canvas: Canvas) -> None:
        top = put_text(canvas, " ".join(PARAGRAPHS), 72, 760) - 20
        canvas.setFont("Helvetica", BODY)
        for line in (
            "The well-known botanist described how the photosyn-",
            "thesis of a leaf depends on light, and this is a well-",
            "known result that every student of the course must learn.",
        ):
            canvas.drawString(72, top, line)
            top -= LEADING

    return drawn(draw)


def hidden_text() -> bytes:
    """Prose with five lines that nobody sees, each containing "INVISIBLE"."""

    def draw(canvas: Canvas) -> None:
        top = 760.0
        for paragraph in PARAGRAPHS:
            top = put_text(canvas, paragraph, 72, top) - 9
        canvas.setFont("Helvetica", 11)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 300, "INVISIBLE white words")
        canvas.setFillColorRGB(0, 0, 0)
        canvas.saveState()  # the mode would hold for all that follows
        text = canvas.beginText(72, 280)
        text.setTextRenderMode(3)
        text.textOut("INVISIBLE mode words")
        canvas.drawText(text)
        canvas.restoreState()
        canvas.setFont("Helvetica", 1)
        canvas.drawString(72, 260, "INVISIBLE tiny words")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, -40, "INVISIBLE words below the page")
        # White letters on a dark bar are not hidden.
        canvas.setFillColorRGB(0.1, 0.2, 0.4)
        canvas.rect(60, 180, 400, 40, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 195, "Everyone sees these words on the bar.")
        # But on a white bar they are.
        canvas.rect(60, 120, 400, 40, stroke=0, fill=1)
        canvas.drawString(72, 135, "INVISIBLE words on a white bar")

    return drawn(draw)


def dark_slides(*, backdrop: str = "black") -> bytes:
    """White text over a picture that fills the page."""
    picture = ImageReader(Image.new("RGB", (64, 36), backdrop))

    def page(title: str, bullets: Sequence[str]) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.drawImage(picture, 0, 0, *SLIDE)
            canvas.setFillColorRGB(1, 1, 1)
            canvas.setFont("Helvetica-Bold", 34)
            canvas.drawString(60, 470, title)
            canvas.setFont("Helvetica", 20)
            for index, bullet in enumerate(bullets):
                canvas.drawString(80, 380 - 48 * index, f"\u2022 {bullet}")
            put_text(canvas, PARAGRAPHS[0], 80, 200, width=800, size=16, leading=22)

        return draw

    return drawn(*(page(*slide) for slide in SLIDES), size=SLIDE)


def rotated(degrees: int, *, offset: float = 0.0) -> bytes:
    """Prose whose pages carry `/Rotate`, with a crop box that starts off zero."""
    writer = PdfWriter(clone_from=io.BytesIO(prose(1)))
    page = writer.pages[0]
    if offset:
        page.cropbox.lower_left = (offset, offset)
    if degrees:
        page.rotate(degrees)
    return _written(writer)


def sideways() -> bytes:
    """Lines set at a right angle on an upright page, without `/Rotate`."""

    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        top = -80.0
        for paragraph in PARAGRAPHS:
            top = put_text(canvas, paragraph, 72, top, width=640) - 9

    return drawn(draw)


def scan(pages: int = 3) -> bytes:
    """Pictures of text, as a scanner makes them."""
    return drawn(*[_scanned] * pages)


def _scanned(canvas: Canvas) -> None:
    picture = Image.new("L", (620, 877), 250)
    pen = ImageDraw.Draw(picture)
    for row in range(40):
        pen.line((60, 60 + 18 * row, 520, 60 + 18 * row), fill=30, width=4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)


def mixed_scan() -> bytes:
    """A text of two pages with a scanned page between them."""
    writer = PdfWriter()
    readable = PdfReader(io.BytesIO(prose(2)))
    writer.add_page(readable.pages[0])
    writer.add_page(PdfReader(io.BytesIO(scan(1))).pages[0])
    writer.add_page(readable.pages[1])
    return _written(writer)


def searchable_scan() -> bytes:
    """A scan with recognised text laid invisibly over it."""

    def draw(canvas: Canvas) -> None:
        _scanned(canvas)
        top = 780.0
        for line in wrapped(" ".join(PARAGRAPHS), 440, "Helvetica", BODY):
            text = canvas.beginText(72, top)
            text.setFont("Helvetica", BODY)
            text.setTextRenderMode(3)
            text.textOut(line)
            canvas.drawText(text)
            top -= LEADING

    return drawn(draw)


def code_and_table() -> bytes:
    """Prose with a listing and a table of three columns."""
    listing = ("def area(radius):", "    half = radius / 2", "    return half")
    table = (
        ("Pigment", "Colour", "Share"),
        ("Chlorophyll a", "green", "60"),
        ("Chlorophyll b", "olive", "25"),
        ("Carotene", "orange", "15"),
    )

    def draw(canvas: Canvas) -> None:
        top = put_text(canvas, PARAGRAPHS[0], 72, 760) - 12
        canvas.setFont("Courier", 10)
        for line in listing:
            indent = len(line) - len(line.lstrip())
            canvas.drawString(72 + 6 * indent, top, line.lstrip())
            top -= 13
        top = put_text(canvas, PARAGRAPHS[1], 72, top - 12) - 12
        canvas.setFont("Helvetica", BODY)
        for row in table:
            for left, cell in zip((72, 220, 340), row, strict=True):
                canvas.drawString(left, top, cell)
            top -= 16
        put_text(canvas, " ".join(PARAGRAPHS[2:]), 72, top - 12)

    return drawn(draw)


def references() -> bytes:
    """Prose that ends with a list of references."""
    entries = (
        "[1] A. Green, The leaf as a factory, Meadow Press, 1998.",
        "[2] B. Brown, Pores and water, Journal of Dry Plants 12, 2004.",
        "[3] C. Black, Carriers of energy, Light Letters 7, 2011.",
    )

    def draw(canvas: Canvas) -> None:
        top = 760.0
        for paragraph in PARAGRAPHS:
            top = put_text(canvas, paragraph, 72, top) - 9
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, top - 12, "References")
        top -= 36
        for entry in entries:
            top = put_text(canvas, entry, 72, top) - 4

    return drawn(draw)


def titled(title: str) -> bytes:
    """Prose with a title in its metadata, an outline and page labels."""
    writer = PdfWriter(clone_from=io.BytesIO(prose(3)))
    writer.add_metadata({"/Title": title})
    part = writer.add_outline_item(title="Light", page_number=0)
    writer.add_outline_item(title="Pigments", page_number=1, parent=part)
    writer.add_outline_item(title="Water", page_number=2)
    writer.set_page_label(0, 0, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(1, 2, style=PageLabelStyle.DECIMAL, start=1)
    return _written(writer)


def armed() -> bytes:
    """Prose with a script that runs on opening and an attachment with a path."""
    writer = PdfWriter(clone_from=io.BytesIO(prose(2)))
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.alert('hello');"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("../../evil.exe", b"MZ not really")
    return _written(writer)


def encrypted(user: str = "secret", owner: str = "owner") -> bytes:
    """Needs a password, unless `user` is empty: then only editing needs one."""
    writer = PdfWriter(clone_from=io.BytesIO(prose(2)))
    writer.encrypt(user, owner, algorithm="AES-128")
    return _written(writer)


def few_words() -> bytes:
    return drawn(lambda canvas: canvas.drawString(72, 700, "Only these five words."))


def blank(pages: int = 1) -> bytes:
    return drawn(*[lambda canvas: canvas.line(0, 0, 1, 1)] * pages)


def many_pages(pages: int) -> bytes:
    """As many empty pages as wanted, quickly."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def dotted() -> bytes:
    """A slide as a browser prints it: the dots before its items are drawn shapes.

    Other small shapes stand far from words, beside the middle of a line, or are no dots.
    """

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 34)
        canvas.drawString(60, 470, "Loops")
        canvas.setFont("Helvetica", 20)
        for row, (left, item) in enumerate(DOTTED):
            canvas.drawString(left, 380 - 40 * row, item)
            canvas.circle(left - 20, 387 - 40 * row, 3.5, stroke=0, fill=1)
        canvas.drawString(60, 160, "No dot is before these plain words,")
        canvas.rect(34, 160, 16, 2, stroke=0, fill=1)
        canvas.drawString(60, 120, "and the next are far from one.")
        canvas.circle(5, 127, 3.5, stroke=0, fill=1)

    return drawn(draw, size=SLIDE)


DOTTED = (
    (80.0, "A loop repeats"),
    (120.0, "as often as it is told"),
    (120.0, "or until something happens"),
    (80.0, "A loop may never end"),
)
