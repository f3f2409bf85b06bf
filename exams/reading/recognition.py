"""What text recognition says of a picture, made into words with places. Pure.

Tesseract answers in TSV, a row for each block, line and word. Its input is a hostile
picture, so its answer is checked like any input. Boxes hug the ink of each word; type
sizes and even lines are told from them here, since all that follows reckons with those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from exams.reading.cleaning import clean
from exams.reading.document import ReadingError
from exams.reading.tokens import Rect, Sheet, Token

# Below this, of 100, too many words are wrong to quote a sentence.
LEAST_CONFIDENCE = 70

_COLUMNS = 12
_PAGE, _WORD = "1", "5"
# Shares of the type size that letters reach above and below the line they stand on.
_TALL, _LOW, _DEEP = 0.72, 0.5, 0.21
_DEEP_LETTERS = frozenset("gjpqyQ")
_LOW_LETTERS = frozenset("acegmnopqrsuvwxyz")
_ALIKE = 1.18
# What tesseract takes the dot before an item for, and how far that is from its words.
_DOTS = frozenset("e°¢©®@*«»oO.")
_DOT_APART = 0.4
_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word on a picture; box and `size` (of the type) are shares of the page.

    `left` and `right` are shares of its width, the others of its height. `opens` marks
    the first word of a line.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """What came of one picture: `confidence` is 0 to 100, weighted by letters.

    `trouble` says why there are no words: `time`, `memory`, `output`, `characters` or
    `damaged`.
    """

    confidence: int = 0
    words: tuple[SeenWord, ...] = ()
    trouble: str = ""

    @property
    def is_sure(self) -> bool:
        return bool(self.words) and self.confidence >= LEAST_CONFIDENCE

    def to_json(self) -> list[list[str | int]]:
        """The words for a row: text, four sides and size in ten-thousandths, opens."""
        return [
            [
                word.text,
                *(
                    round(share * _PLACES)
                    for share in (word.left, word.top, word.right, word.bottom)
                ),
                round(word.size * _PLACES),
                int(word.opens),
            ]
            for word in self.words
        ]

    @classmethod
    def of_row(
        cls, confidence: int, words: Iterable[Sequence[str | int]], trouble: str = ""
    ) -> Recognised:
        """The same from a row that `to_json` was kept in."""
        return cls(confidence, tuple(_of_row(row) for row in words), trouble)


def _of_row(row: Sequence[str | int]) -> SeenWord:
    text, *places, opens = row
    left, top, right, bottom, size = (int(place) / _PLACES for place in places)
    return SeenWord(str(text), left, top, right, bottom, size, opens=bool(opens))


def with_words(sheet: Sheet, seen: Recognised) -> Sheet:
    """The sheet of a picture with what was recognised on it, if that is sure enough."""
    if not seen.is_sure:
        return replace(sheet, confidence=seen.confidence, trouble=seen.trouble)
    return replace(
        sheet,
        tokens=tuple(_token(word, sheet) for word in seen.words),
        aside=(),
        turn=0,
        scan=False,
        confidence=seen.confidence,
    )


def _token(word: SeenWord, sheet: Sheet) -> Token:
    box = Rect(
        word.left * sheet.width,
        word.top * sheet.height,
        word.right * sheet.width,
        word.bottom * sheet.height,
    )
    gap = "\n" if word.opens else " "
    return Token(word.text, box, box, gap=gap, size=round(word.size * sheet.height, 1))


@dataclass(slots=True)
class _Ink:
    """A word as tesseract tells it: its box in pixels, and the line it stands in."""

    text: str
    rect: Rect
    confidence: float
    line: tuple[str, ...]
    size: float = 0.0

    @property
    def rise(self) -> float:
        return _LOW if _LOW_LETTERS.issuperset(self.text) else _TALL

    @property
    def drop(self) -> float:
        return _DEEP if not _DEEP_LETTERS.isdisjoint(self.text) else 0.0

    @property
    def tells_size(self) -> bool:
        return any(map(str.isalnum, self.text))

    @property
    def foot(self) -> float:
        """Where the line is that its letters stand on."""
        return self.rect.bottom - self.drop * self.size


def parse(lines: Iterable[bytes], *, most_characters: int = 50_000) -> Recognised:
    """Tesseract's TSV as words; raises ReadingError for what is none.

    Rows without letters are no words: they stand for the pictures on the picture.
    """
    width, height, words = _words_of(lines, most_characters)
    weight = sum(len(word.text) for word in words)
    if not words:
        return Recognised()
    sure = sum(word.confidence * len(word.text) for word in words) / weight
    rows = [list(row) for _, row in groupby(words, key=lambda word: word.line)]
    _measure(rows)
    return Recognised(
        confidence=int(sure),
        words=tuple(seen for row in rows for seen in _placed(row, width, height)),
    )


def _words_of(
    lines: Iterable[bytes], most_characters: int
) -> tuple[float, float, list[_Ink]]:
    width = height = 0.0
    room = most_characters
    words: list[_Ink] = []
    try:
        for number, line in enumerate(lines):
            cells = line.decode("utf-8", "replace").rstrip("\r").split("\t")
            if number == 0 or len(cells) != _COLUMNS:
                continue  # the heads of the columns, or a last line without an end
            level, *place, left, top, across, down, confidence, text = cells
            box = Rect(
                float(left),
                float(top),
                float(left) + int(across),
                float(top) + int(down),
            )
            if level == _PAGE:
                width, height = box.right, box.bottom
            text = clean(text)[0].strip()
            if level != _WORD or not text:
                continue
            room -= len(text)
            if room < 0:
                raise ReadingError("too_complex", reason="characters")
            sure = min(max(float(confidence), 0.0), 100.0)
            words.append(_Ink(text, box, sure, tuple(place[:4])))
    except ValueError as error:
        raise ReadingError("damaged") from error
    if width <= 0 or height <= 0:
        raise ReadingError("damaged")
    return width, height, words


def _measure(rows: Sequence[Sequence[_Ink]]) -> None:
    """Give every word the size of its line's type; sizes that are alike become one.

    What is set in one size comes out a little different from line to line, and would
    look like a heading here and there.
    """
    of_rows = [_size_of(row) for row in rows]
    weights = [sum(len(word.text) for word in row) for row in rows]
    order = sorted(range(len(rows)), key=of_rows.__getitem__)
    groups: list[list[int]] = []
    for place in order:
        if groups and of_rows[place] <= _ALIKE * of_rows[groups[-1][0]]:
            groups[-1].append(place)
        else:
            groups.append([place])
    for group in groups:
        size = median(of_rows[place] for place in group for _ in range(weights[place]))
        for place in group:
            for word in rows[place]:
                word.size = size


def _size_of(row: Sequence[_Ink]) -> float:
    telling = [word for word in row if word.tells_size] or row
    return median(
        word.rect.height / (word.rise + word.drop)
        for word in telling
        for _ in word.text
    )


def _placed(row: Sequence[_Ink], width: float, height: float) -> Iterator[SeenWord]:
    """Boxes as high as the type, each where its own letters stand: scans are crooked."""
    usual = median([word.foot for word in row if word.tells_size] or [row[0].foot])
    for index, word in enumerate(row):
        foot = word.foot if word.tells_size else usual
        yield SeenWord(
            text="•" if index == 0 and _is_dot(row) else word.text,
            left=_share(word.rect.left, width),
            top=_share(foot - _TALL * word.size, height),
            right=_share(word.rect.right, width),
            bottom=_share(foot + _DEEP * word.size, height),
            size=round(word.size / height, 4),
            opens=index == 0,
        )


def _is_dot(row: Sequence[_Ink]) -> bool:
    """Whether the first word is the mark of a list item, whatever it was read as."""
    if len(row) == 1 or row[0].text not in _DOTS:
        return False
    return row[1].rect.left - row[0].rect.right > _DOT_APART * row[0].size


def _share(pixels: float, whole: float) -> float:
    return round(min(max(pixels / whole, 0.0), 1.0), 4)
