"""Writing a question: of which kind, about which sentence, and the question itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exams import content
from exams.content import Kind
from exams.forms.questions import QuestionForm
from exams.wording import KIND_NAMES

Quoted = Callable[[int, str], content.Evidence | None]


class StartForm(forms.Form):
    """What has to be known before the fields of a question can be shown."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
    )
    page = forms.IntegerField(label=_("Page"), min_value=1)

    def __init__(self, data: Any = None, *, pages: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["page"].widget.attrs["max"] = pages
        self.pages = pages

    def clean_page(self) -> int:
        page: int = self.cleaned_data["page"]
        if page > self.pages:
            raise ValidationError(
                _("The lecture has %(pages)s pages."),
                code="max_value",
                params={"pages": self.pages},
            )
        return page


class WrittenForm(QuestionForm):
    """A new question of one kind. `quoted` finds a sentence on a page."""

    page = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    quote = forms.CharField(
        label=_("Sentence that proves it"),
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Copied from the page, word for word."),
    )

    def __init__(
        self, data: Any = None, *, question: content.Question, quoted: Quoted
    ) -> None:
        super().__init__(data, question=question)
        self._quoted = quoted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            found = self._quoted(cleaned["page"], cleaned["quote"])
            if found is None:
                words = _("This does not stand word for word on page %(page)s.")
                error = ValidationError(
                    words,
                    code="evidence_not_verbatim",
                    params={"page": cleaned["page"]},
                )
                self.add_error("quote", error)
            else:
                self._edited = replace(self._edited, evidence=(found,))
        return cleaned


def blank(kind: Kind, options: int) -> content.Question:
    """A question of this kind in which nothing is said yet."""
    choices = tuple(
        content.Option(letter, "", correct=letter == "a")
        for letter in "abcdefghij"[:options]
    )
    bodies: dict[Kind, content.Body] = {
        Kind.SINGLE_CHOICE: content.SingleChoice(choices),
        Kind.MULTIPLE_CHOICE: content.MultipleChoice(choices),
        Kind.TRUE_FALSE: content.TrueFalse(correct=True),
        Kind.SHORT_ANSWER: content.ShortAnswer(()),
        Kind.NUMERIC: content.Numeric(Decimal(0)),
        Kind.MATCHING: content.Matching(()),
        Kind.ORDERING: content.Ordering(()),
        Kind.ESSAY: content.Essay(),
    }
    return content.Question(id="", stem="", body=bodies[kind])
