"""Tables of attempts."""

from django.db import models


class Attempt(models.Model):
    """Failures of one kind by one subject within one minute of wire time."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=43)
    minute = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "minute"], name="attempt_once")]
        indexes = [models.Index(fields=["minute"], name="attempt_minute")]
