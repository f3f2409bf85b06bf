"""Three lectures written for this project, so that every demo has something to read.

Their sources are the `.typ` files beside this module: a prose script, a deck of
slides, and a chapter with figures, tables, footnotes and references. Nothing here
knows Django; `build` gives the bytes of a PDF, and equal sources give equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import typst


@dataclass(frozen=True, slots=True)
class Sample:
    """One lecture: `name` asks for it, `file_name` is what its PDF is called."""

    name: str
    title: str
    file_name: str
    description: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        name="plant-cells",
        title="The Plant Cell",
        file_name="plant-cells.pdf",
        description="A prose script in biology: definitions, years and quantities.",
    ),
    Sample(
        name="computer-networks",
        title="Computer Networks",
        file_name="computer-networks.pdf",
        description="A deck of slides in computer science: terms, tables and code.",
    ),
    Sample(
        name="supply-and-demand",
        title="Supply and Demand",
        file_name="supply-and-demand.pdf",
        description="A chapter in economics: figures, tables, footnotes, references.",
    ),
)

_NAMES = frozenset(sample.name for sample in SAMPLES)


def source(name: str) -> bytes:
    """The typst source of a sample; `KeyError` for any name not in `SAMPLES`."""
    # The name becomes part of a path, so only the known ones get that far.
    if name not in _NAMES:
        raise KeyError(name)
    return resources.files(__name__).joinpath(f"{name}.typ").read_bytes()


def build(name: str) -> bytes:
    """The PDF of a sample, the same bytes on every machine and at every hour.

    The sources import no packages, so nothing is fetched, and the fonts are those
    inside the typst wheel.
    """
    return typst.compile(
        source(name),
        ignore_system_fonts=True,
        # The sources ask for no date; a fixed clock keeps it so should one ever do.
        timestamp=0,
    )
