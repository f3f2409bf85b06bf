"""What a person says of a token; whether it is made is for the service to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.scopes import SCOPES
from api.services.tokens import LONGEST
from api.wording import SCOPES as WORDS

# Doors that are shut to everybody but educators: their scopes open nothing to others.
_EDUCATORS_ALONE = ("lectures", "exams")


class TokenForm(forms.Form):
    """Its name, what it may do, and for how many days."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What it is for: by this you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    days = forms.IntegerField(
        label=_("Good for how many days"),
        min_value=1,
        max_value=LONGEST.days,
        initial=90,
        help_text=_("At most 366. You can revoke it at any time."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [
            (scope, f"{WORDS[scope]} ({scope})")
            for scope in SCOPES
            if user.is_educator or not scope.startswith(_EDUCATORS_ALONE)
        ]
        self.fields["days"].widget.attrs["class"] = "eg-short"

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
