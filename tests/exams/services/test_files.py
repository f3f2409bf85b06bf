"""The private store: whole objects, nothing half written, nothing left."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from exams.services import files
from exams.services.files import StoreError, StoreFullError
from tests.factories import stores

pytestmark = pytest.mark.every_store

CONTENT = b"content"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def keep(name: str, content: bytes = CONTENT, *, sha256: str = SHA256) -> None:
    files.keep(name, ContentFile(content), size=len(CONTENT), sha256=sha256)


def put(store: Path, *keys: str) -> None:
    stores.put(*keys)
    assert set(keys) <= stores.objects(store)


def test_an_object_is_kept_under_exactly_its_name(store: Path) -> None:
    keep("u/1/lectures/2/lecture.pdf")
    assert (store / "u/1/lectures/2/lecture.pdf").read_bytes() == CONTENT
    assert stores.objects(store) == {"u/1/lectures/2/lecture.pdf"}


def test_what_differs_from_what_was_promised_is_refused(store: Path) -> None:
    with pytest.raises(StoreError):
        keep("u/1/a.pdf", sha256=hashlib.sha256(b"c0ntent").hexdigest())
    with pytest.raises(StoreError):
        keep("u/1/b.pdf", b"content and more")


def test_an_existing_object_is_never_overwritten(store: Path) -> None:
    keep("u/1/a.pdf")
    with pytest.raises(StoreError):
        keep("u/1/a.pdf", b"c0ntent", sha256=hashlib.sha256(b"c0ntent").hexdigest())
    with pytest.raises(StoreError):
        files.keep_derived("u/1/a.pdf", b"other")
    assert (store / "u/1/a.pdf").read_bytes() == CONTENT
    assert stores.objects(store) == {"u/1/a.pdf"}


def test_a_store_that_is_away_is_named_so(store: Path) -> None:
    with stores.hooked(store, stores.refuse):
        with pytest.raises(StoreError):
            keep("u/1/a.pdf")
        with pytest.raises(StoreError):
            files.keep_derived("u/1/a.webp", CONTENT)
    with pytest.raises(StoreError):
        files.open_object("u/1/missing.pdf")


def test_a_store_that_is_full_is_named_so(store: Path) -> None:
    with stores.hooked(store, stores.be_full), pytest.raises(StoreFullError):
        keep("u/1/a.pdf")
    assert stores.objects(store) == set()


def test_an_object_is_read_as_it_was_written(store: Path) -> None:
    large = bytes(range(256)) * 20_000
    stores.put("u/1/large.pdf", content=large)
    with files.open_object("u/1/large.pdf") as file:
        assert file.read() == large
        file.seek(256)
        assert file.read(2) == b"\0\1"


def test_a_local_copy_lives_as_long_as_its_block(store: Path) -> None:
    put(store, "u/1/a.pdf")
    with files.local_copy("u/1/a.pdf") as path:
        assert path.read_bytes() == CONTENT
    assert not path.exists()
    assert not path.parent.exists()


def test_a_local_copy_is_removed_when_the_block_fails(store: Path) -> None:
    put(store, "u/1/a.pdf")
    with pytest.raises(ZeroDivisionError), files.local_copy("u/1/a.pdf") as path:
        raise ZeroDivisionError
    assert not path.parent.exists()


def test_a_listing_tells_names_and_sizes_of_what_begins_so(store: Path) -> None:
    put(store, "u/1/a.pdf", "u/1/b/c.pdf", "u/12/a.pdf", "u/2/a.pdf")
    found = {one.name: one.size for one in files.listed("u/1")}
    assert found == {"u/1/a.pdf": 7, "u/1/b/c.pdf": 7, "u/12/a.pdf": 7}
    assert [one.name for one in files.listed("u/1/")] == ["u/1/a.pdf", "u/1/b/c.pdf"]
    assert list(files.listed("u/3")) == []


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


def test_what_is_gone_already_need_not_be_removed(store: Path) -> None:
    put(store, "u/1/a.pdf", "u/1/b.pdf")
    files.remove(["u/1/a.pdf", "u/1/missing.pdf"])
    assert stores.objects(store) == {"u/1/b.pdf"}


def test_without_an_address_for_browsers_nothing_is_lent(store: Path) -> None:
    put(store, "u/1/a.webp")
    assert files.link_to("u/1/a.webp", content_type="image/webp") is None


def test_the_store_of_a_site_that_works_can_be_used(store: Path) -> None:
    default_storage.probe()


# The rule that no service may break, and the watch that all tests stand under


def test_a_touch_inside_a_transaction_does_not_pass_unseen(
    store: Path, db: None
) -> None:
    put(store, "u/1/a.pdf")
    touches = (
        lambda: keep("u/1/b.pdf"),
        lambda: files.keep_derived("u/1/b.pdf", CONTENT),
        lambda: files.open_object("u/1/a.pdf"),
        lambda: files.erase("u/1"),
        lambda: files.remove(["u/1/a.pdf"]),
        lambda: list(files.listed("u/1")),
    )
    for touch in touches:
        refused = pytest.raises(AssertionError, match="inside a transaction")
        with refused, transaction.atomic():
            touch()
    assert len(stores.asked_inside) == len(touches)
    stores.asked_inside.clear()
    assert stores.objects(store) == {"u/1/a.pdf"}
