"""One picture of text to words, by tesseract in a limited child process.

Drawing and recognising are two children: PDFium never meets tesseract, and neither
meets the site's code, environment or files.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from exams.reading.document import ReadingError
from exams.reading.limits import MEGABYTE, Limits
from exams.reading.process import Child
from exams.reading.recognition import Recognised, parse

DOTS_PER_INCH = 200


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program by its path, and the languages that it looks for (`eng+deu`)."""

    program: str
    languages: str = "eng"

    def recognise(self, path: Path, number: int, *, limits: Limits) -> Recognised:
        """What stands on page `number` of the PDF in `path`.

        A page that breaks either child has no words, and a trouble that says why.
        """
        try:
            png, dots = _drawn(path, number, limits)
            return self._recognised(png, dots, limits)
        except ReadingError as error:
            return Recognised(trouble=str(error.params.get("reason", error.code)))

    def _recognised(self, png: bytes, dots: int, limits: Limits) -> Recognised:
        # A letter costs a thousand times more here than in a page with text.
        roomy = replace(
            limits,
            max_bytes=len(png),
            cpu_seconds=limits.recognition_cpu_seconds,
            wall_seconds=limits.recognition_wall_seconds,
            output_bytes=8 * MEGABYTE,
        )
        with tempfile.NamedTemporaryFile(prefix="examgen-", suffix=".png") as file:
            file.write(png)
            file.flush()
            with Child(
                "recognise",
                Path(file.name),
                roomy,
                program=self.program,
                languages=self.languages,
                dots=dots,
            ) as child:
                return parse(child.lines(), most_characters=limits.page_characters)


def _drawn(path: Path, number: int, limits: Limits) -> tuple[bytes, int]:
    """The page as PNG, and its dots per inch, which are fewer on a giant page."""
    with Child("render", path, limits, numbers=[number], dots=DOTS_PER_INCH) as child:
        for message in child.messages():
            if "png" in message:
                return base64.b64decode(message["png"]), int(message["dots"])
    raise ReadingError("damaged")
