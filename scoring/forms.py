"""What educators give during an exam: time, and a word to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ExtendForm(forms.Form):
    """More time for one or for all."""

    minutes = forms.IntegerField(
        label=_("More minutes"), min_value=1, max_value=600, initial=10
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept with the exam; students do not see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs["class"] = "eg-short"

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])


class AnnounceForm(forms.Form):
    text = forms.CharField(
        label=_("Tell everybody who is working"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
