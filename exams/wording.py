"""Codes in words: what readers, gate and engines report, said to people.

Every sentence says what happened, then what to do. A code without a sentence fails a
test, so nothing internal is ever shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from exams import content
from exams.content import Kind

KIND_NAMES: dict[Kind, Promise] = {
    Kind.SINGLE_CHOICE: _("Single choice"),
    Kind.MULTIPLE_CHOICE: _("Multiple choice"),
    Kind.TRUE_FALSE: _("True or false"),
    Kind.SHORT_ANSWER: _("Short answer"),
    Kind.NUMERIC: _("Number"),
    Kind.MATCHING: _("Matching"),
    Kind.ORDERING: _("Ordering"),
    Kind.ESSAY: _("Essay"),
}

DIFFICULTY_NAMES: dict[str, Promise] = {
    "easy": _("Easy"),
    "medium": _("Medium"),
    "hard": _("Hard"),
}

BLOOM_NAMES: dict[str, Promise] = {
    "remember": _("Remember"),
    "understand": _("Understand"),
    "apply": _("Apply"),
    "analyse": _("Analyse"),
    "evaluate": _("Evaluate"),
    "create": _("Create"),
}

STAGE_NAMES: dict[str, Promise] = {
    "stored": _("Stored"),
    "read": _("Read"),
    "drafted": _("Drafted"),
    "checked": _("Checked"),
    "ready": _("Ready"),
}

READING_PROBLEMS: dict[str, Promise] = {
    "too_large": _(
        "This file is larger than %(limit)s MB. Split it, or export it with smaller "
        "images."
    ),
    "empty": _("This file is empty. Export the lecture again, then upload it."),
    "not_pdf": _("This is not a PDF. Export the lecture as PDF, then upload that."),
    "encrypted": _(
        "This PDF asks for a password. Save a copy without one, then upload the copy."
    ),
    "damaged": _(
        "This PDF is incomplete or damaged. Export it again, then upload the new file."
    ),
    "no_pages": _("This PDF has no pages. Export the lecture again."),
    "too_many_pages": _(
        "This PDF has %(pages)s pages; at most %(limit)s can be read. Split it, or "
        "choose the pages that matter."
    ),
    "too_complex": _(
        "This PDF is too complex to be read safely. Print it to a new PDF, then "
        "upload that."
    ),
    "scanned": _(
        "This PDF holds pictures of text (pages: %(pages)s), so there is nothing to "
        "quote. Run text recognition (OCR), then upload the new file."
    ),
    "unsure_scans": _(
        "The text on the pictures in this PDF (pages: %(pages)s) could not be recognised "
        "surely enough to quote it. Scan them again, upright, straight and sharp, or "
        "upload a PDF with text."
    ),
    "recognition_broke_off": _(
        "Something went wrong on our side while recognising the text on pictures. Try "
        "again: what was recognised is kept. If it happens again, tell your "
        "administrator."
    ),
    "too_little_text": _(
        "This PDF has only %(words)s words; at least %(limit)s are needed to ask "
        "about them. Upload the full lecture."
    ),
    "internal": _(
        "Something went wrong on our side while reading this file. Try again; if it "
        "happens again, tell your administrator."
    ),
    "cancelled": _("You stopped this. Try again whenever you like."),
    "stopped": _("An administrator stopped this. You may try again."),
}

# What a file looks like when it is no PDF; each has its own cure.
NOT_PDF_KINDS: dict[str, Promise] = {
    "powerpoint": _(
        "This is a PowerPoint file. In PowerPoint choose “Export”, then “PDF”, and "
        "upload the PDF."
    ),
    "word": _(
        "This is a Word document. In Word choose “Save as”, then “PDF”, and upload "
        "the PDF."
    ),
    "keynote": _(
        "This is a Keynote file. In Keynote choose “Export to”, then “PDF”, and "
        "upload the PDF."
    ),
    "office": _(
        "This is an Office file. Open it, choose “Save as”, then “PDF”, and upload "
        "the PDF."
    ),
    "spreadsheet": _("This is a spreadsheet. Upload the lecture itself, as a PDF."),
    "book": _("This is an e-book. Convert it to PDF, then upload that."),
    "postscript": _("This is a PostScript file. Convert it to PDF, then upload that."),
    "archive": _("This is an archive. Unpack it, then upload the PDF inside."),
    "web page": _(
        "This is a web page. Print it and choose “Save as PDF”, then upload the PDF."
    ),
    "picture": _(
        "This is a picture, so there is nothing to quote. Upload the lecture as a "
        "PDF with text."
    ),
    "text": _("This is a text file. Save it as PDF, then upload that."),
}

EXAM_PROBLEMS: dict[str, Promise] = {
    "no_questions": _(
        "Not one question could be proved by a sentence of this lecture. Lectures "
        "with full sentences and definitions work best."
    ),
    "lecture_failed": _("The lecture could not be read."),
    "internal": _(
        "Something went wrong on our side while drafting. Try again; if it happens "
        "again, tell your administrator."
    ),
    "cancelled": _("You stopped this. Try again whenever you like."),
    "stopped": _("An administrator stopped this. You may try again."),
}

# What the gate found, hard and soft, in the words of somebody reading the question.
FINDINGS: dict[str, Promise] = {
    "evidence_lost": _(
        "The sentence it cites is no longer read on page %(page)s. Compare it with the "
        "page, or drop the question."
    ),
    "no_correct_option": _("No option is marked as right."),
    "several_correct_options": _(
        "%(count)s options are marked as right; a single choice has one."
    ),
    "too_few_options": _("At least two options are needed."),
    "too_many_options": _("At most %(at_most)s options are allowed."),
    "option_empty": _("An option is empty."),
    "option_ids_not_unique": _("Two options have the same name."),
    "options_not_distinct": _("Two options say the same: “%(text)s”."),
    "no_accepted_answer": _("At least one accepted answer is needed."),
    "number_not_finite": _("The answer must be a number."),
    "tolerance_negative": _("The tolerance cannot be negative."),
    "too_few_pairs": _("At least two pairs are needed."),
    "pairs_not_unique": _("“%(text)s” stands in two pairs."),
    "too_few_items": _("At least two things to order are needed."),
    "items_not_unique": _("“%(text)s” stands twice in the list."),
    "no_evidence": _("No sentence of the lecture proves this question."),
    "evidence_page_missing": _("The lecture has no page %(page)s."),
    "evidence_page_unreadable": _("Page %(page)s could not be read."),
    "evidence_not_verbatim": _("The quote does not stand word for word on its page."),
    "evidence_outside_text": _("The quote lies outside the text of page %(page)s."),
    "evidence_wrong_role": _("The quote is not part of the lecture's running text."),
    "evidence_gives_orders": _("“%(text)s” orders a machine about."),
    "answer_unsupported": _("The quoted sentence does not support “%(text)s”."),
    "stem_empty": _("The question has no words."),
    "stem_too_long": _(
        "The question has %(words)s words; more than %(at_most)s are hard to hold in "
        "mind."
    ),
    "refers_to_elsewhere": _(
        "“%(text)s” points to something the student does not see."
    ),
    "markup": _("“%(text)s” looks like a link or markup."),
    "control_characters": _("The text holds invisible control characters."),
    "brackets_unbalanced": _("A bracket is opened or closed without its partner."),
    "catch_all_option": _("“%(text)s” rewards guessing."),
    "option_lengths_differ": _("One option is much longer than another."),
    "option_case_leak": _("“%(text)s” stands out by its capital letters."),
    "answer_in_stem": _("“%(text)s” in the question gives the answer away."),
    "article_leak": _("“%(text)s” before the gap gives the answer away."),
    "ambiguous_option": _("“%(text)s” may be right as well."),
    "context_dependent": _("“%(text)s” is unclear without the text around it."),
    "trivial_answer": _("“%(text)s” can be guessed without the lecture."),
    "negative_stem": _("“%(text)s” makes this a negative question: easily misread."),
    "absolute_word": _("“%(text)s” hints at the answer: absolute words rarely hold."),
    "key_longest": _("The right option is the longest, which students notice."),
    "number_stands_out": _(
        "“%(text)s” stands out: it alone is a plural, or alone is none."
    ),
    "stem_long": _("The question is long: %(words)s words."),
    "addresses_model": _("“%(text)s” reads like an order to a machine."),
    "near_duplicate": _("Another question asks nearly the same."),
    "same_sentence": _("Another question is proved by the same sentence."),
    "answers_another": _("This question gives away the answer of another."),
    "key_position_skew": _(
        "The right option stands at %(position)s in %(count)s of %(total)s questions."
    ),
    "true_false_skew": _("%(true)s of %(total)s statements are true."),
    "key_often_longest": _(
        "The right option is the longest in %(count)s of %(total)s questions."
    ),
}

SHORTFALLS: dict[str, Promise] = {
    "too_few_sentences": ngettext_lazy(
        "Only %(count)s sentence of the lecture stands on its own. Slides often have "
        "few; a script has more.",
        "Only %(count)s sentences of the lecture stand on their own. Slides often have "
        "few; a script has more.",
        "count",
    ),
    "formulas": _("Much of the lecture is formulas, which this engine cannot read."),
    "much_code": _("Much of the lecture is code, about which little can be asked."),
    "too_few_definitions": ngettext_lazy(
        "Only %(count)s term is defined in the lecture.",
        "Only %(count)s terms are defined in the lecture.",
        "count",
    ),
    "no_distractors": ngettext_lazy(
        "For %(count)s question the lecture offers no good wrong answers.",
        "For %(count)s questions the lecture offers no good wrong answers.",
        "count",
    ),
    "language": _("In this language only a few kinds of question are safe."),
    "kind_not_offered": _("The engine does not write questions of kind %(kind)s."),
    "too_few_of_kind": _("%(kind)s: %(made)s of %(asked)s."),
    "scanned_pages": ngettext_lazy(
        "%(count)s page is a picture of text and was left out.",
        "%(count)s pages are pictures of text and were left out.",
        "count",
    ),
    "no_pages_in_range": _("The lecture has no pages %(first)s to %(last)s."),
    "duplicates": ngettext_lazy(
        "%(count)s draft asked the same as another and was left out.",
        "%(count)s drafts asked the same as another and were left out.",
        "count",
    ),
    "terms_asked": ngettext_lazy(
        "%(count)s draft asked for a term that is asked for already.",
        "%(count)s drafts asked for a term that is asked for already.",
        "count",
    ),
    "kinds_full": ngettext_lazy(
        "%(count)s draft was of a kind that the exam has enough of.",
        "%(count)s drafts were of a kind that the exam has enough of.",
        "count",
    ),
    "too_weak": ngettext_lazy(
        "%(count)s draft was too weak to be worth a student's time.",
        "%(count)s drafts were too weak to be worth a student's time.",
        "count",
    ),
    "already_asked": ngettext_lazy(
        "%(count)s sentence is already asked about.",
        "%(count)s sentences are already asked about.",
        "count",
    ),
    "hint_unmet": _(
        "No sentence that is fit to be asked about uses the words of your hint, "
        "“%(hint)s”. Hints are not understood: they are looked for in the lecture."
    ),
}
# "Only 0 terms" would be odd.
SHORTFALLS_OF_NONE: dict[str, Promise] = {
    "too_few_sentences": _(
        "No sentence of the lecture stands on its own. Slides often have none; a "
        "script has more."
    ),
    "too_few_definitions": _("No term is defined in the lecture."),
}
_REJECTED = "rejected_"


def reading_problem(code: str, params: Mapping[str, object]) -> str:
    """Say why a file is no lecture, and what helps."""
    if code == "not_pdf" and (kind := NOT_PDF_KINDS.get(str(params.get("kind")))):
        return str(kind)
    if code == "too_large":
        limit = int(str(params["limit"])) // (1024 * 1024)
        return say(READING_PROBLEMS[code], {"limit": limit})
    return say(READING_PROBLEMS.get(code, READING_PROBLEMS["internal"]), params)


def exam_problem(code: str) -> str:
    return str(EXAM_PROBLEMS.get(code, EXAM_PROBLEMS["internal"]))


def finding_words(code: str, params: Mapping[str, object]) -> str:
    return say(FINDINGS[code], params)


def shortfall_reason(code: str, params: Mapping[str, object]) -> str:
    """Say why questions are missing."""
    if code.startswith(_REJECTED):
        rule = say(FINDINGS[code.removeprefix(_REJECTED)], {})
        said = {"count": params.get("count", ""), "rule": rule}
        return gettext("%(count)s drafts did not pass a check: %(rule)s") % said
    if params.get("count") == 0 and code in SHORTFALLS_OF_NONE:
        return str(SHORTFALLS_OF_NONE[code])
    kind = params.get("kind")
    named = KIND_NAMES[Kind(str(kind))] if kind else ""
    return say(SHORTFALLS[code], {**params, "kind": named})


def content_problem(error: content.ContentError) -> str:
    """Say what is wrong with a question as typed into a form."""
    if error.code == "not_a_pair":
        return gettext("“%(line)s” is no pair: write its sides apart by “=”.") % (
            error.params
        )
    return finding_words(error.code, error.params)


class _Anything(dict[str, object]):
    """Fills a sentence as far as it can; what is not known becomes three dots."""

    def __missing__(self, _key: str) -> str:
        return "…"


def say(sentence: Promise, params: Mapping[str, object]) -> str:
    """Fill a sentence; where an older row lacks a parameter, three dots stand."""
    words: str = sentence % _Anything(params)
    return words
