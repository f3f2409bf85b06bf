"""What every template and asset promises: no inline code, real icons, small files."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines

from examgen.settings.environment import BASE_DIR

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))
STATIC = BASE_DIR / "static"

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b", re.IGNORECASE),
    "script in a value": re.compile(r"""["'\s](?:js|javascript):""", re.IGNORECASE),
    "trigger filter": re.compile(r"hx-trigger=[\"'][^\"']*\["),
    "foreign host": re.compile(r"""(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE),
}
# Mail programs know no style sheets: what looks like ours there is written into tags.
IN_MAILS = {"style attribute"}
CSS_BUDGET = 40_000
JS_BUDGET = 60_000
EXAM_JS_BUDGET = 8_000
LONGEST_TEMPLATE = 150
LONGEST_LINE = 110


def named(path: Path) -> str:
    return str(path.relative_to(BASE_DIR / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_holds_no_code_and_stays_short(template: Path) -> None:
    text = template.read_text()

    found = {name for name, pattern in FORBIDDEN.items() if pattern.search(text)}

    assert found - (IN_MAILS if named(template).startswith("mail/") else set()) == set()
    assert len(text.splitlines()) <= LONGEST_TEMPLATE


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_has_lines_one_can_read(template: Path) -> None:
    lines = template.read_text().splitlines()

    assert [line for line in lines if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_compiles(template: Path) -> None:
    engines["django"].get_template(named(template))


def test_every_icon_is_in_the_sprite() -> None:
    sprite = set(
        re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text())
    )
    text = "\n".join(template.read_text() for template in TEMPLATES)
    used = set(re.findall(r"""{% icon ['"]([a-z-]+)['"]""", text))
    used |= set(re.findall(r"""icon_name=['"]([a-z-]+)['"]""", text))
    used |= set(re.findall(r"icons\.svg' %}#([a-z-]+)", text))

    assert used - sprite == set()


def test_chosen_and_automatic_dark_are_the_same() -> None:
    css = (STATIC / "css" / "tokens.css").read_text()
    chosen = re.search(r'\n\[data-bs-theme="dark"\] \{(.*?)\}', css, re.DOTALL)
    automatic = re.search(
        r'dark\) \{\s*\[data-bs-theme="auto"\] \{(.*?)\}', css, re.DOTALL
    )
    assert chosen is not None
    assert automatic is not None

    assert chosen[1].split() == automatic[1].split()

    admin = (STATIC / "css" / "office-dark.css").read_text()
    listed = re.search(r":root \{(.*?)\}", admin, re.DOTALL)
    assert listed is not None
    assert listed[1].split() == chosen[1].split()


def test_the_admin_has_no_colour_of_its_own() -> None:
    css = (STATIC / "css" / "office.css").read_text()
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s])|rgba?\(", css) == []
    known = (STATIC / "css" / "tokens.css").read_text()
    used = set(re.findall(r"var\((--eg-[a-z0-9-]+)\)", css))
    assert {name for name in used if f"{name}:" not in known} == set()


@pytest.mark.parametrize("direction", ["", ".rtl"])
@pytest.mark.parametrize(
    "own",
    [
        ["work"],
        ["lecture"],
        ["review"],
        ["account"],
        ["course"],
        ["exam"],
        ["start"],
        ["result"],
        ["notices"],
        ["public", "landing"],
        ["public", "account"],
    ],
    ids=" and ".join,
)
def test_style_sheets_of_a_page_stay_small(direction: str, own: list[str]) -> None:
    """The sheets that base.html links, and those of one kind of page."""
    names = [f"bootstrap{direction}.min", "tokens", "components", *own]

    assert sum(packed(f"css/{name}.css") for name in names) <= CSS_BUDGET


def test_scripts_stay_small() -> None:
    own = [f"js/{path.name}" for path in (STATIC / "js").glob("*.js")]

    assert packed("django_htmx/htmx-2.min.js") + sum(map(packed, own)) <= JS_BUDGET


def test_the_script_of_an_exam_page_stays_small() -> None:
    """It comes to phones in trains, and with nothing beside it."""
    own = [f"js/exam/{path.name}" for path in (STATIC / "js" / "exam").glob("*.js")]

    assert len(own) == 4
    assert sum(map(packed, own)) <= EXAM_JS_BUDGET


def packed(name: str) -> int:
    """Bytes that travel for one asset."""
    path = finders.find(name)
    assert path, f"{name} is nowhere"
    return len(gzip.compress(Path(path).read_bytes(), 9))
