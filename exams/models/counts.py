"""How much the store holds, counted a part at a time."""

from __future__ import annotations

from django.db import models


class StoreCount(models.Model):
    """Objects and bytes of the owners whose ids begin with `shard`, when last counted."""

    shard = models.CharField(max_length=1, primary_key=True)
    objects_found = models.PositiveBigIntegerField()
    bytes_found = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.shard
