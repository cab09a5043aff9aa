"""The tables of inboxes."""

from django.db import models


class Place(models.Model):
    """Up to where one person has read, and was mailed, the notices of one audience."""

    pk = models.CompositePrimaryKey("person_id", "audience", "audience_id")
    person_id = models.BigIntegerField()
    audience = models.CharField(max_length=20)
    audience_id = models.BigIntegerField()
    read_to = models.BigIntegerField(default=0)
    """The newest notice that was read; of ``viewer`` a moment of world time."""
    mailed_to = models.BigIntegerField(default=0)
    """The newest notice that an e-mail told of."""


class Mailing(models.Model):
    """A person who wants digests by e-mail. No row: they do not."""

    person_id = models.BigIntegerField(primary_key=True)
    mailed_at_ms = models.BigIntegerField(default=0)
    """Wire time of the last digest, or of the wish: the next one is due an hour later."""
