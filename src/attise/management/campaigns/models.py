"""Tables of campaigns. Times are world time in epoch milliseconds, amounts micros of the advertiser's currency."""

from django.db import models

from attise.management.accounts.models import Advertiser, Creator
from attise.management.library.models import Identity as Name
from attise.management.library.models import Portfolio, Video
from attise.management.posts.models import Post


class Switch(models.TextChoices):
    """What people set; what follows from it is derived."""

    ENABLE = "ENABLE"
    DISABLE = "DISABLE"


class Level(models.Model):
    """What the three levels share. *Deleted* when ``deleted_at_ms`` is set, for good.

    ``revision`` rises with every change, so that two people who edit the same row hear of each other.
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    name = models.CharField(max_length=512)
    operation_status = models.CharField(max_length=8, choices=Switch.choices, default=Switch.ENABLE)
    revision = models.IntegerField(default=1)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()
    deleted_at_ms = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class Side(models.Model):
    """What can be a side of a split test: ``split_id`` is set while that runs, and null else."""

    split_id = models.BigIntegerField(null=True)
    split_side = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True


class Campaign(Level, Side):
    """An objective and a budget. ``budget_micros`` is null when the budget is its ad groups' (``INFINITE``)."""

    objective_type = models.CharField(max_length=20)
    budget_mode = models.CharField(max_length=32)
    budget_micros = models.BigIntegerField(null=True)
    budget_optimize_on = models.BooleanField(default=False)
    """Whether the campaign's budget drives its ad groups, whose own budgets are then ignored."""
    app_promotion_type = models.CharField(max_length=24, blank=True)
    app_id = models.BigIntegerField(null=True)
    special_industries = models.JSONField(default=list)
    po_number = models.CharField(max_length=128, blank=True)
    holdout_ppm = models.IntegerField(default=0)
    """Share of viewers, in parts per million, who are never shown its ads, so that what they bring can be told."""
    envelope_id = models.BigIntegerField(null=True)
    """The ledger's envelope of the budget: a day's, or the whole's."""
    week_envelope_id = models.BigIntegerField(null=True)
    """Of a dynamic daily budget: the week's."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["advertiser", "name"], condition=models.Q(deleted_at_ms__isnull=True), name="campaign_name_once"
            )
        ]
        indexes = [models.Index(fields=["advertiser", "-id"], name="campaign_of_advertiser")]


class AdGroup(Level, Side):
    """An audience, a schedule, a bid and a budget."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    promotion_type = models.CharField(max_length=32, blank=True)
    placement_type = models.CharField(max_length=32)
    placements = models.JSONField(default=list)
    pixel_id = models.BigIntegerField(null=True)
    app_id = models.BigIntegerField(null=True)
    optimization_event = models.CharField(max_length=40, blank=True)
    optimization_goal = models.CharField(max_length=32)
    billing_event = models.CharField(max_length=8)
    bid_type = models.CharField(max_length=20)
    bid_micros = models.BigIntegerField(null=True)
    """Per 1,000 impressions, per click or per view, by the billing event; null: maximum delivery."""
    conversion_bid_micros = models.BigIntegerField(null=True)
    """The target cost per result, of ``OCPM``; null: maximum delivery."""
    pacing = models.CharField(max_length=20)
    budget_mode = models.CharField(max_length=32)
    budget_micros = models.BigIntegerField(null=True)
    scheduled_budget_micros = models.BigIntegerField(null=True)
    """A day budget that begins at ``scheduled_from_ms``."""
    scheduled_from_ms = models.BigIntegerField(null=True)
    """The next local midnight after it was set."""
    schedule_type = models.CharField(max_length=20)
    starts_at_ms = models.BigIntegerField()
    ends_at_ms = models.BigIntegerField(null=True)
    """Null: goes on until it is stopped."""
    dayparting = models.CharField(max_length=336, blank=True)
    """336 signs of 0 and 1: half hours from Monday 00:00 in the advertiser's zone; empty: always."""
    frequency = models.IntegerField(null=True)
    """At most so many impressions per viewer within ``frequency_days``; null: the house's own caps."""
    frequency_days = models.IntegerField(null=True)
    click_window = models.CharField(max_length=20)
    view_window = models.CharField(max_length=20)
    engaged_view_window = models.CharField(max_length=20, blank=True)
    attribution_event_count = models.CharField(max_length=8, default="UNSET")
    comment_disabled = models.BooleanField(default=False)
    share_disabled = models.BooleanField(default=False)
    video_download_disabled = models.BooleanField(default=False)
    brand_safety_type = models.CharField(max_length=24, default="NO_BRAND_SAFETY")
    targeting = models.JSONField(default=dict)
    """A ``records.targeting.Targeting``."""
    envelope_id = models.BigIntegerField(null=True)
    week_envelope_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["advertiser", "-id"], name="adgroup_of_advertiser"),
            models.Index(fields=["campaign", "-id"], name="adgroup_of_campaign"),
            models.Index(
                fields=["scheduled_from_ms"],
                condition=models.Q(scheduled_from_ms__isnull=False),
                name="adgroup_budget_to_begin",
            ),
        ]


class Ad(Level):
    """One creative: a creator's post (Spark), or a video of the library under a name (standard)."""

    class Kind(models.TextChoices):
        """Where the creative comes from."""

        SPARK = "spark"
        """An existing post, by code, account access or own account."""
        PUSH = "push"
        """A video of the library, published on the account for the ad."""
        STANDARD = "standard"
        """A video of the library under a customized identity, with counters of its own."""

    class Review(models.TextChoices):
        """Where the review stands."""

        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"

    class Word(models.TextChoices):
        """What the creator said of this ad."""

        NOT_NEEDED = "not_needed"
        PENDING = "pending"
        APPROVED = "approved"
        REFUSED = "refused"

    adgroup = models.ForeignKey(AdGroup, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    identity_type = models.CharField(max_length=16)
    identity_id = models.CharField(max_length=80)
    business_center_id = models.BigIntegerField(null=True)
    """Of an account open to a Business Center."""
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+", null=True)
    """Of a Spark or push ad."""
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", null=True)
    """Of a Spark ad; of a push ad once its post is made."""
    video = models.ForeignKey(Video, models.PROTECT, related_name="+", null=True)
    """Of a push or standard ad."""
    image_ids = models.JSONField(default=list)
    custom_identity = models.ForeignKey(Name, models.PROTECT, related_name="+", null=True)
    """Of a standard ad."""
    ad_format = models.CharField(max_length=20)
    ad_text = models.TextField(blank=True)
    """Of a push or standard ad; a Spark ad shows its post's caption."""
    call_to_action = models.CharField(max_length=40, blank=True)
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="+", null=True)
    """The buttons that are chosen from, instead of one call to action."""
    landing_page_url = models.CharField(max_length=2048, blank=True)
    deeplink = models.CharField(max_length=2048, blank=True)
    deeplink_type = models.CharField(max_length=24, blank=True)
    utm_params = models.JSONField(default=list)
    impression_tracking_url = models.CharField(max_length=2048, blank=True)
    click_tracking_url = models.CharField(max_length=2048, blank=True)
    tracking_pixel_id = models.BigIntegerField(null=True)
    tracking_app_id = models.BigIntegerField(null=True)
    dark_post = models.BooleanField(default=True)
    """Of a push ad: shown in ads only."""
    music_disabled = models.BooleanField(default=True)
    duet_allowed = models.BooleanField(default=True)
    stitch_allowed = models.BooleanField(default=True)
    creative_authorized = models.BooleanField(default=False)
    ai_generated = models.BooleanField(default=False)
    """Whether the advertiser declares that pictures or voices of it were made by a program."""
    creative_version = models.IntegerField(default=1)
    """Rises when what is reviewed changes."""
    review = models.CharField(max_length=8, choices=Review.choices)
    reviewed_before = models.BooleanField(default=False)
    """Whether an earlier creative of this ad was approved: a pending review is then told as a re-audit."""
    review_rule = models.CharField(max_length=40, blank=True)
    review_note = models.CharField(max_length=500, blank=True)
    review_at_ms = models.BigIntegerField(null=True)
    review_asked_at_ms = models.BigIntegerField(null=True)
    """Since when a person is waited for, or was last."""
    review_place = models.BigIntegerField(null=True)
    """In the order in which people are asked: rises with every ad that begins to wait."""
    appealed = models.BooleanField(default=False)
    """Whether the refusal of this creative was appealed, which is possible once."""
    appeal_note = models.CharField(max_length=500, blank=True)
    creator_word = models.CharField(max_length=10, choices=Word.choices, default=Word.NOT_NEEDED)
    creator_word_at_ms = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["advertiser", "-id"], name="ad_of_advertiser"),
            models.Index(fields=["adgroup", "-id"], name="ad_of_adgroup"),
            models.Index(fields=["post"], name="ad_of_post"),
            models.Index(
                fields=["review_place"],
                condition=models.Q(review="pending", deleted_at_ms__isnull=True),
                name="ad_to_review",
            ),
            models.Index(
                fields=["creator", "-id"], condition=models.Q(creator_word="pending"), name="ad_for_creators_word"
            ),
        ]


class HistoryEntry(models.Model):
    """One change of one campaign, ad group or ad: who, when, from where, before and after. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    level = models.CharField(max_length=8)
    """``campaign``, ``adgroup`` or ``ad``."""
    object_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    verb = models.CharField(max_length=30)
    actor = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["level", "object_id", "-id"], name="campaign_history_of_one"),
            models.Index(fields=["advertiser", "-id"], name="campaign_history"),
        ]


class WaitingBoost(models.Model):
    """A boost that waits for the creator's word: what is wished, and the question that was asked.

    It may be launched once the advertiser may use the post, by whatever grant; it is gone then, or once it is dropped.
    Of one advertiser and post there is one.
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.CASCADE, related_name="+", db_index=False)
    post_id = models.BigIntegerField()
    wish = models.JSONField()
    """``rules.boosting.BoostWish``."""
    request_id = models.BigIntegerField()
    """The question (``authorizations``) to the post's creator."""
    created_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advertiser", "post_id"], name="campaigns_boost_once")]


class Lot(models.Model):
    """Several posts of which chance chooses those that are boosted: *announced*, then *drawn*; or dropped before that.

    Its seed is drawn when it is announced and told once it is drawn; ``commitment`` is told from the beginning. What it
    wishes does not change: other posts or another budget are another lot.
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.CASCADE, related_name="+")
    post_ids = models.JSONField()
    """As they were named."""
    promoted = models.SmallIntegerField()
    wish = models.JSONField()
    """``rules.boosting.BoostWish``, of no post."""
    seed = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    created_at_ms = models.BigIntegerField()
    drawn_at_ms = models.BigIntegerField(null=True)
    ends_at_ms = models.BigIntegerField(null=True)
    """Up to when the boosts were to run, as they were drawn."""
    campaign_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["advertiser", "-id"], name="campaigns_lot_newest")]


class LotPost(models.Model):
    """A post of a lot, and what the draw made of it; written by the draw, and never changed (the database refuses)."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    post_id = models.BigIntegerField()
    place = models.SmallIntegerField()
    """As it was named, from 0 on."""
    is_promoted = models.BooleanField()
    ad_id = models.BigIntegerField(null=True)
    """Of a post that is promoted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "post_id"], name="campaigns_lot_post_once")]
        indexes = [models.Index(fields=["post_id"], name="campaigns_lot_of_post")]


class SplitTest(models.Model):
    """Two ad groups, or two campaigns, that are compared: *draft*, *running* once it begun, *over* when it ended.

    Each viewer is shown one side alone while it runs. What it came to is worked out and kept elsewhere (``lift``).
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.CASCADE, related_name="+")
    name = models.CharField(max_length=512)
    level = models.CharField(max_length=8)
    """``adgroup`` or ``campaign``: of both sides."""
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    days = models.SmallIntegerField()
    """For how long it runs once it is launched."""
    created_at_ms = models.BigIntegerField()
    starts_at_ms = models.BigIntegerField(null=True)
    ends_at_ms = models.BigIntegerField(null=True)
    ended_at_ms = models.BigIntegerField(null=True)
    """When it ended: then, or before that by hand."""

    class Meta:
        indexes = [
            models.Index(fields=["advertiser", "-id"], name="campaigns_split_newest"),
            models.Index(
                fields=["ends_at_ms"],
                condition=models.Q(ends_at_ms__isnull=False, ended_at_ms__isnull=True),
                name="campaigns_split_to_end",
            ),
        ]


class Draft(models.Model):
    """A campaign that somebody is still putting together: what they typed, as they typed it; nothing of it is checked.

    Gone once it is sent, or dropped.
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.CASCADE, related_name="+")
    body = models.JSONField(default=dict)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["advertiser", "-modified_at_ms"], name="campaigns_draft_newest")]
