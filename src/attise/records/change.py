"""A change that must reach decisions: management → edge, read from the database by version."""

from __future__ import annotations

import enum

import msgspec


class ChangeKind(enum.StrEnum):
    """What changed. Kinds in ``STOPS`` are complete in themselves: a reader acts on the body alone."""

    GRANT_STOPPED = "grant_stopped"
    POST_STOPPED = "post_stopped"
    ACCOUNT_ACCESS_STOPPED = "account_access_stopped"
    CREATOR_STOPPED = "creator_stopped"
    IDENTITY_STOPPED = "identity_stopped"
    """An advertiser may no longer use an account that stays open to its Business Center."""
    KEY_STOPPED = "key_stopped"
    ADVERTISER_STOPPED = "advertiser_stopped"
    CAMPAIGN_STOPPED = "campaign_stopped"
    ADGROUP_STOPPED = "adgroup_stopped"
    AD_STOPPED = "ad_stopped"
    VIEWER_CHANGED = "viewer_changed"
    GRANT_CHANGED = "grant_changed"
    POST_CHANGED = "post_changed"
    ACCOUNT_ACCESS_CHANGED = "account_access_changed"
    CREATOR_CHANGED = "creator_changed"
    IDENTITY_CHANGED = "identity_changed"
    ADVERTISER_CHANGED = "advertiser_changed"
    """Its facts, or its balance."""
    CAMPAIGN_CHANGED = "campaign_changed"
    ADGROUP_CHANGED = "adgroup_changed"
    AD_CHANGED = "ad_changed"
    FEE_CHANGED = "fee_changed"
    """The platform's part of charges: every ad carries it."""
    ADS_SWITCHED = "ads_switched"
    """Every ad was stopped, or let run again: edges read that row themselves."""


STOPS = frozenset(
    {
        ChangeKind.GRANT_STOPPED,
        ChangeKind.POST_STOPPED,
        ChangeKind.ACCOUNT_ACCESS_STOPPED,
        ChangeKind.CREATOR_STOPPED,
        ChangeKind.IDENTITY_STOPPED,
        ChangeKind.KEY_STOPPED,
        ChangeKind.ADVERTISER_STOPPED,
        ChangeKind.CAMPAIGN_STOPPED,
        ChangeKind.ADGROUP_STOPPED,
        ChangeKind.AD_STOPPED,
        ChangeKind.VIEWER_CHANGED,
    }
)


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change: ``version`` rises by one with each, in commit order; ``object_id`` says what it is about."""

    version: int
    kind: ChangeKind
    object_id: int
    at_ms: int
    """World time of the change."""
    body: dict[str, object] = {}
