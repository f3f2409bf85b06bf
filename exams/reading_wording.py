"""What was read of a lecture and what was left out, in words.

Why a file is no lecture at all stands in `wording`.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why something on a page is not asked about.
LEFT_OUT: dict[str, Promise] = {
    "scan": _(
        "Pictures of text, of which nothing can be quoted. Run text recognition (OCR), "
        "then upload the new file."
    ),
    "untried": _("Pictures of text, not recognised yet. Read the lecture again."),
    "beyond": _(
        "Pictures of text, too many to recognise. Split the file, then upload its parts."
    ),
    "unsure": _(
        "Pictures of text, not recognised surely enough to quote it: less than 70 of 100. "
        "Scan them again, upright, straight and sharp, then upload the new file."
    ),
    "broke_off": _(
        "Pictures of text where recognition broke off. Scan them again, then upload them."
    ),
    "hidden": _("Hidden text, which nobody sees on the page."),
    "blank": _("Pages without text."),
    "build_up": _("Steps in which a slide is built up. Its last step is read."),
    "furniture": _("Headers, footers, and the numbers of pages and lines."),
    "reference": _("Lists of references."),
    "code": _("Code: read, but nothing is asked about it."),
    "table": _("Tables: read, but nothing is asked about them."),
    "caption": _("Captions: read, but nothing is asked about them."),
}

# What else a file holds.
FLAGS: dict[str, Promise] = {
    "javascript": _("The file holds scripts. They were not run."),
    "launch": _("The file wants to start a program. It was not started."),
    "attachments": _("Other files are attached. They were not opened."),
    "text_layer": _(
        "Its text was recognised from pictures, so there may be mistakes in it."
    ),
    "recognised": _(
        "The text of some pages was recognised from pictures, so there may be mistakes "
        "in it."
    ),
    "unreadable_pages": _("Some pages are damaged and were left out."),
    "not_inspected": _("Its contents, page names and attachments could not be told."),
}

# Why text recognition broke off on a page.
RECOGNITION_TROUBLES: dict[str, Promise] = {
    "time": _("Text recognition took too long"),
    "memory": _("Text recognition needed too much memory"),
    "output": _("Text recognition found too much"),
    "characters": _("Text recognition found too much"),
    "damaged": _("Text recognition could not open the picture"),
}

# What a part of a page is, where that is not plain.
ROLE_NOTES: dict[str, Promise] = {
    "title": _("Title"),
    "heading": _("Heading"),
    "code": _("Code"),
    "table": _("Table"),
    "caption": _("Caption"),
    "reference": _("Reference, left out"),
    "furniture": _("Header, footer or number, left out"),
}


def recognition_trouble(code: str) -> str:
    return str(RECOGNITION_TROUBLES.get(code, RECOGNITION_TROUBLES["damaged"]))
