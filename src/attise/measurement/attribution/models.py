"""Tables of attribution; written by ``actions`` alone, read by decision processes with plain SQL."""

from django.db import models


class Head(models.Model):
    """One row, id 1: up to where totals speak; its lock orders publications."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField()
    """Rises by one with each publication that changed a row."""
    published_at_ms = models.BigIntegerField()
    """Wire time of the last look."""
    counted_to_ms = models.BigIntegerField()
    """Wire time: every event received before it is counted."""


class Totals(models.Model):
    """What one object holds so far; ``kind`` says of which sort it is, and of which shape its ``body``."""

    object_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    """``envelope``."""
    version = models.BigIntegerField()
    """Of the head, when this row was last changed."""
    ends_at_ms = models.BigIntegerField(null=True)
    """World time from which another period counts; null for what has no periods."""
    body = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["version"], name="attribution_totals_version"),
            models.Index(fields=["ends_at_ms"], name="attribution_totals_end"),
        ]
