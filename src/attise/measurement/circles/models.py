"""Tables of circles; written by ``actions`` alone."""

from django.db import models

STATE_CHARACTERS = 8
REASON_CHARACTERS = 12
CATEGORY_CHARACTERS = 40
COUNTS_BYTES = 128


class Plan(models.Model):
    """One row, id 1: what the house goes by (``book.Plan``); its lock lets one turn be taken at a time."""

    id = models.SmallIntegerField(primary_key=True)
    totals_version = models.BigIntegerField(default=0)
    """Posts that changed up to it were looked at."""
    body = models.JSONField(null=True)
    """Null: nothing was looked at yet."""


class Standing(models.Model):
    """How far a post has come: *testing*, *open* or *stopped* (``moving``). The row is there once somebody met it."""

    post_id = models.BigIntegerField(primary_key=True)
    creator_id = models.BigIntegerField()
    category = models.CharField(max_length=CATEGORY_CHARACTERS, blank=True)
    length = models.SmallIntegerField()
    """Its duration group."""
    published_at_ms = models.BigIntegerField()
    state = models.CharField(max_length=STATE_CHARACTERS)
    circle = models.SmallIntegerField()
    since_ms = models.BigIntegerField()
    """When it came there; this and what follows of time is of the world."""
    reason = models.CharField(max_length=REASON_CHARACTERS)
    """Why it did: of ``moving.Reason``."""
    met_before = models.BigIntegerField()
    """Organic impressions at that moment; below, all organic counts then, in the order of ``quality.READ``."""
    base = models.BinaryField(max_length=COUNTS_BYTES)
    """MessagePack; below, when it was last looked at."""
    seen = models.BinaryField(max_length=COUNTS_BYTES)
    looked_at_ms = models.BigIntegerField()
    above = models.FloatField(null=True)
    """By how much it was above the mean of its circle when it was last judged; null: it never was."""

    class Meta:
        indexes = [
            models.Index(fields=["state", "looked_at_ms"], name="circles_standing_due"),
            models.Index(fields=["creator_id"], name="circles_standing_creator"),
            models.Index(fields=["published_at_ms"], name="circles_standing_published"),
        ]


class Move(models.Model):
    """A post came somewhere, and why. Appended, never changed."""

    id = models.BigAutoField(primary_key=True)
    post_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    from_circle = models.SmallIntegerField()
    state = models.CharField(max_length=STATE_CHARACTERS)
    circle = models.SmallIntegerField()
    last = models.SmallIntegerField()
    """The circle that was everyone then."""
    reason = models.CharField(max_length=REASON_CHARACTERS)
    met = models.BigIntegerField()
    """Organic impressions of the batch that was judged; below, their mean quality, and the circle's bar."""
    mean = models.FloatField(null=True)
    value = models.FloatField(null=True)
    """What was thought of its quality, its like considered; null, as the others: nothing was judged."""
    bar = models.FloatField(null=True)
    is_result = models.BooleanField(default=False)
    """Whether a gate judged it on its way up: later bars are made of such."""

    class Meta:
        indexes = [
            models.Index(fields=["post_id"], name="circles_move_of_post"),
            models.Index(fields=["from_circle", "id"], name="circles_move_result", condition=models.Q(is_result=True)),
        ]


class Untold(models.Model):
    """A post whose circle decisions were not told yet; whoever publishes totals takes the row away."""

    id = models.BigAutoField(primary_key=True)
    post_id = models.BigIntegerField()
