"""Forms about people and courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from allauth.core import context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts import entrance
from accounts.addresses import LONGEST, Pasted, read
from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import people as services
from accounts.services.invitations import MOST_AT_ONCE

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_EXTRA_MINUTES = 600


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
        request = context.request
        if settings.EDUCATOR_SIGNUP == "invite" or entrance.for_students(request):
            del self.fields["wants_to_teach"]
        if brought := entrance.invitation(request):
            self.initial.setdefault("email", brought.email)

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


class CourseForm(forms.ModelForm[Course]):
    """A new course: its name is all that is asked."""

    class Meta:
        model = Course
        fields = ["name"]
        error_messages = {
            "name": {
                "required": _("A course needs a name."),
                "max_length": _("A name has at most 150 characters."),
            }
        }


class CourseSettingsForm(CourseForm):
    class Meta(CourseForm.Meta):
        fields = ["name", "aliases"]
        labels = {"aliases": _("Aliases on boards")}
        help_texts = {
            "aliases": _(
                "Boards show each student under a name that only they know to be theirs."
            )
        }


class SearchForm(forms.Form):
    """What was typed into the search of a roster; nonsense finds everybody."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)

    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class AccommodationForm(forms.ModelForm[Enrolment]):
    """Time that one student is granted in one course."""

    class Meta:
        model = Enrolment
        fields = ["multiplier", "extra_minutes"]
        help_texts = {
            "multiplier": _("1 is the usual time, 1.5 half as long again, 5 the most."),
            "extra_minutes": _("On top of that, in every exam."),
        }
        error_messages = {
            "multiplier": {
                "required": _("Type a number from 1 to 5; 1 is the usual time."),
                "invalid": _("Type a number from 1 to 5, such as 1.25."),
                "max_decimal_places": _("Type at most two digits behind the point."),
                "max_digits": _("Type at most two digits behind the point."),
                "max_whole_digits": _("The most is 5 times the usual time."),
            },
            "extra_minutes": {
                "required": _("Type 0 for none."),
                "invalid": _("Type whole minutes."),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        multiplier, extra = self.fields["multiplier"], self.fields["extra_minutes"]
        multiplier.validators = [
            MinValueValidator(1, _("Nobody gets less than the usual time: 1 or more.")),
            MaxValueValidator(5, _("The most is 5 times the usual time.")),
        ]
        multiplier.widget.attrs |= {"min": "1", "max": "5", "step": "0.01"}
        most = _("The most is 600 minutes.")
        extra.validators = [
            MinValueValidator(0, _("Type 0 for none.")),
            MaxValueValidator(MOST_EXTRA_MINUTES, most),
        ]
        extra.widget.attrs |= {"min": "0", "max": str(MOST_EXTRA_MINUTES)}


class InviteForm(forms.Form):
    """Addresses as people paste them."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=100_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "Paste them as you have them: from a list, a mail or a sheet, up to 500."
        ),
        error_messages={
            "required": _("Paste at least one address."),
            "max_length": _("That is more text than 500 addresses have."),
        },
    )

    def clean_addresses(self) -> Pasted:
        pasted = read(self.cleaned_data["addresses"])
        if len(pasted.valid) > MOST_AT_ONCE:
            raise ValidationError(
                _(
                    "These are %(n)s addresses, and nobody was invited. "
                    "Paste at most 500 at a time."
                ),
                params={"n": len(pasted.valid)},
            )
        return pasted


class EducatorAddressForm(forms.Form):
    """Who is to teach beside the owner."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST,
        error_messages={
            "required": _("Type the address of an educator."),
            "invalid": _("This is no e-mail address."),
        },
    )


class EducatorInvitationForm(forms.ModelForm[Invitation]):
    """In the admin: an address that may make exams once it accepts."""

    class Meta:
        model = Invitation
        fields = ["email"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email, role="educator").exists():
            raise ValidationError(_("This person may make exams already."))
        return email


class DeclineForm(forms.Form):
    """In the admin: why a wish to make exams is declined, as the person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The person reads it in a mail and on their home page."),
        error_messages={
            "required": _("Say why: the person is told."),
            "max_length": _("A reason has at most 500 characters."),
        },
    )
