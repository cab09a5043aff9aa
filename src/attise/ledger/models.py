"""Tables of the ledger. The database itself refuses to change what is sealed: batches, transfers, entries, charges.

Every row but those of ``Head``, ``Account``, ``Envelope`` and ``EnvelopePeriod`` is written once. What those four hold
beside their declaration (a running balance, what a period has spent) can be counted anew from the sealed rows, and
``verify`` does so. All of them are written by ``book`` alone. ``Touched`` is a list of what to look at, and no truth.
"""

from django.db import models

KEY_CHARACTERS = 120
CURRENCY_CHARACTERS = 3
ZONE_CHARACTERS = 64
HASH_CHARACTERS = 64


class Head(models.Model):
    """The newest sealed batch of a currency; locking this row orders all that is written in the currency."""

    currency = models.CharField(max_length=CURRENCY_CHARACTERS, primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=HASH_CHARACTERS, blank=True)


class Account(models.Model):
    """One side of transfers. A balance above zero is what the house keeps for somebody; below, what came from outside.

    ``kind`` is the first word of ``key``. ``balance_micros`` is the sum of the account's entries.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=KEY_CHARACTERS)
    currency = models.CharField(max_length=CURRENCY_CHARACTERS)
    kind = models.CharField(max_length=40)
    balance_micros = models.BigIntegerField()
    opened_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "currency"], name="ledger_account_once")]


class Batch(models.Model):
    """What was sealed together: one hash over the one before and every row of it, in canonical order."""

    id = models.BigIntegerField(primary_key=True)
    currency = models.CharField(max_length=CURRENCY_CHARACTERS)
    number = models.BigIntegerField()
    """Rises by one in each currency, from 1."""
    at_ms = models.BigIntegerField()
    """World time of the sealing."""
    lines = models.IntegerField()
    """How many transfers and charges it holds."""
    previous_hash = models.CharField(max_length=HASH_CHARACTERS, blank=True)
    hash = models.CharField(max_length=HASH_CHARACTERS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "number"], name="ledger_batch_number")]


class Transfer(models.Model):
    """An immutable movement between accounts of one currency; its entries sum to zero.

    ``key`` makes it once; the transfer of a charge has none of its own, it bears the charge's id.
    """

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    key = models.CharField(max_length=KEY_CHARACTERS, null=True)
    reason = models.CharField(max_length=40)
    actor = models.CharField(max_length=60, blank=True)
    """Who moved it, as histories say it; empty for a charge."""
    memo = models.CharField(max_length=200, blank=True)
    at_ms = models.BigIntegerField()
    """World time: of the decision for a charge, of the act for the rest."""
    reverses = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(key__isnull=False), name="ledger_transfer_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=models.Q(reverses__isnull=False), name="ledger_reversed_once"
            ),
        ]


class Entry(models.Model):
    """What a transfer does to one account."""

    pk = models.CompositePrimaryKey("transfer_id", "number")
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="entries", db_index=False)
    number = models.SmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount_micros = models.BigIntegerField()
    by_charge = models.BooleanField()
    """Whether a charge made it; statements leave those to the totals of envelopes."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_micros=0), name="ledger_entry_moves"),
        ]
        indexes = [models.Index(fields=["account", "by_charge", "transfer"], name="ledger_entry_of_account")]


class Envelope(models.Model):
    """A limit on what may be charged to an account: by day, by week, in total, for a grant, or its balance.

    States: *open*, or *closed* since ``closed_at_ms``; closing and reopening are management's words. A ``balance``
    envelope has no standing limit: its one period's limit is what transfers brought, less what they took.
    """

    class Kind(models.TextChoices):
        """Over what a limit counts."""

        DAY = "day"
        WEEK = "week"
        TOTAL = "total"
        GRANT = "grant"
        BALANCE = "balance"

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    currency = models.CharField(max_length=CURRENCY_CHARACTERS)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    """Who pays what is charged within it."""
    timezone = models.CharField(max_length=ZONE_CHARACTERS)
    next_timezone = models.CharField(max_length=ZONE_CHARACTERS, blank=True)
    next_from_ms = models.BigIntegerField(null=True)
    """World time from which ``next_timezone`` rules: a local midnight."""
    limit_micros = models.BigIntegerField(null=True)
    """The standing limit, that of periods to come; None is no limit."""
    closed_at_ms = models.BigIntegerField(null=True)
    """Wire time."""
    opened_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(kind="balance"), name="ledger_balance_envelope_once"
            ),
        ]


class EnvelopePeriod(models.Model):
    """What an envelope holds in one of its periods; made by the first charge, or by a limit that must outlive a change.

    ``asked_micros`` is the limit that was set; ``limit_micros`` is the one that rules, never below what is spent.
    """

    pk = models.CompositePrimaryKey("envelope_id", "period")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="periods", db_index=False)
    period = models.CharField(max_length=10)
    """``2026-11-26``, ``2026-W48``, or empty for what has no end."""
    asked_micros = models.BigIntegerField(null=True)
    limit_micros = models.BigIntegerField(null=True)
    spent_micros = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(spent_micros__gte=0), name="ledger_spent_not_negative"),
            models.CheckConstraint(
                condition=models.Q(limit_micros__isnull=True)
                | models.Q(spent_micros__lte=models.F("limit_micros"), asked_micros__lte=models.F("limit_micros")),
                name="ledger_spent_within_limit",
            ),
        ]


class Touched(models.Model):
    """An envelope that is not as it was when somebody last took note; whoever publishes totals takes the row away.

    Written by ``book`` with whatever touched it, so that none is missed; several rows of one envelope are one.
    """

    id = models.BigAutoField(primary_key=True)
    envelope_id = models.BigIntegerField()


class Charge(models.Model):
    """What one settled event costs: *charged*, with a transfer of the same id, or *free*, with the reason.

    A charge of zero is *charged* and moves nothing. A reversal is another transfer; this row never changes.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        CHARGED = "charged"
        FREE = "free"

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True)
    amount_micros = models.BigIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=20, blank=True)
    """Why it is free."""
    places = models.TextField()
    """JSON ``[[envelope id, period], …]`` by id: where it was, or would have been, spent."""
    legs = models.TextField()
    """JSON ``[[account key, micros], …]`` by key: who was, or would have been, paid."""
    decided_at_ms = models.BigIntegerField()
    """World time of the decision: its local day pays."""
    received_at_ms = models.BigIntegerField()
    """Wire time of the receipt: a closed envelope takes what was received until 60 s after."""


class Restored(models.Model):
    """The house was brought back from a copy. Written once each time, before anybody serves it again."""

    id = models.BigAutoField(primary_key=True)
    made_at_ms = models.BigIntegerField()
    """Wire time of the copy."""
    restored_at_ms = models.BigIntegerField()
    """Wire time: what comes with a token of before, and after this, is free."""
