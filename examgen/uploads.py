"""Receiving uploads without letting them fill the disk."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from examgen.store import FULL


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keeps no more than one byte over the largest lecture of any file.

    The rest is received and forgotten, and the true size is still told, so the page
    can refuse the file in words instead of breaking the connection. Likewise when the
    disk is full: what comes out then is an empty file that `has_no_room`.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.full = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._note(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = settings.LECTURE_MAX_BYTES + 1 - start
        if room <= 0 or self.full:
            return
        try:
            self.file.write(raw_data[:room])
        except OSError as error:
            self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if not self.full:
            try:
                return super().file_complete(file_size)
            except OSError as error:  # the last bytes were written only now
                self._give_up(error)
        file = InMemoryUploadedFile(
            BytesIO(),
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            0,
            self.charset,
        )
        file.has_no_room = True  # type: ignore[attr-defined]
        return file

    def _note(self, error: OSError) -> None:
        """Remember a full disk; whatever else it is goes on its way."""
        if error.errno not in FULL:
            raise error
        self.full = True

    def _give_up(self, error: OSError) -> None:
        """Make room at once for whoever needs it."""
        self._note(error)
        with suppress(OSError):
            self.file.close()


def has_no_room(file: UploadedFile[Any]) -> bool:
    """Whether the disk was too full to receive this file."""
    return getattr(file, "has_no_room", False)
