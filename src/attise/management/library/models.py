"""Tables of the creative library."""

from django.db import models

from attise.management.accounts.models import Advertiser
from attise.management.posts.models import Media


class Video(models.Model):
    """A video uploaded for ads; ``video_id`` is what leaves the house."""

    id = models.BigIntegerField(primary_key=True)
    video_id = models.CharField(max_length=40, unique=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=100)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advertiser", "file_name"], name="library_video_name")]


class Image(models.Model):
    """An image uploaded for ads; ``image_id`` is what leaves the house."""

    id = models.BigIntegerField(primary_key=True)
    image_id = models.CharField(max_length=80, unique=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=100)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advertiser", "file_name"], name="library_image_name")]


class Identity(models.Model):
    """A name and a picture without an account: the author of a standard ad."""

    id = models.BigIntegerField(primary_key=True)
    identity_id = models.CharField(max_length=40, unique=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    display_name = models.CharField(max_length=100)
    image = models.ForeignKey(Image, models.PROTECT, related_name="+", null=True)
    created_at_ms = models.BigIntegerField()
    deleted_at_ms = models.BigIntegerField(null=True)


class Portfolio(models.Model):
    """A set of calls to action that an ad may choose its button from. Never changed: ads name it."""

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    contents = models.JSONField()
    """A list of ``{"content": label or empty, "call_ids": [ids of records.lookups.call_to_actions]}``."""
    created_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["advertiser", "-id"], name="portfolio_of_advertiser")]
