"""Tables of the outbox. Rows are written by ``actions.unit`` alone and never changed."""

from django.db import models


class Version(models.Model):
    """One row, id 1: the number of the newest committed change; its lock orders commits."""

    id = models.SmallIntegerField(primary_key=True)
    n = models.BigIntegerField()


class Change(models.Model):
    """A change that decisions must learn of; kinds and bodies are those of ``records.change``."""

    version = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    body = models.TextField()


class Notice(models.Model):
    """Something a person must learn of: to whom, what, about which object.

    ``once`` makes a notice unique where a repetition would be noise (a reminder of one day about one grant).
    """

    id = models.BigIntegerField(primary_key=True)
    audience = models.CharField(max_length=20)
    """``creator``, ``advertiser``, ``business_center`` or ``operator``."""
    audience_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    body = models.JSONField()
    once = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["audience", "audience_id", "-id"], name="notice_audience")]
