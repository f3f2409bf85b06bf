"""A course and its code."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import Course, User
from accounts.services import courses as services
from examgen.jobs.models import Event
from tests.factories import courses


def events() -> list[tuple[str, object]]:
    return list(Event.objects.order_by("created_at").values_list("name", "data"))


def test_a_new_course_is_open_has_a_code_and_is_told(educator: User) -> None:
    course = services.create_course(owner=educator, name="Botany")
    assert (course.name, course.owner, course.open_to_join, course.aliases) == (
        "Botany",
        educator,
        True,
        True,
    )
    assert len(course.code) == 8
    event = Event.objects.get()
    assert (event.name, event.subject_id, event.actor, event.data) == (
        "course.created",
        course.id,
        educator.id,
        {},
    )


def test_a_code_that_is_taken_is_not_given_twice(educator: User, monkeypatch) -> None:
    first = courses.course(educator)
    given = iter([first.code, first.code, "NEWCODE2"])
    monkeypatch.setattr(services, "new_code", lambda: next(given))
    second = services.create_course(owner=educator, name="Zoology")
    assert second.code == "NEWCODE2"
    assert [name for name, _data in events()] == ["course.created"] * 2


def test_when_every_code_is_taken_it_says_so(educator: User, monkeypatch) -> None:
    first = courses.course(educator)
    monkeypatch.setattr(services, "new_code", lambda: first.code)
    with pytest.raises(IntegrityError):
        services.create_course(owner=educator, name="Zoology")


def test_only_what_is_given_changes_and_only_changes_are_told(educator: User) -> None:
    course = courses.course(educator)
    services.change_course(course=course, actor=educator, open_to_join=False)
    services.change_course(course=course, actor=educator, open_to_join=False)
    services.change_course(course=course, actor=educator, name="Botany")
    services.change_course(course=course, actor=educator, name="Zoo", aliases=False)
    course.refresh_from_db()
    assert (course.name, course.open_to_join, course.aliases) == ("Zoo", False, False)
    assert events()[1:] == [
        ("course.changed", {"changed": "open_to_join"}),
        ("course.changed", {"changed": "name, aliases"}),
    ]


def test_a_renewed_code_leads_in_and_the_old_one_nowhere(educator: User) -> None:
    course = courses.course(educator)
    old = course.code
    services.renew_code(course=course, actor=educator)
    course.refresh_from_db()
    assert course.code != old
    assert services.find_by_code(old) is None
    assert services.find_by_code(course.code) == course
    assert events()[-1] == ("course.changed", {"changed": "code"})


@pytest.mark.django_db
def test_a_course_is_found_by_its_code_however_typed(educator: User) -> None:
    course = courses.course(educator)
    Course.objects.update(code="K7PM4XWD")
    for typed in ("K7PM4XWD", "K7PM-4XWD", " k7pm 4xwd "):
        assert services.find_by_code(typed) == course


@pytest.mark.parametrize(
    "typed",
    ["", "K7PM", "K7PM4XWDX", "K7PM4XW\x00", "K7PM4XW%", "É7PM4XWD", "x" * 10_000],
)
@pytest.mark.django_db
def test_what_can_be_no_code_finds_nothing(typed: str) -> None:
    assert services.find_by_code(typed) is None


def test_a_closed_course_is_still_found(educator: User) -> None:
    """So that its page can say that it is closed."""
    course = courses.course(educator, open_to_join=False)
    assert services.find_by_code(course.code) == course


def test_the_link_names_the_site_as_people_type_it(educator: User, settings) -> None:
    settings.SITE_URL = "https://exams.example.org"
    course = courses.course(educator)
    link = services.join_link(course)
    assert link == f"https://exams.example.org/join/{course.code}/"
