"""Which pictures a page has, as columns beside whoever asks."""

from __future__ import annotations

from accounts.models import User
from exams.services.picture_facts import FACTS
from tests.factories import exams, people


def test_pictures_are_told_to_whoever_may_see_the_page(
    educator: User, colleague: User
) -> None:
    lecture = exams.lecture(educator)
    page = lecture.pages.get(number=2)
    given = {"lecture_id": lecture.id, "number": 2}
    pictures = {"small": page.thumbnail, "large": page.image}
    assert FACTS.of(educator, given) == (pictures,)
    assert FACTS.of(colleague, given) == (None,)
    assert FACTS.of(people.student("ada@example.org"), given) == (None,)


def test_there_are_none_of_a_page_that_does_not_exist(educator: User) -> None:
    lecture = exams.lecture(educator)
    assert FACTS.of(educator, {"lecture_id": lecture.id, "number": 99}) == (None,)
    other = exams.lecture(educator)
    page = other.pages.get(number=1)
    page.image = ""
    page.save(update_fields=["image"])
    pictures = {"small": page.thumbnail, "large": ""}
    given = {"lecture_id": other.id, "number": 1}
    assert FACTS.of(educator, given) == (pictures,)
