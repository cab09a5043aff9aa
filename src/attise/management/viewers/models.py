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
