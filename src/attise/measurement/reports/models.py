"""Tables of reports; written by ``actions`` alone."""

from django.db import models


class Watermark(models.Model):
    """One row, id 1: up to where facts tell what happened.

    It *rests* while ``planned`` is ``position``; else a file from the one to the other is being written, and whoever
    finds it so writes that file again, under the same name.
    """

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    """Of the log: all that was settled up to it stands in files."""
    planned = models.BigIntegerField()
    counted_to_ms = models.BigIntegerField()
    """Wire time: every event received before it stands in files."""
    complete_to_ms = models.BigIntegerField()
    """The same moment in world time."""
    planned_counted_to_ms = models.BigIntegerField()
    """What the two become with the planned file."""
    planned_complete_to_ms = models.BigIntegerField()
    facts = models.BigIntegerField()
    """Rows written in all."""


class File(models.Model):
    """A file of facts. It *holds* while ``replaced_at_ms`` is null.

    Then another one that covers it took its place, or its facts were let go of for their age.
    """

    id = models.BigAutoField(primary_key=True)
    from_position = models.BigIntegerField()
    """Of the log: facts beyond it, up to the next."""
    to_position = models.BigIntegerField()
    rows = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    written_at_ms = models.BigIntegerField()
    """Wire time; of one that took the place of others, that of the newest of them."""
    complete_to_ms = models.BigIntegerField()
    """World time of the watermark that it brought."""
    replaced_at_ms = models.BigIntegerField(null=True)
    """Wire time."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_position", "to_position"], name="reports_file_once")]
