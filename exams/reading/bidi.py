"""From where letters stand to the order in which they are read, right to left.

PDF files say where each letter stands and not which comes first. In a line that runs
from right to left, Latin words and numbers run the other way, and so do the marks
between them: this is the Unicode bidirectional algorithm (UAX #9), backwards.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_SPACE = 0.2
_WIDE = 1.8
_RIGHT_TO_LEFT = {"R", "AL"}
_STRONG = {"L", *_RIGHT_TO_LEFT}
_NUMBER = {"EN", "AN"}
_BESIDE_NUMBER = {"ET"}
_WITHIN_NUMBER = {"CS", "ES"}
_MIRRORED = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_OPENING = frozenset(_PAIRS.values())


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, the edges of its ink, where its pen began, its place in the file.

    `spaced` is whether the file leaves a space before it; None where it does not tell.
    The place is -1 for a space that no character made.
    """

    character: str
    left: float
    right: float
    origin: float = 0.0
    place: int = -1
    spaced: bool | None = False

    @property
    def kind(self) -> str:
        return unicodedata.bidirectional(self.character)


def leans_right_to_left(characters: str) -> bool:
    """Whether a page has more words that are read from the right than others."""
    first = [unicodedata.bidirectional(word[0]) for word in characters.split()]
    return sum(kind in _RIGHT_TO_LEFT for kind in first) >= first.count("L")


def is_right_to_left(glyphs: Sequence[Glyph], *, leaning: bool) -> bool:
    """Whether a line is read from the right: by its outer letters, if they agree.

    If they do not, it goes with the page, which is `leaning` that way or not.
    """
    strong = [glyph for glyph in glyphs if glyph.kind in _STRONG]
    if not any(glyph.kind in _RIGHT_TO_LEFT for glyph in strong):
        return False
    first = min(strong, key=lambda glyph: glyph.origin).kind in _RIGHT_TO_LEFT
    last = max(strong, key=lambda glyph: glyph.origin).kind in _RIGHT_TO_LEFT
    return first if first == last else leaning


def in_reading_order(glyphs: Sequence[Glyph], size: float) -> list[list[Glyph]]:
    """The glyphs of one line that is read from the right, with spaces where gaps are.

    They come in the order of the file, and go in as many parts as wide gaps leave.
    `size` is that of the type, in the unit of the edges.
    """
    origins = Counter(round(glyph.origin, 1) for glyph in glyphs)
    marks = [
        glyph
        for glyph in glyphs
        if glyph.kind == "NSM" and origins[round(glyph.origin, 1)] == 1
    ]
    bases = sorted((glyph for glyph in glyphs if glyph not in marks), key=_from_right)
    parts = [
        _with_brackets(_with_runs_turned(_with_spaces(part, glyphs, size)))
        for part in _parts(bases, size)
    ]
    for mark in marks:
        _insert(mark, parts)
    return parts


def _from_right(glyph: Glyph) -> tuple[float, bool, int]:
    """A ligature gives several characters at one place, last first."""
    return -round(glyph.origin, 1), glyph.character.isspace(), -glyph.place


def _parts(bases: Sequence[Glyph], size: float) -> list[list[Glyph]]:
    parts: list[list[Glyph]] = []
    edge = 0.0
    for glyph in bases:
        if glyph.character.isspace():
            if parts:
                parts[-1].append(glyph)
            continue
        if parts and edge - glyph.right <= _WIDE * size:
            parts[-1].append(glyph)
            edge = min(edge, glyph.left)
        else:
            parts.append([glyph])
            edge = glyph.left
    return parts


def _with_spaces(
    bases: Sequence[Glyph], glyphs: Sequence[Glyph], size: float
) -> list[Glyph]:
    """What the file says of spaces holds for characters that it lists in a row."""
    before = {glyph.place: glyph.spaced for glyph in glyphs}
    following = {one.place: other.place for one, other in pairwise(glyphs)}
    line: list[Glyph] = []
    for glyph in bases:
        if line and not (line[-1].character.isspace() or glyph.character.isspace()):
            first, second = sorted((line[-1].place, glyph.place))
            if following.get(first) == second:
                spaced = before[second]
            else:
                sides = {first, second, following.get(first), following.get(second)}
                known = all(before.get(side) is False for side in sides if side)
                spaced = False if known else None
            if spaced is None:
                spaced = line[-1].left - glyph.right > _SPACE * size
            if spaced:
                line.append(Glyph(" ", glyph.right, line[-1].left))
        line.append(glyph)
    return line


def _with_runs_turned(line: Sequence[Glyph]) -> list[Glyph]:
    """Stretches that are read from the left turned round: they stand reversed."""
    result: list[Glyph] = []
    visual = list(reversed(line))
    spans = _left_to_right_spans(visual)
    end = len(visual)
    for first, last in reversed(spans):
        result += reversed(visual[last:end])
        result += visual[first:last]
        end = first
    return result + list(reversed(visual[:end]))


def _left_to_right_spans(visual: Sequence[Glyph]) -> list[tuple[int, int]]:
    """From a letter or digit to the last one that belongs to it, as they are seen."""
    kinds = [glyph.kind for glyph in visual]
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(kinds):
        if kinds[start] != "L" and not _starts_number(kinds, start):
            start += 1
            continue
        end = start + 1
        letters = kinds[start] == "L"
        while (following := _next_strong(kinds, end)) is not None:
            between = kinds[end:following]
            joined = all(kind in _BESIDE_NUMBER for kind in between)
            if not (
                joined
                or letters
                or (len(between) == 1 and between[0] in _WITHIN_NUMBER)
            ):
                break
            letters = letters or kinds[following] == "L"
            end = following + 1
        while not letters and end < len(kinds) and kinds[end] in _BESIDE_NUMBER:
            end += 1
        if letters and _closes(visual[start:end], visual[end : end + 1]):
            end += 1
        spans.append((start, end))
        start = end
    return spans


def _closes(span: Sequence[Glyph], following: Sequence[Glyph]) -> bool:
    """Whether the next glyph is the other one of a pair of brackets in the span."""
    pairs = [_PAIRS.get(glyph.character, glyph.character) for glyph in span]
    return any(
        _PAIRS.get(glyph.character, glyph.character) in _OPENING
        and pairs.count(_PAIRS.get(glyph.character, glyph.character)) % 2 == 1
        for glyph in following
    )


def _starts_number(kinds: Sequence[str], start: int) -> bool:
    while start < len(kinds) and kinds[start] in _BESIDE_NUMBER:
        start += 1
    return start < len(kinds) and kinds[start] in _NUMBER


def _next_strong(kinds: Sequence[str], start: int) -> int | None:
    """The next letter or digit, unless one that is read from the right is nearer."""
    for place in range(start, len(kinds)):
        if kinds[place] == "L" or kinds[place] in _NUMBER:
            return place
        if kinds[place] in _RIGHT_TO_LEFT:
            return None
    return None


def _with_brackets(line: list[Glyph]) -> list[Glyph]:
    """Brackets that open before they close.

    A file may name the shape that is drawn or the character that is meant, which are
    each other's mirror in a line that is read from the right; so may PDFium.
    """
    if not _faults(line):
        return line
    mirrored = [_mirrored(glyph) if glyph.kind == "ON" else glyph for glyph in line]
    if not _faults(mirrored):
        return mirrored
    opened: Counter[str] = Counter()
    result: list[Glyph] = []
    for glyph in line:
        pair = _PAIRS.get(glyph.character, glyph.character)
        if pair in _OPENING:
            is_open = glyph.character == pair
            if is_open == bool(opened[pair]):
                glyph = _mirrored(glyph)  # noqa: PLW2901 - the same one, seen aright
            opened[pair] = 1 - opened[pair]
        result.append(glyph)
    return result


def _mirrored(glyph: Glyph) -> Glyph:
    return replace(glyph, character=glyph.character.translate(_MIRRORED))


def _faults(line: Sequence[Glyph]) -> int:
    """Brackets that close without having been opened, or the other way round."""
    faults = 0
    opened: list[str] = []
    for glyph in line:
        if glyph.character in _OPENING:
            opened.append(glyph.character)
        elif glyph.character in _PAIRS:
            if opened and opened[-1] == _PAIRS[glyph.character]:
                opened.pop()
            else:
                faults += 1
    return faults + len(opened)


def _insert(mark: Glyph, parts: Sequence[list[Glyph]]) -> None:
    """Put a vowel point after the letter that it stands above or below."""
    middle = (mark.left + mark.right) / 2

    def distance(spot: tuple[int, int]) -> tuple[float, float]:
        base = parts[spot[0]][spot[1]]
        outside = max(base.left - middle, middle - base.right, 0.0)
        return outside, abs((base.left + base.right) / 2 - middle)

    spots = [
        (number, place)
        for number, part in enumerate(parts)
        for place, glyph in enumerate(part)
        if glyph.place >= 0
    ]
    if spots:
        number, place = min(spots, key=distance)
        parts[number].insert(place + 1, mark)
