"""Every variable that the product reads: its name, kind, default and meaning.

The settings read nothing that is not declared here, and take defaults from here;
docs/configuration.md is written from it by `manage.py document_settings`.
"""

from __future__ import annotations

from examgen.settings.declared.people import MAIL, PEOPLE
from examgen.settings.declared.places import DATABASE, STORE
from examgen.settings.declared.site import FIRST_RUN, SITE
from examgen.settings.declared.variable import Kind, Section, Variable
from examgen.settings.declared.work import CONTAINERS, TESTS, WORK

__all__ = ["DECLARED", "SECTIONS", "Kind", "Section", "Variable"]

SECTIONS: tuple[Section, ...] = (
    *(SITE, FIRST_RUN, DATABASE, STORE, PEOPLE, MAIL, WORK, CONTAINERS, TESTS),
)
DECLARED: dict[str, Variable] = {
    variable.name: variable for section in SECTIONS for variable in section.variables
}
