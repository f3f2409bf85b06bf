"""Uploading lectures, and what their exams are to hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.services.wishes import GENERATED_KINDS, Wish
from exams.wording import KIND_NAMES


class WishForm(forms.Form):
    """How many questions of which kinds; every field has a sensible answer."""

    questions = forms.IntegerField(
        label=_("Questions"), min_value=1, max_value=100, initial=12
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, KIND_NAMES[kind]) for kind in GENERATED_KINDS],
        initial=[kind.value for kind in GENERATED_KINDS],
        help_text=_("None ticked: a good mixture."),
    )
    options = forms.TypedChoiceField(
        label=_("Options per choice question"),
        choices=[(n, n) for n in range(3, 6)],
        coerce=int,
        initial=4,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        required=False,
        help_text=_("The same seed gives the same exam; another gives another."),
    )

    def wish(self) -> Wish:
        data = self.cleaned_data
        every_kind = {kind.value for kind in GENERATED_KINDS}
        chosen = tuple(data["kinds"])
        return Wish(
            questions=data["questions"],
            kinds=() if set(chosen) == every_kind else chosen,
            options=data["options"],
            seed=data["seed"] if data["seed"] is not None else 1,
        )


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """A file field that hands back a list, one entry a file."""

    widget = MultipleFileInput(attrs={"accept": "application/pdf,.pdf"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, (list, tuple)) else [data]
        if not files:
            files = [None]  # refused like any field left empty
        return [super(MultipleFileField, self).clean(file, initial) for file in files]


class UploadForm(WishForm):
    """One or more PDFs and the wish for the exams made from them.

    Whether a file is a lecture is decided by `upload_lecture`, from its bytes.
    """

    lectures = MultipleFileField(label=_("PDF files"), allow_empty_file=True)
    field_order = ["lectures"]
