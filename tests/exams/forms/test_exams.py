"""The rules of an exam as typed: read in the educator's zone, refused in words."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Course, User
from exams.forms import ClosingForm, PublishForm
from exams.policy import Counting, Policy, Release, Several
from exams.services.checklist import Check, Level
from tests.factories import courses

AT = datetime(2026, 11, 26, 9, 0, 30, tzinfo=UTC)
SUGGESTED = Policy(
    opens_at=AT,
    closes_at=datetime(2026, 12, 3, 22, 59, tzinfo=UTC),
    minutes=25,
    pass_percent=Decimal(50),
)
TYPED = {
    "course": "",
    "opens_at": "2026-12-01T08:30",
    "closes_at": "2026-12-01T18:00",
    "minutes": "90",
    "attempts": "2",
    "counting": "last",
    "shuffle_questions": "on",
    "release": "on_date",
    "release_at": "2026-12-02T12:00",
    "pass_percent": "62.5",
    "several": "penalty",
    "negative_marking": "on",
}

pytestmark = pytest.mark.django_db


def form(data: Any = None, user: User | None = None, **changes: Any) -> PublishForm:
    courses = Course.objects.for_user(user) if user else Course.objects.none()
    typed = None if data is None else {**data, **changes}
    return PublishForm(typed, suggested=SUGGESTED, courses=courses, at=AT)


def test_what_is_typed_becomes_the_rules_in_the_zone_of_the_educator() -> None:
    with timezone.override("Europe/Berlin"):
        filled = form(TYPED)
        assert filled.is_valid(), filled.errors
        assert filled.policy == Policy(
            opens_at=datetime(2026, 12, 1, 7, 30, tzinfo=UTC),
            closes_at=datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
            minutes=90,
            attempts=2,
            counting=Counting.LAST,
            shuffle_questions=True,
            shuffle_options=False,
            release=Release.ON_DATE,
            release_at=datetime(2026, 12, 2, 11, 0, tzinfo=UTC),
            pass_percent=Decimal("62.5"),
            several=Several.PENALTY,
            negative_marking=True,
        )
        assert filled.chosen_course is None


def test_the_empty_form_suggests_and_its_suggestion_can_be_sent_as_it_is() -> None:
    with timezone.override("Asia/Tokyo"):
        empty = form()
        assert empty.policy == SUGGESTED
        shown = {bound.html_name: bound.value() for bound in empty}
        assert shown["opens_at"] is None
        sent = {
            bound.html_name: bound.field.widget.format_value(bound.value())
            for bound in empty
            if bound.html_name not in ("shuffle_questions", "shuffle_options")
        }
        sent = {
            name: value[0] if isinstance(value, list) else value
            for name, value in sent.items()
        }
        sent |= {"shuffle_questions": "on", "shuffle_options": "on"}
        again = form({name: "" if v is None else v for name, v in sent.items()})
        assert again.is_valid(), again.errors
        assert again.policy == SUGGESTED


def test_what_is_left_empty_has_its_meaning() -> None:
    filled = form(
        TYPED, opens_at="", closes_at="", minutes="", pass_percent="", release="manual"
    )
    assert filled.is_valid(), filled.errors
    policy = filled.policy
    assert (policy.opens_at, policy.closes_at) == (AT, None)
    assert (policy.minutes, policy.pass_percent) == (None, None)
    # A date that no longer counts is not kept.
    assert policy.release_at is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("opens_at", "tomorrow", "Enter a day and a time that exist."),
        ("closes_at", "2026-02-30T10:00", "Enter a day and a time that exist."),
        ("closes_at", "0001-01-01T00:00", "Enter a day and a time that exist."),
        ("release_at", "9999-12-31T23:59", "Enter a day and a time that exist."),
        ("closes_at", "2026-12-01T10:00\x00", "Enter a day and a time that exist."),
        ("minutes", "ten", "Enter a whole number."),
        ("minutes", "1.5", "Enter a whole number."),
        ("minutes", "9" * 5000, "Enter a whole number."),
        ("attempts", "", "This field is required."),
        ("pass_percent", "half", "Enter a number."),
        ("pass_percent", "NaN", "Enter a number."),
        ("pass_percent", "50.125", "Use at most two decimal places."),
        ("course", "00000000-0000-0000-0000-000000000000", None),
        ("course", "biology", "Choose one of your courses."),
        ("course", "\x00", "Choose one of your courses."),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    field: str, value: str, said: str | None
) -> None:
    filled = form(TYPED, **{field: value})
    assert filled.errors == {field: [said or "Choose one of your courses."]}


@pytest.mark.parametrize("field", ["counting", "release", "several"])
def test_what_is_no_choice_is_refused(field: str) -> None:
    assert list(form(TYPED, **{field: "riddle"}).errors) == [field]


@pytest.mark.parametrize(
    ("zone", "typed"),
    [
        ("Europe/Berlin", "2026-03-29T02:30"),  # skipped
        ("Europe/Berlin", "2026-10-25T02:30"),  # there twice
    ],
)
def test_an_hour_that_the_clock_skips_or_repeats_is_refused(
    zone: str, typed: str
) -> None:
    with timezone.override(zone):
        filled = form(TYPED, opens_at=typed)
        assert list(filled.errors) == ["opens_at"]


def test_what_makes_no_sense_is_left_to_the_checklist() -> None:
    filled = form(TYPED, minutes="1000000000", attempts="0", pass_percent="101")
    assert filled.is_valid(), filled.errors
    assert (filled.policy.minutes, filled.policy.attempts) == (10**9, 0)


def test_only_courses_that_one_teaches_can_be_chosen(
    educator: User, colleague: User
) -> None:
    own, theirs = courses.course(educator), courses.course(colleague)
    chosen = form(TYPED, educator, course=str(own.id))
    assert chosen.is_valid()
    assert chosen.chosen_course == own
    refused = form(TYPED, educator, course=str(theirs.id))
    assert refused.errors == {"course": ["Choose one of your courses."]}
    courses.teach(theirs, educator)
    assert form(TYPED, educator, course=str(theirs.id)).is_valid()


def test_the_newest_course_is_suggested(educator: User) -> None:
    assert form(None, educator).chosen_course is None
    courses.course(educator)
    newest = courses.course(educator)
    assert form(None, educator).chosen_course == newest


def test_problems_of_the_rules_are_said_beside_their_fields() -> None:
    filled = form(TYPED)
    assert filled.is_valid()
    filled.add_problems(
        [
            Check(Level.PROBLEM, "window_over", {}, "closes_at"),
            Check(Level.PROBLEM, "undecided", {"count": 2}),
        ]
    )
    assert filled.errors == {
        "closes_at": ["This end is over already. Choose a later one."]
    }


# A new end


def test_a_new_end_is_read_in_the_zone_of_the_educator() -> None:
    with timezone.override("Europe/Berlin"):
        filled = ClosingForm({"closes_at": "2026-12-01T18:00"}, end_needed=True)
        assert filled.is_valid()
        expected = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
        assert filled.cleaned_data["closes_at"] == expected


@pytest.mark.parametrize(("needed", "valid"), [(True, False), (False, True)])
def test_an_end_may_be_left_empty_where_none_is_needed(
    needed: bool, valid: bool
) -> None:
    assert ClosingForm({"closes_at": ""}, end_needed=needed).is_valid() is valid
