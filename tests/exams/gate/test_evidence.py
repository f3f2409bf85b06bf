from __future__ import annotations

from decimal import Decimal

import pytest

from exams.content import Evidence, Finding, Numeric, ShortAnswer, TrueFalse
from exams.gate import check
from tests.samples.documents import with_page
from tests.samples.questions import PAGE, SENTENCE, choice, evidence_of, question

GOOD = evidence_of(SENTENCE)


def found(evidence: tuple[Evidence, ...], whole=PAGE) -> list[Finding]:
    return list(check(question(evidence=evidence), whole).hard)


def test_a_verbatim_sentence_passes():
    assert found((GOOD,)) == []


def test_no_evidence_is_blocked():
    assert found(()) == [Finding("no_evidence")]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(1, GOOD.start, GOOD.end, SENTENCE.replace("wide", "tiny")),
        Evidence(1, GOOD.start + 1, GOOD.end + 1, SENTENCE),
        Evidence(1, GOOD.start, GOOD.end + 10_000, SENTENCE),
        Evidence(1, -len(SENTENCE), -1, SENTENCE[:-1]),
        Evidence(1, 5, 5, ""),
    ],
)
def test_anything_but_the_pages_own_words_is_blocked(evidence):
    codes = [finding.code for finding in found((evidence,))]
    assert "evidence_not_verbatim" in codes


def test_a_page_that_does_not_exist_is_blocked():
    evidence = Evidence(9, GOOD.start, GOOD.end, SENTENCE)
    assert found((evidence,)) == [Finding("evidence_page_missing", {"page": 9})]


def test_a_scanned_page_is_no_evidence():
    scanned = with_page(PAGE, 1, scan=True)
    assert found((GOOD,), scanned) == [Finding("evidence_page_unreadable", {"page": 1})]


@pytest.mark.parametrize(
    ("quote", "role"),
    [("River course 1", "furniture"), ("Marlow, E. Deltas of the north.", "reference")],
)
def test_furniture_and_references_are_no_evidence(quote, role):
    finding = Finding("evidence_wrong_role", {"page": 1, "role": role})
    assert finding in found((evidence_of(quote),))


def test_text_outside_every_block_is_no_evidence():
    bare = with_page(PAGE, 1, blocks=())
    assert found((GOOD,), bare) == [Finding("evidence_outside_text", {"page": 1})]


def test_one_false_quote_among_true_ones_is_enough():
    false = Evidence(1, 0, 3, "xyz")
    assert found((GOOD, false)) == [Finding("evidence_not_verbatim", {"page": 1})]


def test_a_key_the_quote_does_not_hold_is_blocked():
    spoilt = question(body=choice("Glacier", "Levee", "Spring"))
    assert check(spoilt, PAGE).hard == (
        Finding("answer_unsupported", {"text": "Glacier"}),
    )


def test_one_accepted_form_in_the_quote_is_enough():
    spoilt = question("short_answer", body=ShortAnswer(("meander", "river loop")))
    assert check(spoilt, PAGE).hard == ()


def test_a_number_is_not_found_inside_another():
    spoilt = question("numeric", body=Numeric(Decimal(1)))
    assert check(spoilt, PAGE).hard == (Finding("answer_unsupported", {"text": "1"}),)


def test_a_false_statement_needs_no_support_but_a_true_one_does():
    glaciers = "Glaciers melt quickly under volcanic ash."
    true, false = TrueFalse(correct=True), TrueFalse(correct=False)
    assert not check(question("true_false", stem=glaciers, body=true), PAGE).passed
    assert check(question("true_false", stem=glaciers, body=false), PAGE).passed
