"""Forms about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import people as services

if TYPE_CHECKING:
    from django.http import HttpRequest


class SignupExtrasForm(forms.Form):
    """What sign-up asks besides address and password; allauth derives its form."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    wants_to_teach = forms.BooleanField(
        label=_("I teach and want to make exams"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.EDUCATOR_SIGNUP == "invite":
            del self.fields["wants_to_teach"]

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002
        """Allauth calls this inside its own flow, once the user exists."""
        user.name = self.cleaned_data.get("name", "")
        user.save(update_fields=["name"])
        services.welcome(
            user=user, wants_to_teach=self.cleaned_data.get("wants_to_teach", False)
        )


class PreferencesForm(forms.ModelForm[User]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(z, z) for z in sorted(available_timezones())]
    )

    class Meta:
        model = User
        fields = ["name", "theme", "time_zone"]
