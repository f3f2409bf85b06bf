"""Receiving uploads without letting them fill the disk."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keeps no more than one byte over the largest lecture of any file.

    The rest is received and forgotten, and the true size is still told, so the page
    can refuse the file in words instead of breaking the connection.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = settings.LECTURE_MAX_BYTES + 1 - start
        if room > 0:
            self.file.write(raw_data[:room])
