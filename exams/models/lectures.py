"""A lecture, its pages and their blocks, as rows."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.querysets import LectureQuerySet, PageQuerySet
from exams.reading import document
from exams.states import LectureState


class Lecture(models.Model):
    """One uploaded PDF. The file lies at `file` in the store, under its owner's prefix.

    `sha256` is of the bytes: one owner cannot hold the same lecture twice. `outline`
    holds `[level, name, page]` as the file declares them. `untried_pictures` counts the
    pictures of text that text recognition could still be tried on. `error_code` says why
    it failed, or, for one that is read, why it could not be read again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lectures"
    )
    title = models.CharField(_("title"), max_length=200)
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=10,
        choices=LectureState,
        default=LectureState.UPLOADING,
        editable=False,
    )
    error_code = models.CharField(max_length=40, blank=True)
    error_params = models.JSONField(default=dict)
    page_count = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    flags = models.JSONField(default=list)
    outline = models.JSONField(default=list)
    untried_pictures = models.PositiveIntegerField(default=0)
    reader_version = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[LectureQuerySet] = LectureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "sha256"], name="lecture_once_per_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LectureState.values),
                name="lecture_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def was_read(self) -> bool:
        """Whether there is a reading, perhaps an older one while it is read again."""
        return bool(self.reader_version)

    @property
    def prefix(self) -> str:
        """The folder of everything made from this lecture."""
        return f"u/{self.owner_id}/lectures/{self.id}"

    @staticmethod
    def title_from(file_name: str) -> str:
        """Make a readable title of a file's name."""
        stem = PurePath(file_name).stem.replace("_", " ").replace("-", " ")
        words = " ".join(stem.split())[:200]
        return words[:1].upper() + words[1:] or file_name[:200]


class Page(models.Model):
    """One page of a lecture. `text` never changes for a given reader version.

    `words` holds `[start, end, left, top, right, bottom]` with the box in
    ten-thousandths of the page; `thumbnail` and `image` are keys in the store.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lecture = models.ForeignKey(Lecture, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="und")
    kind = models.CharField(max_length=5)
    width = models.FloatField()
    height = models.FloatField()
    text = models.TextField(blank=True)
    words = models.JSONField(default=list)
    scan = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=20, blank=True)
    hidden_characters = models.PositiveIntegerField(default=0)
    shown_on = models.PositiveIntegerField(default=0)
    thumbnail = models.CharField(max_length=200, blank=True)
    image = models.CharField(max_length=200, blank=True)

    objects: ClassVar[PageQuerySet] = PageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["lecture", "number"], name="page_once")
        ]

    def __str__(self) -> str:
        return f"{self.lecture_id} p. {self.number}"

    def as_read(self) -> document.Page:
        """Return the page as the reader saw it; needs `blocks` prefetched."""
        return document.Page(
            number=self.number,
            width=self.width,
            height=self.height,
            text=self.text,
            label=self.label,
            language=self.language,
            kind=document.PageKind(self.kind),
            blocks=tuple(block.as_read() for block in self.blocks.all()),
            words=tuple(
                document.Word(
                    start, end, document.Box(*(side / 10_000 for side in box))
                )
                for start, end, *box in self.words
            ),
            scan=self.scan,
            confidence=self.confidence,
            trouble=self.trouble,
            hidden_characters=self.hidden_characters,
            shown_on=self.shown_on,
        )


class Block(models.Model):
    """A run of a page's text with one role."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="blocks")
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField(default=0)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    size = models.FloatField(default=0)
    bold = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["page", "order"], name="block_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.start}-{self.end}"

    def as_read(self) -> document.Block:
        return document.Block(
            order=self.order,
            role=document.Role(self.role),
            start=self.start,
            end=self.end,
            level=self.level,
            size=self.size,
            bold=tuple((start, end) for start, end in self.bold),
        )
