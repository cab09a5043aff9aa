"""Tables of idempotency."""

from django.db import models


class Key(models.Model):
    """One key of one credential on one method and path.

    States: *running* (``answer`` is null, until ``lease_until_ms``) → *answered* (kept until ``expires_at_ms``).
    """

    id = models.BigAutoField(primary_key=True)
    scope_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of credential, method, path and key."""
    body_hash = models.CharField(max_length=64)
    holder = models.CharField(max_length=32)
    """A random mark of the request that runs, so that a late one cannot store its answer over a newer one's."""
    lease_until_ms = models.BigIntegerField()
    status = models.SmallIntegerField(null=True)
    answer = models.BinaryField(null=True)
    expires_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["expires_at_ms"], name="idempotency_expiry")]
