"""Tables of processes."""

from django.db import models


class Process(models.Model):
    """One node number and the process that holds it; each process writes its own row."""

    node = models.SmallIntegerField(primary_key=True)
    role = models.CharField(max_length=20)
    holder = models.CharField(max_length=80)
    applied_version = models.BigIntegerField(default=0)
    applied_delta = models.BigIntegerField(default=0, db_default=0)
    applied_totals = models.BigIntegerField(default=0, db_default=0)
    """Of a decision process: up to which change, delta and publication of totals it has read."""
    clock_version = models.BigIntegerField(default=0)
    seen_at_ms = models.BigIntegerField()


class Start(models.Model):
    """How many processes of a role were started on this data folder; makes a sandbox's ids repeatable."""

    role = models.CharField(max_length=20, primary_key=True)
    count = models.BigIntegerField(default=0)


class WorldClock(models.Model):
    """One row, id 1: world time = wire time + ``offset_ms``; ``version`` rises with each move."""

    id = models.SmallIntegerField(primary_key=True)
    offset_ms = models.BigIntegerField()
    version = models.BigIntegerField()
