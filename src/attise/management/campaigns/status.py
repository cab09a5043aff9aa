"""Whether a campaign, an ad group or an ad runs, and if not, why: the first reason in a fixed order. Pure.

Names are the dialect's; every door and page speaks of the same ones. Source: its status lists, and one order of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

DELIVERY_OK = "STATUS_DELIVERY_OK"
NOT_DELIVERY = "STATUS_NOT_DELIVERY"
DISABLED = "STATUS_DISABLE"
TIME_DONE = "STATUS_TIME_DONE"
DELETED = "STATUS_DELETE"
NOT_DELETED = "STATUS_NOT_DELETE"
"""Asked for, never told: every status but those of what is deleted, by itself or with what is above."""
ALL = "STATUS_ALL"
"""Asked for, never told: whatever there is."""
PRIMARY = (
    NOT_DELETED,
    ALL,
    DELETED,
    DELIVERY_OK,
    NOT_DELIVERY,
    DISABLED,
    TIME_DONE,
    "STATUS_FROZEN",
    "STATUS_RF_CLOSED",
)
"""What may be asked for; the last two are told of nothing here."""

CAMPAIGN_STATUSES = (
    *("CAMPAIGN_STATUS_DELETE", "CAMPAIGN_STATUS_ADVERTISER_AUDIT_DENY", "CAMPAIGN_STATUS_ADVERTISER_AUDIT"),
    *("ADVERTISER_ACCOUNT_PUNISH", "CAMPAIGN_STATUS_DISABLE", "CAMPAIGN_STATUS_BUDGET_EXCEED"),
    "CAMPAIGN_STATUS_ENABLE",
)
"""Every status of a campaign, in the order in which they are looked at; so too below."""
ADGROUP_STATUSES = tuple(
    f"ADGROUP_STATUS_{name}"
    for name in (
        *("DELETE", "CAMPAIGN_DELETE", "ADVERTISER_AUDIT_DENY", "ADVERTISER_AUDIT", "CAMPAIGN_DISABLE", "DISABLE"),
        *("FROZEN", "TIME_DONE", "AUDIT_DENY", "REAUDIT", "AUDIT", "ASSET_AUTHORIZATION_LOST", "PIXEL_UNBIND"),
        *("BALANCE_EXCEED", "CAMPAIGN_EXCEED", "BUDGET_EXCEED", "NOT_START", "CREATE", "DELIVERY_OK"),
    )
)
AD_STATUSES = (
    *(
        f"AD_STATUS_{name}"
        for name in (
            *("DELETE", "CAMPAIGN_DELETE", "ADGROUP_DELETE", "ADVERTISER_AUDIT_DENY", "ADVERTISER_AUDIT"),
            *("CAMPAIGN_DISABLE", "ADGROUP_DISABLE", "DISABLE", "DONE", "CREATOR_AUTHORIZATION_REVOKED"),
            *("ASSET_AUTHORIZATION_LOST", "AUDIT_DENY", "REAUDIT", "AUDIT", "BALANCE_EXCEED", "CAMPAIGN_EXCEED"),
            *("BUDGET_EXCEED", "NOT_START"),
        )
    ),
    "AD_STAUS_PIXEL_UNBIND",
    "AD_STATUS_DELIVERY_OK",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """What a campaign's status depends on, at one moment."""

    is_deleted: bool = False
    account_denied: bool = False
    account_in_review: bool = False
    account_punished: bool = False
    is_on: bool = True
    budget_spent: bool = False
    """Whether nothing is left of the campaign's own budget of this period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdGroupFacts:
    """What an ad group's status depends on, beside its campaign's."""

    campaign: CampaignFacts
    is_deleted: bool = False
    is_on: bool = True
    is_done: bool = False
    """Whether its schedule has ended."""
    is_early: bool = False
    """Whether its schedule has not begun."""
    has_ads: bool = True
    all_rejected: bool = False
    """Whether it has ads and every one of them was rejected."""
    all_in_review: bool = False
    """Whether it has ads and every one of them waits, or was rejected, and at least one waits."""
    is_reaudit: bool = False
    """Whether all that wait were approved once."""
    all_unauthorized: bool = False
    """Whether it has ads and none of them may use its post any more."""
    pixel_lost: bool = False
    balance_spent: bool = False
    budget_spent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdFacts:
    """What an ad's status depends on, beside its ad group's."""

    adgroup: AdGroupFacts
    is_deleted: bool = False
    is_on: bool = True
    review: str = "approved"
    """``pending``, ``approved`` or ``rejected``."""
    is_reaudit: bool = False
    grant_live: bool = True
    """Whether a grant opens the post to the advertiser for this, and the creator's word on this ad is not *no*."""
    word_pending: bool = False
    """Whether the creator's word on this ad is still awaited."""
    post_ok: bool = True
    """Whether the post exists, is not moderated away, and may be shown."""
    is_gated: bool = False
    """Whether the law or the product stands against it: its category, ages, the data of its label."""
    cap_spent: bool = False
    """Whether what the creator's terms let be spent is spent."""


def campaign_status(facts: CampaignFacts) -> str:
    """Return the ``CAMPAIGN_STATUS_*`` name of the first thing that is true."""
    if facts.is_deleted:
        return "CAMPAIGN_STATUS_DELETE"
    if facts.account_denied:
        return "CAMPAIGN_STATUS_ADVERTISER_AUDIT_DENY"
    if facts.account_in_review:
        return "CAMPAIGN_STATUS_ADVERTISER_AUDIT"
    if facts.account_punished:
        return "ADVERTISER_ACCOUNT_PUNISH"
    if not facts.is_on:
        return "CAMPAIGN_STATUS_DISABLE"
    return "CAMPAIGN_STATUS_BUDGET_EXCEED" if facts.budget_spent else "CAMPAIGN_STATUS_ENABLE"


def adgroup_status(facts: AdGroupFacts) -> str:
    """Return the ``ADGROUP_STATUS_*`` name of the first thing that is true."""
    campaign = facts.campaign
    conditions = (
        (facts.is_deleted, "DELETE"),
        (campaign.is_deleted, "CAMPAIGN_DELETE"),
        (campaign.account_denied, "ADVERTISER_AUDIT_DENY"),
        (campaign.account_in_review, "ADVERTISER_AUDIT"),
        (not campaign.is_on, "CAMPAIGN_DISABLE"),
        (not facts.is_on, "DISABLE"),
        (campaign.account_punished, "FROZEN"),
        (facts.is_done, "TIME_DONE"),
        (facts.all_rejected, "AUDIT_DENY"),
        (facts.all_in_review and facts.is_reaudit, "REAUDIT"),
        (facts.all_in_review, "AUDIT"),
        (facts.all_unauthorized, "ASSET_AUTHORIZATION_LOST"),
        (facts.pixel_lost, "PIXEL_UNBIND"),
        (facts.balance_spent, "BALANCE_EXCEED"),
        (campaign.budget_spent, "CAMPAIGN_EXCEED"),
        (facts.budget_spent, "BUDGET_EXCEED"),
        (facts.is_early, "NOT_START"),
        (not facts.has_ads, "CREATE"),
    )
    return "ADGROUP_STATUS_" + next((name for is_so, name in conditions if is_so), "DELIVERY_OK")


def ad_status(facts: AdFacts) -> str:
    """Return the ``AD_STATUS_*`` name of the first thing that is true."""
    group = facts.adgroup
    campaign = group.campaign
    conditions = (
        (facts.is_deleted, "DELETE"),
        (campaign.is_deleted, "CAMPAIGN_DELETE"),
        (group.is_deleted, "ADGROUP_DELETE"),
        (campaign.account_denied, "ADVERTISER_AUDIT_DENY"),
        (campaign.account_in_review, "ADVERTISER_AUDIT"),
        (not campaign.is_on or campaign.account_punished, "CAMPAIGN_DISABLE"),
        (not group.is_on, "ADGROUP_DISABLE"),
        (not facts.is_on, "DISABLE"),
        (group.is_done, "DONE"),
        (not facts.grant_live, "CREATOR_AUTHORIZATION_REVOKED"),
        (not facts.post_ok, "ASSET_AUTHORIZATION_LOST"),
        (facts.review == "rejected" or facts.is_gated, "AUDIT_DENY"),
        (facts.review == "pending" and facts.is_reaudit, "REAUDIT"),
        (facts.review == "pending" or facts.word_pending, "AUDIT"),
        (group.balance_spent, "BALANCE_EXCEED"),
        (campaign.budget_spent, "CAMPAIGN_EXCEED"),
        (group.budget_spent or facts.cap_spent, "BUDGET_EXCEED"),
        (group.is_early, "NOT_START"),
    )
    if group.pixel_lost and not any(is_so for is_so, _ in conditions):
        return "AD_STAUS_PIXEL_UNBIND"  # the dialect spells it so
    return "AD_STATUS_" + next((name for is_so, name in conditions if is_so), "DELIVERY_OK")


_OFF = frozenset(
    {
        "CAMPAIGN_STATUS_DISABLE",
        "ADGROUP_STATUS_DISABLE",
        "ADGROUP_STATUS_CAMPAIGN_DISABLE",
        "AD_STATUS_DISABLE",
        "AD_STATUS_ADGROUP_DISABLE",
        "AD_STATUS_CAMPAIGN_DISABLE",
    }
)
_DONE = frozenset({"ADGROUP_STATUS_TIME_DONE", "AD_STATUS_DONE"})
_RUNS = frozenset({"CAMPAIGN_STATUS_ENABLE", "ADGROUP_STATUS_DELIVERY_OK", "AD_STATUS_DELIVERY_OK"})


def primary_status(status: str) -> str:
    """Return the coarse status that a status belongs to, for filters."""
    if status.endswith("_DELETE"):
        return DELETED
    if status in _RUNS:
        return DELIVERY_OK
    if status in _OFF:
        return DISABLED
    return TIME_DONE if status in _DONE else NOT_DELIVERY


@dataclass(frozen=True, slots=True)
class StatusWish:
    """Which statuses a reader asks for: by the coarse one, by the exact one, or by both.

    The exact word ``…_STATUS_ALL`` asks for whatever there is, ``…_STATUS_NOT_DELETE`` for what is not deleted. Beside
    an exact one, ``STATUS_NOT_DELETE`` is a client's default and says nothing.
    """

    primary: str | None = None
    secondary: str | None = None

    @property
    def coarse(self) -> str:
        """The coarse status asked for; what is not deleted when nothing is."""
        exact = self.secondary or ""
        if exact.endswith("_STATUS_NOT_DELETE"):
            return self.primary if self.primary not in (None, ALL) else NOT_DELETED
        if exact and self.primary in (None, NOT_DELETED):
            return ALL
        return self.primary or NOT_DELETED

    @property
    def exact(self) -> str | None:
        """The exact status asked for, or None."""
        exact = self.secondary or ""
        return None if exact.endswith(("_STATUS_ALL", "_STATUS_NOT_DELETE")) else exact or None

    @property
    def deleted(self) -> bool | None:
        """Whether only what is deleted can be meant, or only what is not; None: both."""
        if self.coarse == DELETED:
            return True
        if self.exact is not None:
            return self.exact.endswith("_DELETE")
        return None if self.coarse == ALL else False

    @property
    def is_told_by_rows(self) -> bool:
        """Whether ``deleted`` answers the question, so that no status need be derived."""
        return self.exact is None and self.coarse in (ALL, NOT_DELETED, DELETED)

    def keeps(self, status: str) -> bool:
        """Tell whether a status is asked for."""
        if self.exact not in (None, status):
            return False
        if self.coarse == ALL:
            return True
        coarse = primary_status(status)
        return coarse != DELETED if self.coarse == NOT_DELETED else coarse == self.coarse


NOT_DELETED_ONES = StatusWish()
"""What a list holds when nothing is asked."""
