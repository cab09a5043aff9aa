"""Columns of counters, for the tables of this room and of those above it that count the same."""

from django.db import models

from attise.measurement.counters.signals import SIGNALS


class Counts(models.Model):
    """A column for each of ``signals.SIGNALS``; an hour's may be below zero where more was taken back than given."""

    class Meta:
        abstract = True


for _name in SIGNALS:
    Counts.add_to_class(_name, models.BigIntegerField(default=0))
