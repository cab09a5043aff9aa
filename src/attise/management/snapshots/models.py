"""Tables of snapshots. Deltas are written once; the position moves forward only."""

from django.db import models


class Position(models.Model):
    """One row, id 1: how far deltas have been made.

    *At rest* while ``upto`` equals ``version`` and ``clock_upto_ms`` equals ``clock_ms``: all that follows from the
    changes up to the one, and from the clock up to the other, is told. *Under way* otherwise: of what follows from
    changes and clock up to the farther ends, posts (``stage`` 0) or ads (``stage`` 1) are told up to the id ``after``.
    """

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(db_default=0)
    """Of the newest delta."""
    version = models.BigIntegerField(db_default=0)
    upto = models.BigIntegerField(db_default=0)
    clock_ms = models.BigIntegerField(db_default=0)
    """World time up to which grants that the clock ended were looked for."""
    clock_upto_ms = models.BigIntegerField(db_default=0)
    stage = models.SmallIntegerField(db_default=0)
    after = models.BigIntegerField(db_default=0)
    holder = models.CharField(max_length=80, blank=True, db_default="")
    """The worker that holds the lease, until ``held_until_ms`` (wire time)."""
    held_until_ms = models.BigIntegerField(db_default=0)


class Delta(models.Model):
    """One object as it stood at ``version``, or that it may not run any more; ``kind`` is of ``records``' deltas."""

    number = models.BigIntegerField(primary_key=True)
    """Rises by one with each."""
    version = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    body = models.BinaryField()
    made_at_ms = models.BigIntegerField()
    """Wire time."""

    class Meta:
        indexes = [models.Index(fields=["object_id", "number"], name="snapshot_delta_of_object")]


class File(models.Model):
    """A whole snapshot, written into the data folder that ``place`` names; its row goes with the file."""

    id = models.BigIntegerField(primary_key=True)
    place = models.CharField(max_length=32)
    version = models.BigIntegerField()
    number = models.BigIntegerField()
    name = models.CharField(max_length=60)
    ads = models.BigIntegerField()
    posts = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    took_ms = models.IntegerField()
    made_at_ms = models.BigIntegerField()
    """Wire time."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="snapshot_file_once")]
