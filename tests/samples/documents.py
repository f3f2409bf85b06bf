"""Short lectures of our own as documents, built the way the reader builds them.

A lecture is written as marked lines: `# ` a heading, `- ` a bullet, `| ` furniture,
`> ` a reference, `! ` code; everything else is a paragraph. `**term**` is bold.
A line `===` starts a new page.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from exams.reading.document import Block, Document, Page, PageKind, Role

_ROLES = {
    "# ": Role.HEADING,
    "- ": Role.BULLET,
    "| ": Role.FURNITURE,
    "> ": Role.REFERENCE,
    "! ": Role.CODE,
}
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def document(
    marked: str,
    *,
    title: str = "A lecture",
    language: str = "en",
    kind: PageKind = PageKind.PROSE,
) -> Document:
    pages = [
        _page(number, part, kind)
        for number, part in enumerate(marked.strip().split("\n===\n"), start=1)
    ]
    return Document(title=title, language=language, pages=tuple(pages))


def _page(number: int, marked: str, kind: PageKind) -> Page:
    text = ""
    blocks: list[Block] = []
    for line in marked.split("\n"):
        if not line.strip():
            continue
        role = _ROLES.get(line[:2], Role.PARAGRAPH)
        content = line[2:] if role is not Role.PARAGRAPH else line
        plain, bold = _without_marks(content, len(text))
        start = len(text)
        text += plain
        blocks.append(
            Block(order=len(blocks), role=role, start=start, end=len(text), bold=bold)
        )
        text += "\n"
    return Page(
        number=number,
        width=595,
        height=842,
        text=text,
        kind=kind,
        blocks=tuple(blocks),
    )


def _without_marks(line: str, offset: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    plain, bold, last = "", [], 0
    for found in _BOLD.finditer(line):
        plain += line[last : found.start()]
        start = offset + len(plain)
        plain += found.group(1)
        bold.append((start, offset + len(plain)))
        last = found.end()
    return plain + line[last:], tuple(bold)


def with_page(whole: Document, number: int, **changes: Any) -> Document:
    pages = tuple(
        replace(page, **changes) if page.number == number else page
        for page in whole.pages
    )
    return replace(whole, pages=pages)


RIVERS = document(
    """
| Rivers and their valleys 1
# How rivers begin
A spring is a place where groundwater comes to the surface of the land. Many rivers rise
A tributary is a stream that joins a larger river before it reaches the sea. A watershed is a ridge of high ground that separates the water of two rivers.
The point where a river begins is called its source. A river that dries up for part of the year is called an intermittent stream.
It carries water, sand and gravel all year long. See Figure 2 for a map of the valley.
===
| Rivers and their valleys 2
# How rivers shape the land
Erosion is a process that wears away rock and carries off the pieces. A meander is a wide bend that a slow river cuts into soft ground. A delta is a fan of mud and sand that builds up at the mouth of a river.
Rivers can leave behind curved lakes called oxbow lakes, which slowly fill with plants. A higher flow increases the amount of sand that the water can lift.
Over time sand and mud form flat ground beside the channel known as a floodplain.
===
| Rivers and their valleys 3
# Rivers and people
A weir is a low wall that raises the water level of a stream. A levee is a bank of earth that keeps a river inside its channel.
The Hollin Dam was built by the town of Marrow in 1907. The lower gate of the dam was closed in 1911.
In 1932, Edda Marlow described the slow growth of the delta in a long report. The first gauge was invented by Tomas Brandt. The drift of gravel was observed by Ines Calder in 1954. Pavel Oster proposed a new law for the width of bends.
> Marlow, E. A delta is a fan of mud and sand that people should read about. 1932.
""",
    title="Rivers and their valleys",
)

NETWORKS = document(
    """
# Addresses and names
- Packet: a small block of data with the address of its receiver
- Router - a device that passes packets from one network to the next
- Firewall: a filter that decides which packets may enter a network
- Bandwidth: the amount of data that a line can carry in one second
- Example: two computers in a room
# Protocols
- Protocol: a set of rules that two machines follow when they talk
- Latency: the time a packet needs from sender to receiver
""",
    title="Networks in one hour",
    kind=PageKind.SLIDE,
)

SPANISH = document(
    """
# El agua
El glaciar es una masa de hielo que baja despacio por un valle.
Se denomina acuífero a la capa de roca que guarda agua bajo el suelo.
La cuenca es una zona de tierra que lleva sus aguas a un mismo río.
El manantial es un lugar donde el agua sale de la tierra. Esto es un ejemplo de agua.
""",
    title="El agua dulce",
    language="es",
)
