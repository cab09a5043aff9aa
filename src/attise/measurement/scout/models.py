"""Tables of the scout; written by ``actions`` alone."""

from django.db import models

VERDICT_CHARACTERS = 10


class Analysis(models.Model):
    """One row, id 1: when posts were last ranked, of world time, and how many."""

    id = models.SmallIntegerField(primary_key=True)
    at_ms = models.BigIntegerField()
    posts = models.IntegerField()
    learnt_from = models.IntegerField()
    """Posts whose own past moved the forecast's weights."""
    tried_at_ms = models.BigIntegerField(default=0)
    """When posts were last put to trial."""


class Standing(models.Model):
    """What the last analysis said of a post; the row goes when a later one does not speak of it."""

    post_id = models.BigIntegerField(primary_key=True)
    creator_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    published_at_ms = models.BigIntegerField()
    score = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    verdict = models.CharField(max_length=VERDICT_CHARACTERS)
    from_ms = models.BigIntegerField(null=True)
    until_ms = models.BigIntegerField(null=True)
    no_growth_at_ms = models.BigIntegerField(null=True)
    views = models.BigIntegerField()
    """Organic ones."""
    body = models.JSONField()
    """Growth, organic views for a paid one, signals and reasons, as ``views.StandingView`` tells them."""

    class Meta:
        indexes = [
            models.Index(fields=["-score", "post_id"], name="scout_standing_score"),
            models.Index(fields=["verdict", "-score"], name="scout_standing_verdict"),
            models.Index(fields=["creator_id"], name="scout_standing_creator"),
        ]


class Trial(models.Model):
    """A post that was judged at a moment, by the scout and by what people use instead; later, what came of it.

    It *waits* while ``growth`` is null, and is never changed once that is known.
    """

    id = models.BigAutoField(primary_key=True)
    at_ms = models.BigIntegerField()
    post_id = models.BigIntegerField()
    score = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    verdict = models.CharField(max_length=VERDICT_CHARACTERS)
    views = models.BigIntegerField()
    likes = models.BigIntegerField()
    last_growth = models.FloatField()
    """Views of the last six hours beside those there were."""
    chance = models.FloatField()
    """0..1, drawn then: the order that luck would have picked in."""
    growth = models.FloatField(null=True)
    """Organic views of the two days after, beside those there were."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["at_ms", "post_id"], name="scout_trial_once")]
        indexes = [models.Index(fields=["at_ms"], name="scout_trial_waits", condition=models.Q(growth__isnull=True))]
