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


class PromotedTogether(models.Model):
    """What ads brought the newest promoted posts, taken together, worked out by the worker now and then."""

    advertiser_id = models.BigIntegerField(primary_key=True)
    """By whose ads; 0: by those of the whole house."""
    as_of_ms = models.BigIntegerField()
    """World time: of the hours that were over then."""
    body = models.BinaryField(null=True)
    """``promoted.Together``; null: too few posts can be told of."""
    courses = models.BinaryField(null=True)
    """The posts with a ``promoted.Course`` of each, the newest first; null: of the whole house, which lists none."""


class Task(models.Model):
    """A report that is written as a file: *waiting*, *running*, then *done*, *failed*, or *cancelled* by its owner.

    ``running`` is left by whoever writes, or found by the next who does where they were killed: it is written again.
    """

    WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"

    id = models.BigIntegerField(primary_key=True)
    advertiser_id = models.BigIntegerField()
    """In whose name it was asked for: theirs alone it is."""
    asked = models.TextField()
    """JSON of ``asking.asked.Asked``."""
    has_titles = models.BooleanField()
    """Whether columns are called by words rather than by names."""
    file_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10)
    asked_at_ms = models.BigIntegerField()
    """Wire time; likewise below."""
    ended_at_ms = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(default=0)
    form = models.CharField(max_length=10, blank=True, default="")
    """The kind of file, a word of the doors; empty: the dialect's CSV, taken as it is."""
    language = models.CharField(max_length=5, blank=True, default="")
    """In which its words are; empty: the dialect's own."""
    person_id = models.BigIntegerField(default=0)
    """Who asked for it at a console; 0: nobody did."""
    is_told = models.BooleanField(default=True)
    """Whether nobody is to be told any more that it is over."""

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="reports_task_state"),
            models.Index(fields=["advertiser_id", "state"], name="reports_task_advertiser"),
        ]
