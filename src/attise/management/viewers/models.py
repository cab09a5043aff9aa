"""Tables of viewers."""

from django.db import models


class Viewer(models.Model):
    """One viewer. ``person_id`` links a person of this installation to their own viewer; hosts use ``external_id``."""

    id = models.BigIntegerField(primary_key=True)
    external_id = models.CharField(max_length=128, null=True, unique=True)
    person_id = models.BigIntegerField(null=True, unique=True)
    key = models.BinaryField(max_length=32)
    """The person's own key; the pseudonym is a keyed hash under it."""
    pseudonym = models.CharField(max_length=64, unique=True)
    """What logs and counters know the viewer by."""
    birth_date = models.DateField(null=True)
    gender = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=5, blank=True)
    os = models.CharField(max_length=10, blank=True)
    device_price = models.IntegerField(null=True)
    interests = models.JSONField(default=list)
    follows = models.JSONField(default=list)
    profiling_consent = models.BooleanField(default=False)
    consented_at_ms = models.BigIntegerField(null=True)
    created_at_ms = models.BigIntegerField()
    record = models.TextField()
    interests_since = models.JSONField(default=dict)
    """Since when (world time) each of ``interests`` is chosen; those chosen before this was kept are not there."""
    interests_removed = models.JSONField(default=dict)
    """Interests that the viewer wants nobody to derive, each with since when."""
    interests_derived = models.JSONField(default=dict)
    """Interests that were derived from events, each with since when; this and what follows: with consent alone."""
    behaviours = models.JSONField(default=list)
    """Category, action and day of each."""
    hidden = models.JSONField(default=list)
    """What the viewer wants to see no more: advertiser, ad (0: all of them) and since when, of each (``hiding``)."""
    profile_from_ms = models.BigIntegerField(default=0)
    """World time: what was done before says nothing of the viewer."""


class Profile(models.Model):
    """What a viewer's derived interests and behaviours rest on. There with consent alone, and gone with it."""

    viewer = models.OneToOneField(Viewer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    evidence = models.BinaryField()
    """Of ``measurement.profiles.evidence``, a closed box here."""
    next_at_ms = models.BigIntegerField(null=True)
    """World time at which part of it ends by itself."""

    class Meta:
        indexes = [models.Index(fields=["next_at_ms"], name="viewers_profile_next")]


class ProfilePlace(models.Model):
    """One row, id 1: up to where profiles were derived from the log of events; its lock lets one derive at a time."""

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    entries = models.IntegerField()
    """Of those that follow the position, how many were looked at too."""
