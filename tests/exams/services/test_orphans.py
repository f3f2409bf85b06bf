"""Objects that no row names leave after a day; what anybody counts on stays."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import User
from examgen.jobs import clock
from examgen.jobs.events import record
from exams.models import Exam, Lecture, StoreCount
from exams.services import lectures, orphans
from exams.services.files import StoreError
from exams.states import ExamState, LectureState
from tests.factories import exams, people, stores
from tests.factories.lectures import run_jobs

pytestmark = pytest.mark.every_store

OLD = timedelta(hours=25)
YOUNG = timedelta(hours=23)


def left(store: Path, owner: User, *, by: timedelta = OLD, name: str = "") -> str:
    """An object that no row names, under a lecture that never was."""
    key = f"u/{owner.id}/lectures/{uuid.uuid4()}/{name or 'lecture.pdf'}"
    stores.put(key)
    stores.age(store, key, by=by)
    return key


def collect() -> int:
    """Look at the whole store once."""
    return sum(orphans.collect(shard) for shard in orphans.SHARDS)


def test_an_old_object_without_a_row_is_removed_a_young_one_is_left(
    educator: User, store: Path
) -> None:
    left(store, educator)
    young = left(store, educator, by=YOUNG)
    assert collect() == 1
    assert stores.objects(store) == {young}
    assert collect() == 0


def test_what_remains_is_counted_along(educator: User, store: Path, settings) -> None:
    other = people.educator("other@example.org")
    for owner in (educator, other):
        for name in ("one", "two"):
            left(store, owner, by=YOUNG, name=name)
    left(store, educator)
    collect()
    size = 4 * len(b"content")
    assert counted() == (len(orphans.SHARDS), 4, size)
    # Not looked at to its end: what was counted before stays.
    settings.ORPHAN_BATCH = 1
    left(store, educator)
    left(store, educator)
    collect()
    assert counted() == (len(orphans.SHARDS), 4, size)
    for _ in range(2):
        collect()
    assert counted() == (len(orphans.SHARDS), 4, size)


def counted() -> tuple[int, int, int]:
    """Parts, objects and bytes."""
    rows = StoreCount.objects.values_list("objects_found", "bytes_found")
    numbers, sizes = zip(*rows, strict=True)
    return len(numbers), sum(numbers), sum(sizes)


def test_whatever_a_row_names_stays_however_old(educator: User, store: Path) -> None:
    exam = exams.exam(educator)
    exams.lecture(educator, state=LectureState.UPLOADING)
    exams.lecture(educator, state=LectureState.FAILED)
    exams.exam(educator, state=ExamState.FAILED)
    before = stores.objects(store)
    stores.age(store, *before, by=timedelta(days=400))
    assert collect() == 0
    assert stores.objects(store) == before
    assert exam.document in before


def test_what_a_dead_run_left_beside_what_is_named_is_removed(
    educator: User, store: Path
) -> None:
    exam = exams.exam(educator)
    before = stores.objects(store)
    litter = (
        f"{exam.prefix}/exam-000000000000-aaaaaaaaaaaa.json",
        f"{exam.lecture.prefix}/pages/0001-320-aaaaaaaaaaaa.webp",
        f"{exam.lecture.prefix}/lecture.pdf.0123456789abcdef.part",
    )
    stores.put(*litter)
    stores.age(store, *before, *litter, by=OLD)
    assert collect() == 3
    assert stores.objects(store) == before


def test_what_deleted_people_left_is_removed(store: Path, db: None) -> None:
    """Deleting a person in the admin tells nobody; what they did is remembered."""
    gone = people.educator("gone@example.org")
    exams.lecture(gone)
    record("user.signed_up", gone, actor=gone.id)
    stores.age(store, *stores.objects(store), by=OLD)
    gone.delete()
    assert collect() == 5
    assert stores.objects(store) == set()


def test_the_files_of_people_this_database_never_heard_of_are_left(
    educator: User, store: Path
) -> None:
    """The wrong database, or two sites with one bucket, must not cost a file."""
    stranger = User(id=uuid.uuid4())
    key = left(store, stranger)
    mine = left(store, educator)
    assert collect() == 1
    assert stores.objects(store) == {key}
    assert mine != key
    assert [orphan.found.name for orphan in orphans.orphans()] == [key]


def test_names_that_the_site_never_gave_are_left(educator: User, store: Path) -> None:
    strange = {
        "backups/today.sql",
        "u/notes.txt",
        f"u/{educator.id}/notes.txt",
        f"u/{educator.id}/lectures/week-1/lecture.pdf",
        f"u/{educator.id}/letters/{uuid.uuid4()}/letter.pdf",
        f"u/mira/lectures/{uuid.uuid4()}/lecture.pdf",
    }
    stores.put(*strange)
    stores.age(store, *strange, by=OLD)
    assert collect() == 0
    assert stores.objects(store) == strange


def test_no_look_removes_more_than_a_batch(
    educator: User, store: Path, settings, monkeypatch
) -> None:
    settings.ORPHAN_BATCH = 3
    # Fewer than a batch are compared at once, and more than once.
    monkeypatch.setattr(orphans, "_COMPARED", 2)
    for _ in range(7):
        left(store, educator)
    shard = str(educator.id)[0]
    assert [orphans.collect(shard) for _ in range(4)] == [3, 3, 1, 0]


def test_every_sixteenth_of_the_store_has_its_turn(
    educator: User, store: Path, monkeypatch
) -> None:
    left(store, educator)
    begin = clock.now()
    removed = []
    for turn in range(16):
        at = begin + turn * timedelta(minutes=15)
        monkeypatch.setattr(orphans, "now", lambda at=at: at)
        removed.append(orphans.collect_next())
    assert sorted(removed) == [0] * 15 + [1]


def test_what_a_deleted_lecture_leaves_in_its_last_moment_is_removed(
    educator: User, store: Path
) -> None:
    exam = exams.exam(educator)
    lectures.delete_lecture(
        lecture=Lecture.objects.get(id=exam.lecture_id), actor=educator
    )
    run_jobs()
    assert stores.objects(store) == set()
    late = f"{exam.lecture.prefix}/pages/0001-320-aaaaaaaaaaaa.webp"
    stores.put(late)
    stores.age(store, late, by=OLD)
    assert not Exam.objects.exists()
    assert collect() == 1


def test_a_store_that_is_away_is_said(educator: User, store: Path) -> None:
    left(store, educator)
    with stores.away(store), pytest.raises(StoreError):
        collect()
    assert len(stores.objects(store)) == 1
