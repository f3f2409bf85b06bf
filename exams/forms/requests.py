"""Asking for more questions, for another one, and for one of another kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exams.content import Kind
from exams.services.requests import MOST_AT_ONCE
from exams.services.wishes import GENERATED_KINDS
from exams.wording import KIND_NAMES

_CHOICES = [(kind.value, KIND_NAMES[kind]) for kind in GENERATED_KINDS]


class AddForm(forms.Form):
    """How many questions, on which pages of a lecture with `pages` pages."""

    number = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=2
    )
    first_page = forms.IntegerField(label=_("From page"), min_value=1, initial=1)
    last_page = forms.IntegerField(label=_("To page"), min_value=1)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=_CHOICES,
        help_text=_("None ticked: those that the exam was asked for."),
    )

    def __init__(self, data: Any = None, *, pages: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.pages = pages
        self.fields["last_page"].initial = pages
        for name in ("first_page", "last_page"):
            self.fields[name].widget.attrs["max"] = pages

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_page"), cleaned.get("last_page")
        if last is not None and last > self.pages:
            error = ValidationError(
                _("The lecture has %(pages)s pages."),
                code="max_value",
                params={"pages": self.pages},
            )
            self.add_error("last_page", error)
        elif first is not None and last is not None and first > last:
            words = _("The last page comes before the first.")
            self.add_error("last_page", ValidationError(words, code="bad_pages"))
        return cleaned

    @property
    def chosen_kinds(self) -> list[Kind]:
        return [Kind(kind) for kind in self.cleaned_data["kinds"]]


class AnotherForm(forms.Form):
    """Another question in the place of one, perhaps led by a hint."""

    hint = forms.CharField(
        label=_("Hint"),
        max_length=200,
        required=False,
        help_text=_(
            "Words from the lecture. Only sentences that use one of them are asked about; "
            "nothing else is understood. Left empty: from the pages near by."
        ),
    )


class KindForm(forms.Form):
    """Another kind than the question has."""

    kind = forms.ChoiceField(label=_("Kind"))

    def __init__(self, data: Any = None, *, now: str) -> None:
        super().__init__(data)
        others = [choice for choice in _CHOICES if choice[0] != now]
        self.fields["kind"].choices = others  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Kind:
        return Kind(self.cleaned_data["kind"])
