"""Facts about a file that PDFium does not tell. Runs in the child only (pypdf).

Nothing here decides whether a lecture can be read: a file whose outline is broken is
still a lecture, so each fact is asked for by itself and left out when it fails.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, Destination, DictionaryObject

_MOST_ENTRIES = 2_000
_LONGEST_TITLE = 300
_DEEPEST = 8
_TAIL = 1024


def answers(data: bytes, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        encrypted = reader.is_encrypted and not reader.decrypt("")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises whatever a broken file provokes
        yield {"facts": "none"}
        return
    if encrypted:
        yield {"facts": "none", "encrypted": True}
        return
    yield {"no_pages": has_no_pages(reader, data)}
    for name, fact in FACTS.items():
        try:
            yield {name: fact(reader, order)}
        except MemoryError:
            raise
        except RecursionError:
            continue
        except Exception:  # noqa: BLE001, S112 - see above: the fact is left out
            continue


def has_no_pages(reader: PdfReader, data: bytes) -> bool:
    """A whole file without pages, which PDFium cannot tell from a broken one."""
    try:
        pages = _dictionary(_dictionary(reader.trailer["/Root"]).get("/Pages"))
        kids = pages.get("/Kids")
        return b"%%EOF" in data[-_TAIL:] and kids is not None and not _array(kids)
    except Exception:  # noqa: BLE001 - see above
        return False


def title(reader: PdfReader, _order: dict[str, Any]) -> str:
    found = reader.metadata.title if reader.metadata else ""
    return str(found or "")[:_LONGEST_TITLE]


def flags(reader: PdfReader, order: dict[str, Any]) -> list[str]:
    root = reader.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    names = _dictionary(root.get("/Names"))
    found = set()
    if "/EmbeddedFiles" in names or "/AF" in root:
        found.add("attachments")
    if "/JavaScript" in names or "/AA" in root:
        found.add("javascript")
    if "/OpenAction" in root:
        found |= _action_flags(root["/OpenAction"])
    if "/AcroForm" in root:
        found.add("form")
    for page in list(reader.pages)[: order["max_pages"]]:
        if "/AA" in page:
            found.add("javascript")
        for annotation in list(_array(page.get("/Annots")))[:_MOST_ENTRIES]:
            entry = _dictionary(annotation)
            if entry.get("/Subtype") == "/FileAttachment":
                found.add("attachments")
            found |= _action_flags(entry.get("/A"))
    return sorted(found)


def _action_flags(value: Any) -> set[str]:
    action = _dictionary(value)
    kind = str(action.get("/S", ""))
    names = {"/JavaScript": "javascript", "/Launch": "launch"}
    # A plain "open at this page" is no action worth a word.
    return {names[kind]} if kind in names else set()


def outline(reader: PdfReader, _order: dict[str, Any]) -> list[list[Any]]:
    entries: list[list[Any]] = []

    def walk(nodes: list[Any], level: int) -> None:
        for node in nodes:
            if len(entries) >= _MOST_ENTRIES or level > _DEEPEST:
                return
            if isinstance(node, list):
                walk(node, level + 1)
            elif isinstance(node, Destination):
                number = reader.get_destination_page_number(node)
                name = str(node.title or "")[:_LONGEST_TITLE]
                if number is not None and number >= 0:
                    entries.append([level, name, number + 1])

    walk(reader.outline, 1)
    return entries


def labels(reader: PdfReader, order: dict[str, Any]) -> list[str]:
    root = reader.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    if "/PageLabels" not in root:
        return []
    return [str(label)[:20] for label in reader.page_labels[: order["max_pages"]]]


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> ArrayObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, ArrayObject) else ArrayObject()


FACTS: dict[str, Callable[[PdfReader, dict[str, Any]], Any]] = {
    "title": title,
    "flags": flags,
    "outline": outline,
    "labels": labels,
}
