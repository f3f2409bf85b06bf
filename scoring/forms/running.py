"""What educators give: time and a word during an exam, points after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EVERYBODY = "all"


class ExtendForm(forms.Form):
    """More time for one or for all; nobody is chosen until somebody was.

    `takers` are attempts and how they are named.
    """

    attempt = forms.ChoiceField(label=_("For"))
    minutes = forms.IntegerField(
        label=_("More minutes"), min_value=1, max_value=600, initial=10
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept with the exam; students do not see it."),
    )

    def __init__(
        self, *args: Any, takers: Iterable[tuple[uuid.UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        attempt = self.fields["attempt"]
        assert isinstance(attempt, forms.ChoiceField)
        attempt.choices = [
            ("", _("Choose …")),
            (EVERYBODY, _("Everybody who is working")),
            *((str(pk), name) for pk, name in takers),
        ]
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


class MarkForm(forms.Form):
    """Points and a word for one answer; `revision` is what the grader has seen."""

    points = forms.DecimalField(
        label=_("Points"), min_value=Decimal(0), max_digits=6, decimal_places=2
    )
    comment = forms.CharField(
        label=_("Comment for the student"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, most: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = Decimal(most)
        self.fields["points"].widget.attrs["class"] = "eg-short"
        self.fields["points"].help_text = _("From 0 to %(most)s.") % {"most": most}

    def clean_points(self) -> Decimal:
        points: Decimal = self.cleaned_data["points"]
        if points > self.most:
            raise forms.ValidationError(
                _("At most %(most)s points."), params={"most": self.most}
            )
        return points
