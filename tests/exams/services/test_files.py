"""The private store: whole objects, nothing half written, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from exams.services import files
from exams.services.files import StoreError
from tests.factories import stores


def put(store: Path, *keys: str) -> None:
    for key in keys:
        files.keep(key, ContentFile(b"content"))
    assert set(keys) <= stores.objects(store)


def test_an_object_is_kept_under_exactly_its_name(store: Path) -> None:
    files.keep("u/1/lectures/2/lecture.pdf", ContentFile(b"content"))
    assert (store / "u/1/lectures/2/lecture.pdf").read_bytes() == b"content"


def test_an_existing_object_is_never_overwritten(store: Path) -> None:
    put(store, "u/1/a.pdf")
    with pytest.raises(StoreError):
        files.keep("u/1/a.pdf", ContentFile(b"other"))
    assert (store / "u/1/a.pdf").read_bytes() == b"content"
    assert stores.objects(store) == {"u/1/a.pdf"}


def test_a_derived_object_is_stored_once(store: Path) -> None:
    files.keep_derived("u/1/page.webp", b"first")
    written = (store / "u/1/page.webp").stat().st_mtime_ns
    files.keep_derived("u/1/page.webp", b"first")
    assert (store / "u/1/page.webp").stat().st_mtime_ns == written
    assert (store / "u/1/page.webp").read_bytes() == b"first"
    assert stores.objects(store) == {"u/1/page.webp"}


def test_a_store_that_is_away_is_named_so(store: Path) -> None:
    with stores.hooked(store, stores.refuse):
        with pytest.raises(StoreError):
            files.keep("u/1/a.pdf", ContentFile(b"content"))
        with pytest.raises(StoreError):
            files.keep_derived("u/1/a.webp", b"content")
    with pytest.raises(StoreError):
        files.open_object("u/1/missing.pdf")


def test_a_local_copy_lives_as_long_as_its_block(store: Path) -> None:
    put(store, "u/1/a.pdf")
    with files.local_copy("u/1/a.pdf") as path:
        assert path.read_bytes() == b"content"
    assert not path.exists()
    assert not path.parent.exists()


def test_a_local_copy_is_removed_when_the_block_fails(store: Path) -> None:
    put(store, "u/1/a.pdf")
    with pytest.raises(ZeroDivisionError), files.local_copy("u/1/a.pdf") as path:
        raise ZeroDivisionError
    assert not path.parent.exists()


def test_erasing_takes_everything_under_a_folder_and_nothing_beside_it(
    store: Path,
) -> None:
    put(
        store,
        "u/1/lectures/2/lecture.pdf",
        "u/1/lectures/2/pages/0001-320.webp",
        "u/1/lectures/2/pages/0002-320.webp",
        "u/1/lectures/22/lecture.pdf",
        "u/1/exams/3/exam.json",
    )
    assert files.erase("u/1/lectures/2") == 3
    assert stores.objects(store) == {
        "u/1/lectures/22/lecture.pdf",
        "u/1/exams/3/exam.json",
    }
    assert not (store / "u/1/lectures/2").exists()


def test_erasing_twice_or_nothing_at_all_is_well(store: Path) -> None:
    put(store, "u/1/lectures/2/lecture.pdf")
    assert files.erase("u/1/lectures/2") == 1
    assert files.erase("u/1/lectures/2") == 0
    assert files.erase("u/9") == 0
