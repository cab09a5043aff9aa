"""Tables of invoices. ``Invoice`` and ``Issuer`` are written once; the database refuses to change or remove a row."""

from django.db import models

from attise.management.accounts.models import Advertiser


class Issuer(models.Model):
    """Who invoices, as the operator states it: the newest row counts, each paper keeps the one of its day."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=200)
    address = models.TextField()
    registration = models.CharField(max_length=200, blank=True)
    """Registration and tax numbers, as the law of the place wants them said."""
    mention = models.TextField(blank=True)
    """What the law wants said of taxes and payment; the ledger knows no tax."""
    stated_by = models.CharField(max_length=60)
    stated_at_ms = models.BigIntegerField()


class Series(models.Model):
    """The last number of a series such as ``F-2026``; its lock orders whoever issues."""

    name = models.CharField(max_length=20, primary_key=True)
    last_number = models.BigIntegerField()


class Invoice(models.Model):
    """An invoice or a credit note, as it was issued: ``body`` is the whole of it, under a hash."""

    class Kind(models.TextChoices):
        """What it is."""

        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    series = models.CharField(max_length=20)
    number = models.BigIntegerField()
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=7)
    """``2026-11``, in the advertiser's zone."""
    to_ms = models.BigIntegerField()
    """World time: what lies before it, was sealed up to ``told_number``, and is on no earlier paper, is on this one."""
    told_number = models.BigIntegerField()
    """The last sealed batch of the currency that it tells of."""
    total_micros = models.BigIntegerField()
    """The exact sum of the ledger; above zero."""
    body = models.TextField()
    hash = models.CharField(max_length=64)
    issued_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="invoice_number"),
            models.UniqueConstraint(fields=["advertiser", "kind", "period"], name="invoice_of_month"),
            models.CheckConstraint(condition=models.Q(total_micros__gt=0, number__gt=0), name="invoice_of_something"),
        ]
        indexes = [models.Index(fields=["advertiser", "-id"], name="invoice_of_advertiser")]
