"""Naming, publishing and reopening an exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Course
from exams.policy import (
    MOST_ATTEMPTS,
    MOST_MINUTES,
    Counting,
    Policy,
    Release,
    Several,
)
from exams.publishing_wording import (
    COUNTING_NAMES,
    RELEASE_NAMES,
    SEVERAL_NAMES,
    check_words,
)
from exams.services.checklist import Check


class RenameForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)


class MomentField(forms.DateTimeField):
    """A time in the zone of whoever types it, in a year in which clocks can reckon."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )
    default_error_messages = {"invalid": _("Enter a day and a time that exist.")}
    years = range(2000, 2200)

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment is None:
            return None
        # Python's own reader stops at a NUL and takes what stood before it.
        if "\x00" in str(value) or moment.year not in self.years:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment.astimezone(UTC)


def _choices(names: Mapping[Any, Promise]) -> list[tuple[str, Promise]]:
    return [(member.value, name) for member, name in names.items()]


class Select(forms.Select):
    """One whose first choice is an answer, too: "required" would only confuse."""

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002 - Django's
        return False


class CourseField(forms.ModelChoiceField[Course]):
    """A course; none chosen means everybody, and is an answer."""

    widget = Select

    def clean(self, value: Any) -> Course | None:
        if value in self.empty_values:
            return None
        try:
            chosen: Course | None = super().clean(value)
        except ValidationError as error:  # not even an id, or nobody's
            raise ValidationError(self.error_messages["invalid_choice"]) from error
        return chosen


class PublishForm(forms.Form):
    """The rules of an exam, each with a sensible answer.

    What cannot be read is refused here; whether the rules make sense is the checklist's
    business alone, whose problems `add_problems` puts beside their fields.
    """

    course = CourseField(
        label=_("Who may take it"),
        queryset=Course.objects.none(),
        empty_label=_("Everybody with the link"),
        error_messages={"invalid_choice": _("Choose one of your courses.")},
    )
    opens_at = MomentField(
        label=_("Opens"),
        required=False,
        help_text=_("Left empty: as soon as you publish."),
    )
    closes_at = MomentField(
        label=_("Closes"), required=False, help_text=_("Left empty: when you close it.")
    )
    minutes = forms.IntegerField(
        label=_("Time limit in minutes"),
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        required=False,
        help_text=_("Left empty: no limit. Students with extra time have more."),
    )
    attempts = forms.IntegerField(
        label=_("Attempts"),
        widget=forms.NumberInput({"min": 1, "max": MOST_ATTEMPTS}),
    )
    counting = forms.ChoiceField(
        label=_("Of several attempts counts"), choices=_choices(COUNTING_NAMES)
    )
    shuffle_questions = forms.BooleanField(
        label=_("Shuffle questions for each student"), required=False
    )
    shuffle_options = forms.BooleanField(
        label=_("Shuffle options for each student"), required=False
    )
    release = forms.ChoiceField(
        label=_("Students see their results"),
        choices=_choices(RELEASE_NAMES),
        widget=forms.RadioSelect,
    )
    release_at = MomentField(
        label=_("Date of the results"),
        required=False,
        help_text=_("Only for “On a date”."),
    )
    pass_percent = forms.DecimalField(
        label=_("Pass mark in per cent"),
        decimal_places=2,
        error_messages={"max_decimal_places": _("Use at most two decimal places.")},
        widget=forms.NumberInput({"min": 0, "max": 100}),
        required=False,
        help_text=_("Left empty: nobody passes or fails."),
    )
    several = forms.ChoiceField(
        label=_("Questions with several right options"),
        choices=_choices(SEVERAL_NAMES),
        widget=forms.RadioSelect,
        help_text=_(
            "C options are right and I are wrong; a student chose c of the right and "
            "i of the wrong ones."
        ),
    )
    negative_marking = forms.BooleanField(
        label=_("Let points fall below zero"),
        required=False,
        help_text=_("With “right minus wrong” alone: it then ends at −1, not at 0."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        suggested: Policy,
        courses: QuerySet[Course],
        at: datetime,
    ) -> None:
        self._suggested, self._at = suggested, at
        initial = {
            name: getattr(suggested, name)
            for name in self.base_fields
            if name != "course"
        }
        # Suggested is to open at once, which an empty field says for good.
        super().__init__(data, initial={**initial, "opens_at": None})
        course = self.fields["course"]
        course.queryset = courses  # type: ignore[attr-defined]
        course.initial = courses.first()

    @property
    def policy(self) -> Policy:
        """The rules as typed, or as suggested while nothing was."""
        if not self.is_bound:
            return self._suggested
        typed = self.cleaned_data
        return Policy(
            opens_at=typed["opens_at"] or self._at,
            closes_at=typed["closes_at"],
            minutes=typed["minutes"],
            attempts=typed["attempts"],
            counting=Counting(typed["counting"]),
            shuffle_questions=typed["shuffle_questions"],
            shuffle_options=typed["shuffle_options"],
            release=Release(typed["release"]),
            release_at=(
                typed["release_at"] if typed["release"] == Release.ON_DATE else None
            ),
            pass_percent=typed["pass_percent"],
            several=Several(typed["several"]),
            negative_marking=typed["negative_marking"],
        )

    @property
    def chosen_course(self) -> Course | None:
        if self.is_bound:
            chosen: Course | None = self.cleaned_data["course"]
            return chosen
        suggested: Course | None = self.fields["course"].initial
        return suggested

    def add_problems(self, problems: Sequence[Check]) -> None:
        """Put what the checklist holds against the rules beside their fields."""
        for check in problems:
            if check.about:
                self.add_error(check.about, check_words(check.code, check.params))


class ClosingForm(forms.Form):
    """A new end for an exam; may be left empty where the exam needs none."""

    closes_at = MomentField(label=_("Closes"))

    def __init__(self, data: Any = None, *, end_needed: bool, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["closes_at"]
        field.required = end_needed
        if not end_needed:
            field.help_text = _("Left empty: when you close it.")
