"""Editing a question: what people type becomes the vocabulary of `content`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exams import content
from exams.generation.tags import LONGEST_TAG, MOST_TAGS
from exams.wording import (
    BLOOM_NAMES,
    DIFFICULTY_NAMES,
    content_problem,
    finding_words,
)


class QuestionForm(forms.Form):
    """Edits one question of any kind; `edited()` gives it back as content.

    Options are one text field each with the key beside it; lists (accepted answers,
    pairs, things in order) are one line each, so that no script is needed.
    """

    stem = forms.CharField(
        label=_("Question"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Shown to students with their result."),
    )
    points = forms.DecimalField(
        label=_("Points"),
        min_value=Decimal("0.25"),
        max_value=Decimal(100),
        decimal_places=2,
    )
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), choices=list(DIFFICULTY_NAMES.items())
    )
    bloom = forms.ChoiceField(
        label=_("Bloom level"),
        choices=list(BLOOM_NAMES.items()),
        help_text=_("What a student does to answer it."),
    )
    topic = forms.CharField(
        label=_("Topic"),
        max_length=200,
        required=False,
        help_text=_("The section or term that it is about."),
    )

    tags = forms.CharField(
        label=_("Tags"),
        max_length=MOST_TAGS * (LONGEST_TAG + 2),
        required=False,
        help_text=_("Terms of the lecture, up to five, with commas between."),
    )

    def __init__(self, data: Any = None, *, question: content.Question) -> None:
        self.question = question
        initial = {
            "stem": question.stem,
            "explanation": question.explanation,
            "points": _plain(question.points),
            "difficulty": question.difficulty.value,
            "bloom": question.bloom.value,
            "topic": question.topic,
            "tags": ", ".join(question.tags),
            **_body_initial(question.body),
        }
        super().__init__(data, initial=initial)
        body_fields = _body_fields(question.body)
        self.fields.update(body_fields)
        self.order_fields(["stem", *body_fields])
        self.of_body = list(body_fields)

    @property
    def option_fields(self) -> list[tuple[str, forms.BoundField, bool]]:
        """(id, text field, is it ticked as right) for kinds with options."""
        body = self.question.body
        if not isinstance(body, content.SingleChoice | content.MultipleChoice):
            return []
        ticked = set(self["correct"].value() or [])
        if isinstance(self["correct"].value(), str):
            ticked = {self["correct"].value()}
        return [
            (option.id, self[f"option_{option.id}"], option.id in ticked)
            for option in body.options
        ]

    def clean_tags(self) -> tuple[str, ...]:
        """Each once, in the order in which they were typed."""
        typed = [" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(",")]
        tags = tuple(dict.fromkeys(tag for tag in typed if tag))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(
                _("Use at most %(most)s tags of at most %(longest)s characters."),
                code="too_many_tags",
                params={"most": MOST_TAGS, "longest": LONGEST_TAG},
            )
        return tags

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self._edited = replace(
                    self.question,
                    stem=cleaned["stem"].strip(),
                    explanation=cleaned["explanation"].strip(),
                    points=cleaned["points"],
                    difficulty=content.Difficulty(cleaned["difficulty"]),
                    bloom=content.Bloom(cleaned["bloom"]),
                    topic=cleaned["topic"].strip(),
                    tags=cleaned["tags"],
                    body=_body_from(self.question.body, cleaned),
                )
            except content.ContentError as error:
                raise ValidationError(content_problem(error)) from error
            problems = content.body_problems(self._edited.body)
            if words := [finding_words(item.code, item.params) for item in problems]:
                raise ValidationError(words)
        return cleaned

    def add_findings(self, findings: Sequence[content.Finding]) -> None:
        """Say above the fields what the gate holds against what was typed."""
        for found in findings:
            words = finding_words(found.code, found.params)
            self.add_error(None, ValidationError(words, code=found.code))

    def edited(self) -> content.Question:
        return self._edited


# What a document can carry: `exams.formats` refuses longer texts and numbers.
_LONGEST = 20_000
_DIGITS, _PLACES = 30, 12


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _textarea(label: Any, help_text: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
    )


def _decimal(label: Any, **bounds: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=_DIGITS, decimal_places=_PLACES, **bounds
    )


def _plain(number: Decimal) -> str:
    """A number as people write it: 10, not 1E+1 or 10.00."""
    return f"{number.normalize():f}"


def _body_fields(body: content.Body) -> dict[str, forms.Field]:  # noqa: PLR0911
    match body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            several = isinstance(body, content.MultipleChoice)
            choices = [(option.id, option.id) for option in options]
            correct: forms.Field = (
                forms.MultipleChoiceField(label=_("Right options"), choices=choices)
                if several
                else forms.ChoiceField(label=_("Right option"), choices=choices)
            )
            texts: dict[str, forms.Field] = {
                f"option_{option.id}": forms.CharField(
                    label=_("Option %(number)d") % {"number": number}, max_length=2000
                )
                for number, option in enumerate(options, start=1)
            }
            return {**texts, "correct": correct}
        case content.TrueFalse():
            return {
                "correct": forms.ChoiceField(
                    label=_("The statement is"),
                    choices=[("true", _("True")), ("false", _("False"))],
                    widget=forms.RadioSelect,
                )
            }
        case content.ShortAnswer():
            help_text = _("One accepted answer on each line.")
            return {"accepted": _textarea(_("Accepted answers"), help_text)}
        case content.Numeric():
            return {
                "value": _decimal(_("Value")),
                "tolerance": _decimal(_("Tolerance"), min_value=0),
                "unit": forms.CharField(label=_("Unit"), max_length=40, required=False),
            }
        case content.Matching():
            help_text = _("One pair on each line, its sides apart by “=”.")
            return {"pairs": _textarea(_("Pairs"), help_text, rows=6)}
        case content.Ordering():
            help_text = _("One on each line, in the right order.")
            return {"items": _textarea(_("Things to order"), help_text, rows=6)}
        case content.Essay():
            return {
                "rubric": forms.CharField(
                    label=_("Rubric"),
                    max_length=_LONGEST,
                    required=False,
                    widget=forms.Textarea,
                )
            }


def _body_initial(body: content.Body) -> dict[str, Any]:  # noqa: PLR0911
    match body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            right = [option.id for option in options if option.correct]
            several = isinstance(body, content.MultipleChoice)
            texts = {f"option_{option.id}": option.text for option in options}
            return {**texts, "correct": right if several else right[0]}
        case content.TrueFalse(correct):
            return {"correct": "true" if correct else "false"}
        case content.ShortAnswer(accepted):
            return {"accepted": "\n".join(accepted)}
        case content.Numeric(value, tolerance, unit):
            return {
                "value": _plain(value),
                "tolerance": _plain(tolerance),
                "unit": unit,
            }
        case content.Matching(pairs):
            return {"pairs": "\n".join(_line(left, right) for left, right in pairs)}
        case content.Ordering(items):
            return {"items": "\n".join(items)}
        case content.Essay(rubric):
            return {"rubric": rubric}


def _body_from(  # noqa: PLR0911
    body: content.Body, cleaned: dict[str, Any]
) -> content.Body:
    match body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            right = cleaned["correct"]
            right = {right} if isinstance(right, str) else set(right)
            return type(body)(
                tuple(
                    replace(
                        option,
                        text=cleaned[f"option_{option.id}"].strip(),
                        correct=option.id in right,
                    )
                    for option in options
                )
            )
        case content.TrueFalse():
            return content.TrueFalse(cleaned["correct"] == "true")
        case content.ShortAnswer():
            return content.ShortAnswer(tuple(_lines(cleaned["accepted"])))
        case content.Numeric():
            return content.Numeric(
                cleaned["value"], cleaned["tolerance"], cleaned["unit"].strip()
            )
        case content.Matching():
            return content.Matching(tuple(map(_pair, _lines(cleaned["pairs"]))))
        case content.Ordering():
            return content.Ordering(tuple(_lines(cleaned["items"])))
        case content.Essay():
            return content.Essay(cleaned["rubric"].strip())


# A line is parted at its longest run of equal signs, the first of several, so that
# a side may hold shorter ones: “x == y = 2” is x and y = 2.
_SIGNS = re.compile("=+")


def _longest_sign(text: str) -> str:
    return max(_SIGNS.findall(text), key=len, default="")


def _line(left: str, right: str) -> str:
    return f"{left} {_longest_sign(left + ' ' + right)}= {right}"


def _pair(line: str) -> tuple[str, str]:
    left, sign, right = line.partition(_longest_sign(line) or "=")
    if not (sign and left.strip() and right.strip()):
        raise content.ContentError("not_a_pair", line=line[:80])
    return left.strip(), right.strip()
