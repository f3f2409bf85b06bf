"""Every object that a row names is told once, with what the row knows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import User
from exams.models import ExamVersion
from exams.services import inventory
from exams.services.inventory import Named
from exams.states import LectureState
from tests.factories import exams, lectures, publishing, stores

pytestmark = pytest.mark.every_store


def test_what_is_named_is_what_the_store_holds(educator: User, store: Path) -> None:
    lectures.drafted(educator)
    told = list(inventory.named())
    assert len(told) > 3
    assert sorted(one.name for one in told) == sorted(stores.objects(store))


def test_the_document_of_a_published_version_is_named_once(educator: User) -> None:
    version = publishing.published(educator)
    version = ExamVersion.objects.get(id=version.id)
    told = [one.name for one in inventory.named()]
    assert version.document
    assert told.count(version.document) == 1
    assert len(told) == len(set(told))


def test_a_lecture_is_told_with_its_size_and_hash(educator: User) -> None:
    lecture = exams.lecture(educator)
    exams.lecture(educator, state=LectureState.UPLOADING)
    told = [one for one in inventory.named() if one.sha256]
    assert told == [Named(lecture.file, lecture.size, lecture.sha256)]


def test_names_that_no_row_speaks_of_are_told_from_the_others(educator: User) -> None:
    lectures.drafted(educator)
    names = [one.name for one in inventory.named()]
    assert inventory.still_named([*names, "u/gone"]) == set(names)
    assert inventory.still_named([]) == set()
