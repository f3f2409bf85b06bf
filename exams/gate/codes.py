"""Every code the gate can report, with the parameters its sentence may use.

Templates translate these; a test holds this list against what the rules yield.
"""

from __future__ import annotations

from typing import Final

# A question that breaks one of these never enters an exam.
HARD: Final[dict[str, tuple[str, ...]]] = {
    "no_correct_option": (),
    "several_correct_options": ("count",),
    "too_few_options": ("count",),
    "too_many_options": ("count", "at_most"),
    "option_empty": (),
    "option_ids_not_unique": ("text",),
    "options_not_distinct": ("text",),
    "no_accepted_answer": (),
    "number_not_finite": (),
    "tolerance_negative": (),
    "too_few_pairs": ("count",),
    "pairs_not_unique": ("text",),
    "too_few_items": ("count",),
    "items_not_unique": ("text",),
    "no_evidence": (),
    "evidence_page_missing": ("page",),
    "evidence_page_unreadable": ("page",),
    "evidence_not_verbatim": ("page",),
    "evidence_outside_text": ("page",),
    "evidence_wrong_role": ("page", "role"),
    "evidence_gives_orders": ("text",),
    "answer_unsupported": ("text",),
    "stem_empty": (),
    "stem_too_long": ("words", "at_most"),
    "refers_to_elsewhere": ("text",),
    "markup": ("text",),
    "control_characters": (),
    "brackets_unbalanced": ("text",),
    "catch_all_option": ("text",),
    "option_lengths_differ": ("longest", "shortest"),
    "option_case_leak": ("text",),
    "answer_in_stem": ("text",),
    "article_leak": ("text",),
}

# Those that speak of what a question cites, not of the question.
ABOUT_EVIDENCE: Final = frozenset(
    code for code in HARD if code.startswith("evidence_") or code == "no_evidence"
)

# Shown beside the question; the teacher decides.
SOFT: Final[dict[str, tuple[str, ...]]] = {
    "ambiguous_option": ("text",),
    "context_dependent": ("text",),
    "trivial_answer": ("text",),
    "negative_stem": ("text",),
    "absolute_word": ("text",),
    "key_longest": (),
    "number_stands_out": ("text",),
    "stem_long": ("words",),
    "addresses_model": ("text",),
}

# Only visible over a whole exam. The first three belong to a question, `other` being
# the id of its partner; the rest to the exam.
EXAM_WIDE: Final[dict[str, tuple[str, ...]]] = {
    "near_duplicate": ("other",),
    "same_sentence": ("other",),
    "answers_another": ("other",),
    "key_position_skew": ("position", "count", "total"),
    "true_false_skew": ("true", "total"),
    "key_often_longest": ("count", "total"),
}

# Those that name another question.
PAIRWISE: Final = frozenset(
    code for code, params in EXAM_WIDE.items() if "other" in params
)
