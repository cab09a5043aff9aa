"""Tables of pixels and mobile apps. Times are world time in epoch milliseconds."""

from django.db import models

from attise.management.accounts.models import Advertiser


class Pixel(models.Model):
    """The pages of one shop or site; ``code`` is what they name."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    category = models.CharField(max_length=20, blank=True)
    partner_name = models.CharField(max_length=100, blank=True)
    """Who set the tag up for the advertiser, in the advertiser's words."""
    matches_email = models.BooleanField(default=False)
    """Whether the tag may send the hash of an e-mail address that was typed on the page."""
    matches_phone = models.BooleanField(default=False)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()
    paused_at_ms = models.BigIntegerField(null=True)
    """Since when nothing that is told of it is taken; null: it is."""

    class Meta:
        indexes = [models.Index(fields=["advertiser", "-id"], name="pixel_of_advertiser")]


class Event(models.Model):
    """What a pixel looks for: a kind of event or a name of the advertiser's own, and perhaps how to see it happen."""

    id = models.BigIntegerField(primary_key=True)
    pixel = models.ForeignKey(Pixel, models.PROTECT)
    name = models.CharField(max_length=100)
    event_type = models.CharField(max_length=40, blank=True)
    """A type of ``records.web_events``; empty for a name of the advertiser's own."""
    code = models.CharField(max_length=100)
    """The name that the tag sends."""
    counts_every_time = models.BooleanField(default=True)
    """False: once for each click."""
    currency = models.CharField(max_length=3, blank=True)
    value_micros = models.BigIntegerField(null=True)
    """What it is worth when the page does not say."""
    rules = models.JSONField(default=list)
    created_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pixel", "name"], name="pixel_event_name_once")]


class MobileApp(models.Model):
    """One app of one store."""

    class Platform(models.TextChoices):
        """The system it runs on."""

        ANDROID = "ANDROID"
        IOS = "IOS"

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    platform = models.CharField(max_length=8, choices=Platform.choices)
    store_id = models.CharField(max_length=150)
    """The package's name, or the number of its page where a store has numbers."""
    download_url = models.CharField(max_length=2048)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advertiser", "platform", "store_id"], name="mobile_app_once"),
        ]
        indexes = [models.Index(fields=["advertiser", "-id"], name="mobile_app_of_advertiser")]
