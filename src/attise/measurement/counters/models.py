"""Tables of the counters; written by ``actions`` alone."""

from django.db import models

from attise.measurement.counters.columns import Counts

PERSON_CHARACTERS = 64
KIND_CHARACTERS = 8


class Subject(Counts):
    """Counters in all, of one part. ``kind`` says what ``subject_id`` is: a post, a standard ad, a profile."""

    pk = models.CompositePrimaryKey("subject_id", "is_paid")
    subject_id = models.BigIntegerField()
    is_paid = models.BooleanField()
    kind = models.CharField(max_length=KIND_CHARACTERS)
    creator_id = models.BigIntegerField()
    """0: none, or not known."""

    class Meta:
        indexes = [
            models.Index(fields=["creator_id"], name="counters_subject_creator"),
            models.Index(
                fields=["subject_id"], name="counters_subject_reported", condition=models.Q(kind="post", reports__gt=0)
            ),
        ]


class Hour(Counts):
    """Counters of one hour of world time, of one part."""

    pk = models.CompositePrimaryKey("subject_id", "hour_ms", "is_paid")
    subject_id = models.BigIntegerField()
    hour_ms = models.BigIntegerField()
    """Its beginning."""
    is_paid = models.BooleanField()


class State(models.Model):
    """How a person stands to an object: *on* or *off*, as all their acts on it say (``folding``)."""

    pk = models.CompositePrimaryKey("person", "kind", "object_id")
    person = models.CharField(max_length=PERSON_CHARACTERS)
    """Their pseudonym; of somebody without memory, the decision."""
    kind = models.CharField(max_length=KIND_CHARACTERS)
    """``like``, ``save`` or ``follow``."""
    object_id = models.BigIntegerField()
    """A post or a standard ad; of a follow, the creator."""
    is_on = models.BooleanField()
    body = models.BinaryField()


class Watched(models.Model):
    """How long the video of one decision was watched: the longest that any of its events told. Kept for its time."""

    decision_id = models.BigIntegerField(primary_key=True)
    watch_ms = models.BigIntegerField()


class Followed(models.Model):
    """A follow that was turned on or off and that the person's record has not been told of, oldest first."""

    id = models.BigAutoField(primary_key=True)
    person = models.CharField(max_length=PERSON_CHARACTERS)
    creator_id = models.BigIntegerField()
    is_on = models.BooleanField()
