"""Tables of attribution; written by ``actions`` alone. Decision processes read the first two with plain SQL."""

from django.db import models

from attise.measurement.counters.columns import Counts

CURRENCY_CHARACTERS = 3
WORD_CHARACTERS = 20
KIND_CHARACTERS = 30
GOAL_CHARACTERS = 32


class Head(models.Model):
    """One row, id 1: up to where totals speak; its lock orders publications."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField()
    """Rises by one with each publication that changed a row."""
    published_at_ms = models.BigIntegerField()
    """Wire time of the last look."""
    counted_to_ms = models.BigIntegerField()
    """Wire time: every event received before it is counted."""


class Totals(models.Model):
    """What one object holds so far; ``kind`` says of which sort it is, and of which shape its ``body``."""

    object_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    """``envelope``, ``group`` or ``post``."""
    version = models.BigIntegerField()
    """Of the head, when this row was last changed."""
    ends_at_ms = models.BigIntegerField(null=True)
    """World time from which another period counts; null for what has no periods."""
    body = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["version"], name="attribution_totals_version"),
            models.Index(fields=["ends_at_ms"], name="attribution_totals_end"),
        ]


class Position(models.Model):
    """One row, id 1: up to where the log is settled; its lock lets one settle at a time."""

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    entries = models.IntegerField()
    """Of those that follow the position, how many are settled too."""
    began = models.BigIntegerField(default=0)
    """The position at which counting began: 0, or where the log ended when a sandbox was emptied."""
    events = models.BigIntegerField()
    """All that were settled; of them, those that had been settled before, and those that were doubted."""
    duplicates = models.BigIntegerField()
    doubted = models.BigIntegerField()


class Settled(models.Model):
    """What was counted, by what it counts once by; kept until no token opens any more that could bring it again."""

    key = models.BinaryField(primary_key=True, max_length=16)
    expires_at_ms = models.BigIntegerField()
    """Wire time."""

    class Meta:
        indexes = [models.Index(fields=["expires_at_ms"], name="attribution_settled_expiry")]


class Pace(models.Model):
    """What one batch left in the buckets that it filled (``paces``); of several rows, the newest that names one holds.

    Read by whoever begins to settle; taken away once nothing falls into them any more.
    """

    id = models.BigAutoField(primary_key=True)
    expires_at_ms = models.BigIntegerField()
    """Wire time."""
    body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["expires_at_ms"], name="attribution_pace_expiry")]


class Outcome(models.Model):
    """What came of one decision that chose an ad: what was seen and done, what was doubted, what it cost.

    ``counted`` and ``doubted`` are types of events as bits (``judging.TYPE_BITS``). The charge is *charged*, *free* for
    a reason, or not asked for yet (empty).
    """

    decision_id = models.BigIntegerField(primary_key=True)
    ad_id = models.BigIntegerField()
    adgroup_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    advertiser_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    viewer = models.CharField(max_length=64, blank=True)
    billing_event = models.CharField(max_length=8)
    currency = models.CharField(max_length=CURRENCY_CHARACTERS)
    price_micros = models.BigIntegerField()
    decided_at_ms = models.BigIntegerField()
    """World time."""
    model_version = models.BigIntegerField()
    counted = models.BigIntegerField()
    doubted = models.BigIntegerField()
    doubt = models.CharField(max_length=WORD_CHARACTERS, blank=True)
    """Why one of them was: of several reasons, the first in the alphabet."""
    watch_ms = models.BigIntegerField()
    """The longest that was told; -1: nothing was."""
    charged_micros = models.BigIntegerField()
    outcome = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=WORD_CHARACTERS, blank=True)
    position = models.BigIntegerField()
    """Of the log, where this row was last changed."""
    results = models.IntegerField(default=0)
    """Conversions credited to this decision that its ad group is there for; of them, when the first one happened."""
    converted_at_ms = models.BigIntegerField(default=0)
    """World time; 0: none did. Both may change for as long as its windows reach, and back to 0."""

    class Meta:
        indexes = [models.Index(fields=["position"], name="attribution_outcome_position")]


class Step(models.Model):
    """What one batch added to an outcome: sums of steps are the outcome, so that each is told once (``reports``).

    Appended in the order of the log; taken away once facts tell it.
    """

    id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField()
    """Of the log: no batch beyond it was read for this step."""
    decision_id = models.BigIntegerField()
    received_at_ms = models.BigIntegerField()
    """World time of the newest receipt."""
    acts = models.BinaryField(max_length=96)
    """How often each was counted: ``acts``."""
    doubted = models.SmallIntegerField()
    doubt = models.CharField(max_length=WORD_CHARACTERS, blank=True)
    watch_ms = models.BigIntegerField()
    charged_micros = models.BigIntegerField()
    outcome = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=WORD_CHARACTERS, blank=True)

    class Meta:
        indexes = [models.Index(fields=["position"], name="attribution_step_position")]


class Ad(models.Model):
    """An ad that something was counted of: under whom it stands, as its decisions said."""

    ad_id = models.BigIntegerField(primary_key=True)
    adgroup_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    advertiser_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    currency = models.CharField(max_length=CURRENCY_CHARACTERS)
    envelope_id = models.BigIntegerField()
    """One that bounds it: its zone is the advertiser's."""
    goal = models.CharField(max_length=GOAL_CHARACTERS, blank=True, default="")
    """What its ad group is there for; empty: shown first by an earlier release, which did not say."""

    class Meta:
        indexes = [
            models.Index(fields=["adgroup_id"], name="attribution_ad_group"),
            models.Index(fields=["advertiser_id"], name="attribution_ad_advertiser"),
            models.Index(fields=["creator_id"], name="attribution_ad_creator"),
            models.Index(fields=["post_id"], name="attribution_ad_post"),
        ]


class AdHour(Counts):
    """One hour of an ad: what was done in it, and what was charged for the decisions that were taken in it.

    Micros are of the ad's currency. ``billable`` events were valid and asked for a charge: ``charged`` or ``free``.
    """

    pk = models.CompositePrimaryKey("ad_id", "hour_ms")
    ad_id = models.BigIntegerField()
    hour_ms = models.BigIntegerField()
    """World time: of the act for counts, of the decision for money."""
    charged = models.BigIntegerField(default=0)
    spent_micros = models.BigIntegerField(default=0)
    shared_micros = models.BigIntegerField(default=0)
    """Of what was spent, the creators' part; below, the platform's."""
    fee_micros = models.BigIntegerField(default=0)
    free = models.BigIntegerField(default=0)
    free_micros = models.BigIntegerField(default=0)
    """What free events would have cost."""


class AdEvent(models.Model):
    """What an ad brought of one kind in one hour: conversions, and the acts that its ad group is there for.

    Conversions count in the hour of the decision, as what they cost does; acts in their own, as all acts do.
    """

    pk = models.CompositePrimaryKey("ad_id", "hour_ms", "kind")
    ad_id = models.BigIntegerField()
    hour_ms = models.BigIntegerField()
    """World time."""
    kind = models.CharField(max_length=KIND_CHARACTERS)
    """Of ``records.web_events``, or ``OTHER``; of acts one of ``records.event.RESULTS``."""
    conversions = models.BigIntegerField()
    results = models.BigIntegerField()
    """Those of them that the ad group is there for."""
    value_micros = models.BigIntegerField()
    """What they are worth, of those that told it in the ad's currency."""


class GroupQuarter(models.Model):
    """A quarter of an hour of an ad group, by the time of its decisions: every local day is made of such quarters."""

    pk = models.CompositePrimaryKey("adgroup_id", "quarter_ms")
    adgroup_id = models.BigIntegerField()
    quarter_ms = models.BigIntegerField()
    spent_micros = models.BigIntegerField()
    impressions = models.BigIntegerField()
    clicks = models.BigIntegerField()
    views_6s = models.BigIntegerField()
    conversions = models.BigIntegerField()
    """Those that it is there for."""
    delay_ms = models.BigIntegerField(default=0)
    """The time from the decision to what happened, of all of them together."""
    acts = models.BigIntegerField(default=0)
    """Acts in this quarter that it is there for, less those that were undone since."""


class Spending(models.Model):
    """What was charged in one period of an envelope for the decisions of one process, by its node number."""

    pk = models.CompositePrimaryKey("envelope_id", "period", "node")
    envelope_id = models.BigIntegerField()
    period = models.CharField(max_length=10)
    node = models.IntegerField()
    spent_micros = models.BigIntegerField()


class Changed(models.Model):
    """A post or an ad group whose totals are not as they were last told; whoever publishes takes the row away."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    object_id = models.BigIntegerField()


class Hidden(models.Model):
    """An ad that somebody hid, and that their record has not been told of, oldest first (``judging.HiddenAd``)."""

    id = models.BigAutoField(primary_key=True)
    person = models.CharField(max_length=64)
    advertiser_id = models.BigIntegerField()
    ad_id = models.BigIntegerField()
    is_whole = models.BooleanField()
    at_ms = models.BigIntegerField()
    """World time."""
