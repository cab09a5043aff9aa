"""Tables of lift; written by ``actions`` alone. Times are epoch milliseconds of world time."""

from django.db import models

PERSON_CHARACTERS = 64
SIGNAL_CHARACTERS = 20


class Place(models.Model):
    """One row, id 1: up to where the log is read; its lock lets one read at a time."""

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()


class Exposure(models.Model):
    """Somebody for whom a campaign's ad won, or would have: *shown* or *held out*, as the decisions' records say.

    Who is of which arm is decided by the campaign's share; one of another share is another experiment.
    """

    pk = models.CompositePrimaryKey("campaign_id", "holdout_ppm", "person")
    campaign_id = models.BigIntegerField()
    holdout_ppm = models.IntegerField()
    person = models.CharField(max_length=PERSON_CHARACTERS)
    """Pseudonym."""
    is_held = models.BooleanField()
    first_at_ms = models.BigIntegerField()
    """When it won first; whatever they do from then on is compared."""
    last_at_ms = models.BigIntegerField()
    wins = models.IntegerField()
    """How often it won."""

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="lift_exposure_person"),
            models.Index(fields=["last_at_ms"], name="lift_exposure_age"),
        ]


class Meeting(models.Model):
    """Somebody whom a split test met, and the side that they are shown: chance alone decided it, before anything."""

    pk = models.CompositePrimaryKey("split_id", "person")
    split_id = models.BigIntegerField()
    person = models.CharField(max_length=PERSON_CHARACTERS)
    """Pseudonym."""
    side = models.SmallIntegerField()
    first_at_ms = models.BigIntegerField()
    last_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="lift_meeting_person"),
            models.Index(fields=["last_at_ms"], name="lift_meeting_age"),
        ]


class SplitResult(models.Model):
    """What a split test came to, worked out by the worker now and then; *final* once nothing more can come for it."""

    split_id = models.BigIntegerField(primary_key=True)
    as_of_ms = models.BigIntegerField()
    """World time: all that happened before is in it."""
    is_final = models.BooleanField()
    body = models.BinaryField()
    """``kept.Kept``."""


class Target(models.Model):
    """A post that a campaign with a holdout showed, or would have, and whose it is: where acts are looked for."""

    pk = models.CompositePrimaryKey("campaign_id", "post_id")
    campaign_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["post_id"], name="lift_target_post")]


class Act(models.Model):
    """Something that one of these people did in the feed, and not through an ad, on a target post or its creator."""

    pk = models.CompositePrimaryKey("campaign_id", "key")
    campaign_id = models.BigIntegerField()
    key = models.BinaryField(max_length=16)
    """What it counts once by."""
    person = models.CharField(max_length=PERSON_CHARACTERS)
    post_id = models.BigIntegerField()
    """0: on the creator, and through no post."""
    signal = models.CharField(max_length=SIGNAL_CHARACTERS)
    """Of ``acts.SIGNALS``."""
    step = models.SmallIntegerField()
    """1; -1 where it was taken back."""
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["person"], name="lift_act_person")]
