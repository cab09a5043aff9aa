"""Tables of creators' payouts. Who writes them: ``actions`` alone."""

from django.db import models

from attise.management.accounts.models import Creator


class PayoutAccount(models.Model):
    """An outside account that a creator is paid on: the newest one counts, older ones stay for what was paid there.

    The number is sealed; ``fingerprint``, a keyed hash, tells whether two creators named the same one.
    """

    id = models.BigIntegerField(primary_key=True)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    method = models.CharField(max_length=20)
    holder = models.CharField(max_length=100)
    sealed = models.BinaryField()
    mask = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=64, db_index=True)
    created_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["creator", "-id"], name="payout_account_of_creator")]


class Payout(models.Model):
    """Money on its way from the house to a creator.

    States: *asked* or *held* (``held_for`` says why) → *approved*, *refused* by the operator, or *withdrawn* by the
    creator; *approved* → *paid* or *failed*. While it is asked or held it reserves its amount; from its approval on the
    ledger holds it.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        HELD = "held"
        APPROVED = "approved"
        PAID = "paid"
        REFUSED = "refused"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    id = models.BigIntegerField(primary_key=True)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    account = models.ForeignKey(PayoutAccount, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    held_for = models.JSONField(default=list)
    """Reasons, each with the ids it speaks of: ``[["same_owner", "…"], …]``."""
    asked_by = models.CharField(max_length=60)
    asked_at_ms = models.BigIntegerField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at_ms = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    """What the operator said: why it was refused or failed, or why a held one was approved."""
    reference = models.CharField(max_length=140, blank=True)
    """How the creator's bank names it."""
    ended_at_ms = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_micros__gt=0), name="payout_above_zero"),
            models.UniqueConstraint(
                fields=["creator", "currency"],
                condition=models.Q(state__in=["asked", "held", "approved"]),
                name="payout_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["creator", "-id"], name="payout_of_creator"),
            models.Index(
                fields=["id"], condition=models.Q(state__in=["asked", "held", "approved"]), name="payout_open"
            ),
        ]
