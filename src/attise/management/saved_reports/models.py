"""Tables of reports that people keep. Times are world time in epoch milliseconds."""

from django.db import models

from attise.management.accounts.models import Advertiser, Person


class Report(models.Model):
    """A report under a name, of one advertiser; every member who may read sees it."""

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    plan = models.TextField()
    """What it asks, as doors write it."""
    made_by = models.CharField(max_length=40)
    """``person:ID`` or ``host:ID``."""
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advertiser", "name"], name="saved_report_name_once")]


class Schedule(models.Model):
    """A report is sent to a person at a moment of the day, every day, on a day of the week or on one of the month."""

    id = models.BigIntegerField(primary_key=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=5)
    """``day``, ``week`` or ``month``."""
    day = models.SmallIntegerField()
    """Of the week (1: Monday) or of the month; 0 where it is every day."""
    hour = models.SmallIntegerField()
    """Of the advertiser's zone; likewise the day."""
    form = models.CharField(max_length=10)
    """The kind of file, a word of the doors."""
    next_at_ms = models.BigIntegerField()
    sent_at_ms = models.BigIntegerField(null=True)
    """When it was last handed over, or meant to be."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person"], name="saved_report_schedule_once")]
        indexes = [models.Index(fields=["next_at_ms"], name="saved_report_due")]
