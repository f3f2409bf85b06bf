"""What a lecture says is text on the sheet, in its list and in nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from exams.content import Evidence, Finding, Kind, Option, SingleChoice, TrueFalse
from exams.reading import Box
from tests.factories import exams
from tests.laboratory import listing, rates, sheet
from tests.laboratory.measuring import Answer, Asked, Measured, _key, answers

EVIL = "</script><img src=x onerror=alert(1)>\"'{{ 7 }}"


def lecture() -> Measured:
    """One question on page 2, in which everything that can be evil is."""
    question = exams.question(
        Kind.SINGLE_CHOICE,
        stem=EVIL,
        topic=EVIL,
        body=SingleChoice((Option("a", EVIL, correct=True), Option("b", "no"))),
        evidence=(Evidence(2, 0, len(EVIL), EVIL),),
        warnings=(Finding("key_longest"),),
    )
    asked = Asked(
        key="0123456789ab",
        number=1,
        maker="definition",
        question=question,
        answers=tuple(answers(question.body)),
        boxes={2: [Box(0.1, 0.2, 0.6, 0.25)]},
    )
    return Measured(
        name=EVIL,
        language="en",
        engine="offline",
        version="2",
        texts={1: "One.", 2: EVIL},
        sizes={1: (100.0, 200.0), 2: (100.0, 200.0)},
        asked=(asked,),
    )


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_the_sheet_shows_a_question_beside_its_lit_page() -> None:
    one = lecture()
    page = sheet.page("tuning", [(one, sheet.sheets(one, {2: b"picture"}))])
    tags = Tags(page)
    (article,) = tags.all("article")
    # The columns of what is saved stand on the question, but for the rater's own.
    own = {"verdict", "note"}
    assert {f"data-{name}" for name in rates.COLUMNS if name not in own} <= set(article)
    assert (article["data-lecture"], article["data-page"]) == (EVIL, "2")
    assert article["data-engine"] == "offline 2"
    (lit,) = tags.all("rect")
    assert lit == {
        "data-for": "0123456789ab",
        "x": "10.0",
        "y": "40.0",
        "width": "50.0",
        "height": "10.0",
    }
    (picture,) = tags.all("image")
    assert picture["href"] == "data:image/webp;base64,cGljdHVyZQ=="
    radios = [one["value"] for one in tags.all("input") if one["type"] == "radio"]
    assert radios == ["keep", "edit", "reject"]
    assert "0 of 1 rated" in tags.text
    # It works without a network: nothing in it names another place.
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []


def test_what_a_lecture_says_is_never_markup() -> None:
    one = lecture()
    tags = Tags(sheet.page(EVIL, [(one, sheet.sheets(one, {2: b""}))]))
    assert tags.all("img") == []
    assert len(tags.all("script")) == 1
    # Title twice; lecture, stem, topic, option, quote and the text of its page.
    assert tags.text.count(EVIL) == 8


def test_a_lecture_that_was_not_read_is_named_with_the_reason() -> None:
    page = sheet.page("x", [(Measured(name="locked", refused="encrypted"), [])])
    assert "Not read: encrypted." in Tags(page).text


def test_lists_say_the_same_as_the_sheet() -> None:
    one = lecture()
    (read,) = json.loads(listing.as_json([one]))
    (question,) = read["questions"]
    assert read["pages"] == {"1": "One.", "2": EVIL}
    assert question["answers"][0] == {"text": EVIL, "correct": True}
    assert question["evidence"] == [{"page": 2, "quote": EVIL}]
    assert listing.as_text([one]).splitlines()[2:6] == [
        f"1. [single_choice, definition] {EVIL}",
        f"   * A {EVIL}",
        "     B no",
        f"   page 2: {EVIL}",
    ]


def test_a_question_keeps_its_name_when_labels_and_order_change() -> None:
    one = exams.question(Kind.SINGLE_CHOICE)
    turned = SingleChoice(one.body.options[::-1])
    same = replace(one, id="q9", topic="another", body=turned)
    other = replace(one, stem="Which else?")
    assert _key("a", one) == _key("a", same)
    assert len({_key("a", one), _key("b", one), _key("a", other)}) == 3


def test_every_kind_has_lines_that_show_its_key() -> None:
    assert answers(TrueFalse(correct=False)) == [
        Answer("True", correct=False),
        Answer("False", correct=True),
    ]
    for kind in Kind:
        lines = answers(exams.question(kind).body)
        assert any(line.correct for line in lines), kind
