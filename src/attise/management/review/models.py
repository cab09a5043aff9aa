"""The tables of review. Times are world time in epoch milliseconds."""

from django.db import models

from attise.management.campaigns.models import Ad
from attise.management.posts.models import Comment, Post


class Decision(models.Model):
    """What a person decided of one creative of an ad, and why. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    ad = models.ForeignKey(Ad, models.PROTECT, related_name="+")
    creative_version = models.IntegerField()
    was = models.CharField(max_length=8)
    """``pending``, or ``approved`` when an approval was taken back."""
    verdict = models.CharField(max_length=8)
    """``approved`` or ``rejected``."""
    rule = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=200, blank=True)
    """The rule as it read then."""
    note = models.CharField(max_length=500, blank=True)
    on_appeal = models.BooleanField(default=False)
    appeal_note = models.CharField(max_length=500, blank=True)
    """What the advertiser had said against the refusal before."""
    seen = models.JSONField()
    """The creative and its advertiser as they were; identifiers are texts."""
    reviewer = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    asked_at_ms = models.BigIntegerField(null=True)
    """Since when the ad had waited; null when it did not."""
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ad", "-id"], name="decision_of_ad")]


class Ruling(models.Model):
    """What a person decided of a post that viewers reported, and why. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    reports = models.BigIntegerField()
    """How many reports the post had then; those that follow ask for another look."""
    verdict = models.CharField(max_length=8)
    """``kept``, ``hidden`` or ``removed``."""
    note = models.CharField(max_length=200, blank=True)
    """Its creator reads it, where the post does not stay."""
    reviewer = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["post", "-id"], name="ruling_of_post")]


class CommentReport(models.Model):
    """A viewer reported a comment: once, however often they say so. It goes with the comment, and with the viewer."""

    pk = models.CompositePrimaryKey("comment_id", "viewer_id")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+", db_index=False)
    viewer_id = models.BigIntegerField(db_index=True)
    at_ms = models.BigIntegerField()


class AdReport(models.Model):
    """Somebody reported an ad: once, however often they say so. It goes with the viewer."""

    pk = models.CompositePrimaryKey("ad_id", "reporter")
    ad = models.ForeignKey(Ad, models.CASCADE, related_name="+", db_index=False)
    reporter = models.CharField(max_length=64, db_index=True)
    """The pseudonym of who was shown it; of somebody without memory, the decision."""
    reason = models.CharField(max_length=12)
    """One of ``rules.AD_REASONS``."""
    at_ms = models.BigIntegerField()


class AdRuling(models.Model):
    """What a person decided of an ad that was reported, and why. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    ad = models.ForeignKey(Ad, models.PROTECT, related_name="+")
    reports = models.BigIntegerField()
    """How many reports the ad had then; those that follow ask for another look."""
    verdict = models.CharField(max_length=8)
    """``kept``, ``limited`` or ``removed``."""
    rule = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    """Its advertiser reads both, where the ad does not go on."""
    reviewer = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ad", "-id"], name="ruling_of_ad")]


class CommentRuling(models.Model):
    """What a person decided of a comment that viewers reported, and why. Append-only: it outlives the comment."""

    id = models.BigIntegerField(primary_key=True)
    comment_id = models.BigIntegerField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    reports = models.BigIntegerField()
    """How many reports the comment had then; those that follow ask for another look."""
    verdict = models.CharField(max_length=8)
    """``kept`` or ``hidden``."""
    note = models.CharField(max_length=200, blank=True)
    """Whoever wrote it reads it, where the comment is hidden."""
    reviewer = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["comment_id", "-id"], name="ruling_of_comment")]
