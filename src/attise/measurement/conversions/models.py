"""Tables of conversions; written by ``actions`` alone. Times are epoch milliseconds of world time."""

from django.db import models

from attise.kernel.limits import CLICK_ID_CHARACTERS, CONVERSION_EVENT_CHARACTERS
from attise.records.event import EVENT_ID_CHARACTERS


class Touch(models.Model):
    """What one decision brought before somebody: 0 is never. Written by whoever settles events."""

    decision_id = models.BigIntegerField(primary_key=True)
    advertiser_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    adgroup_id = models.BigIntegerField()
    ad_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    """0: a standard ad."""
    person = models.CharField(max_length=64, blank=True)
    """Pseudonym; empty for somebody without memory."""
    seen_at_ms = models.BigIntegerField()
    engaged_at_ms = models.BigIntegerField()
    clicked_at_ms = models.BigIntegerField()
    click_days = models.SmallIntegerField()
    """The window after the click, here and below as the ad group had it at the decision; 0: none."""
    engaged_days = models.SmallIntegerField()
    view_days = models.SmallIntegerField()
    counts_once = models.BooleanField()
    """Whether of several conversions of one event only the first counts."""

    class Meta:
        indexes = [
            models.Index(fields=["person", "advertiser_id"], name="conversions_touch_person"),
            models.Index(
                fields=["person", "advertiser_id"],
                name="conversions_touch_clicked",
                condition=~models.Q(clicked_at_ms=0),
            ),
        ]


class Conversion(models.Model):
    """One thing that happened on a page; its first telling made the row, others were added to it or dropped.

    It stands as *good*, *test* (sent to be looked at) or *doubted*; only the good ones are counted and credited. It is
    credited to a touch of ``credited_decision_id``, or to none (0).
    """

    class Standing(models.TextChoices):
        """Whether it is believed and meant."""

        GOOD = "good"
        TEST = "test"
        DOUBTED = "doubted"

    id = models.BigIntegerField(primary_key=True)
    key = models.BinaryField(max_length=16)
    standing = models.CharField(max_length=8, choices=Standing.choices)
    pixel_id = models.BigIntegerField()
    """Of the pixel whose pages tell it, or of the app."""
    advertiser_id = models.BigIntegerField()
    event = models.CharField(max_length=CONVERSION_EVENT_CHARACTERS)
    event_id = models.CharField(max_length=EVENT_ID_CHARACTERS, blank=True)
    source = models.CharField(max_length=8)
    """Who told first: *browser* or *server*."""
    told_by_both = models.BooleanField(default=False)
    copies = models.IntegerField(default=0)
    """Further tellings that made no row."""
    at_ms = models.BigIntegerField()
    received_at_ms = models.BigIntegerField()
    value_micros = models.BigIntegerField()
    """-1: not said."""
    currency = models.CharField(max_length=3, blank=True)
    contents = models.JSONField(default=list)
    has_consent = models.BooleanField()
    click_id = models.CharField(max_length=CLICK_ID_CHARACTERS, blank=True)
    decision_id = models.BigIntegerField()
    """Of its click; 0: none of ours."""
    page_host = models.CharField(max_length=253, blank=True)
    doubt = models.CharField(max_length=20, blank=True)
    credited_decision_id = models.BigIntegerField(default=0)
    touch = models.CharField(max_length=8, blank=True)
    """Of which sort that touch is: ``rules.TouchKind``."""
    touch_at_ms = models.BigIntegerField(default=0)
    campaign_id = models.BigIntegerField(default=0)
    adgroup_id = models.BigIntegerField(default=0)
    ad_id = models.BigIntegerField(default=0)
    post_id = models.BigIntegerField(default=0)
    is_counted = models.BooleanField(default=False)
    """Whether it counts for its ad: False where the ad group counts the first of an event alone."""
    is_final = models.BooleanField(default=False)
    """Whether its credit stays as it is: a touch that it followed from was let go of."""
    decided_at_ms = models.BigIntegerField(default=0)
    """When the decision of that touch was taken: the hour in which it counts, as what was spent on it does."""
    is_result = models.BooleanField(default=False)
    """Whether its event is the one that its ad group is there for."""

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="conversions_key"),
            models.Index(fields=["pixel_id", "at_ms"], name="conversions_of_pixel"),
            models.Index(fields=["advertiser_id", "at_ms"], name="conversions_of_advertiser"),
            models.Index(fields=["decision_id"], name="conversions_of_click"),
            models.Index(fields=["credited_decision_id", "event"], name="conversions_of_touch"),
            models.Index(fields=["at_ms"], name="conversions_age"),
            models.Index(
                fields=["adgroup_id", "decided_at_ms"],
                name="conversions_of_group",
                condition=~models.Q(adgroup_id=0),
            ),
        ]


class Step(models.Model):
    """What one batch changed of what a good conversion says: the word before is taken back (-1), the new one added (1).

    Appended in the order of the log; taken away once facts tell it (``reports``).
    """

    id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField()
    """Of the log: no batch beyond it was read for this step."""
    sign = models.SmallIntegerField()
    conversion_id = models.BigIntegerField()
    pixel_id = models.BigIntegerField()
    advertiser_id = models.BigIntegerField()
    event = models.CharField(max_length=CONVERSION_EVENT_CHARACTERS)
    source = models.CharField(max_length=8)
    at_ms = models.BigIntegerField()
    received_at_ms = models.BigIntegerField()
    value_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    credited_decision_id = models.BigIntegerField()
    decided_at_ms = models.BigIntegerField()
    touch = models.CharField(max_length=8, blank=True)
    touch_at_ms = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    adgroup_id = models.BigIntegerField()
    ad_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    is_counted = models.BooleanField()
    is_result = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["position"], name="conversions_step_position")]


class MatchKey(models.Model):
    """One hashed name of the person of a conversion: of an address, a number, an advertiser's own name, a browser."""

    conversion = models.ForeignKey(Conversion, models.CASCADE)
    advertiser_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    value = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversion", "kind", "value"], name="conversions_key_once")]
        indexes = [models.Index(fields=["advertiser_id", "kind", "value"], name="conversions_by_name")]


class Refused(models.Model):
    """An event that was refused where it was received; ``code`` says why, ``field`` what of it. Kept for some days."""

    id = models.BigIntegerField(primary_key=True)
    pixel_id = models.BigIntegerField()
    advertiser_id = models.BigIntegerField()
    event = models.CharField(max_length=CONVERSION_EVENT_CHARACTERS, blank=True)
    event_id = models.CharField(max_length=EVENT_ID_CHARACTERS, blank=True)
    source = models.CharField(max_length=8)
    code = models.CharField(max_length=60)
    field = models.CharField(max_length=100, blank=True)
    received_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["pixel_id", "-id"], name="conversions_refused_of_pixel"),
            models.Index(fields=["received_at_ms"], name="conversions_refused_age"),
        ]
