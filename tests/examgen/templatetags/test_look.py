"""Markup that stands on every page."""

from __future__ import annotations

import re

from django.template import engines

from examgen.templatetags.look import qr

LINK = "https://exams.example.org/join/K7PM4XWD/"


def test_a_link_becomes_a_picture_without_style_and_script() -> None:
    svg = qr(LINK)
    assert re.fullmatch(r'<svg viewBox="[\d ]+" class="eg-qr">.*</svg>', svg, re.DOTALL)
    assert "style" not in svg
    assert "script" not in svg
    assert len(svg) < 3000


def test_a_link_with_marks_of_html_cannot_leave_its_picture() -> None:
    svg = qr('"><script>alert(1)</script>')
    assert svg.count("<") == svg.count(">") == 3
    assert "alert" not in svg


def test_every_template_draws_it_without_loading_anything() -> None:
    template = engines["django"].from_string("{% qr link %}")
    assert template.render({"link": LINK}) == qr(LINK)


def test_another_link_is_another_picture() -> None:
    assert qr(LINK) != qr(LINK.replace("K7PM", "K7PN"))
    assert qr(LINK) == qr(LINK)
