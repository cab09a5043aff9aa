"""Tables of what the operator sets. ``Change`` is append-only; the database refuses to alter or remove a row."""

from django.db import models


class Value(models.Model):
    """A setting as it stands, by its name; one that nobody set has no row."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()
    """JSON: edges read it in plain SQL, alike on both databases."""


class Change(models.Model):
    """One change of one setting."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=40)
    before = models.TextField()
    """JSON, as is ``after``."""
    after = models.TextField()
    note = models.CharField(max_length=500)
    actor = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    at_ms = models.BigIntegerField()
    """World time."""

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="policy_change_of_name")]
