"""An advertiser changes an ad group: its audience, schedule, bid, budget."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final, TypedDict, Unpack

import msgspec

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_UNKNOWN, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.create_adgroup import basis_of, clean_audience, columns_of, sibling_of
from attise.management.campaigns.actions.holding import check_revision, hold_adgroup
from attise.management.campaigns.actions.telling import tell_adgroup
from attise.management.campaigns.models import AdGroup
from attise.management.campaigns.queries import get_adgroup
from attise.management.campaigns.rules import bids, budgets
from attise.management.campaigns.rules.adgroup import CHANGEABLE, AdGroupDraft, check_fixed, clean_adgroup
from attise.management.campaigns.rules.objectives import BID, CONVERSION_BID
from attise.management.campaigns.rules.schedules import Schedule
from attise.management.campaigns.views import AdGroupView
from attise.management.outbox.actions import unit, verb
from attise.management.policy.queries import get_policy
from attise.records.targeting import Targeting

_BUDGETED: Final = ("budget_mode", "budget_micros", "schedule_type", "starts_at_ms", "ends_at_ms")


class AdGroupChanges(TypedDict, total=False):
    """What can be changed of an ad group; absent keys stay as they are. The fields of ``AdGroupDraft`` have the words.

    Those that are fixed at the creation may be sent as they are.
    """

    name: str
    bid_type: str | None
    bid_micros: int | None
    conversion_bid_micros: int | None
    pacing: str
    budget_micros: int | None
    schedule_type: str
    starts_at_ms: int
    ends_at_ms: int | None
    dayparting: str
    frequency: int | None
    frequency_days: int | None
    click_window: str | None
    view_window: str | None
    engaged_view_window: str
    attribution_event_count: str
    comment_disabled: bool
    share_disabled: bool
    video_download_disabled: bool
    brand_safety_type: str
    targeting: Targeting
    budget_mode: str
    optimization_goal: str
    billing_event: str
    promotion_type: str
    placement_type: str
    placements: tuple[str, ...]
    pixel_id: int | None
    app_id: int | None
    optimization_event: str


@verb
def update_adgroup(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    adgroup_id: int,
    expected_revision: int | None = None,
    **changes: Unpack[AdGroupChanges],
) -> AdGroupView:
    """Change an ad group; a new budget rules the current period at once.

    What is not changed is not judged again. ``expected_revision``: that of the ad group as the caller read it; None
    does not ask. Raises: ``not_found``, ``adgroup_deleted``, ``campaign_deleted``, ``edited_meanwhile``,
    ``field_unknown``, ``fixed_at_creation``, ``budget_mode_fixed``, ``budget_under_spend``, and the refusals of
    ``clean_adgroup`` and of ``clean_targeting``, together.
    """
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        row = hold_adgroup(advertiser_id=advertiser_id, adgroup_id=adgroup_id)
        check_revision(row, expected_revision)
        made = _clean(row, dict(changes), advertiser, now_ms=means.clock.world_ms())
        before = change(means, actor, row, "updated", columns_of(made))
        if "budget_micros" in before:
            envelopes.set_budgets(means, [row], advertiser)
        if before:
            tell_adgroup(work, row)
    return get_adgroup(means, advertiser_id=advertiser_id, adgroup_id=adgroup_id)


def draft_of(row: AdGroup) -> AdGroupDraft:
    """Return an ad group's row as what was asked of it."""
    values = {field.name: getattr(row, field.name) for field in fields(AdGroupDraft)}
    values["placements"] = tuple(row.placements)
    values["targeting"] = msgspec.convert(row.targeting, Targeting)
    return AdGroupDraft(**values)


def _clean(row: AdGroup, changes: dict[str, Any], advertiser: AdvertiserView, *, now_ms: int) -> AdGroupDraft:
    """Return an ad group with its changes, judged as a whole. Raises: all that is wrong with it, together."""
    gather = Gather()
    for name in list(changes):
        if name in CHANGEABLE:
            continue
        if name not in AdGroupChanges.__annotations__:
            gather.add(Refusal(FIELD_UNKNOWN, field=name))
        elif name == "budget_mode" and not row.campaign.budget_optimize_on:
            gather.take(budgets.check_mode_stays, row.budget_mode, changes[name])
        elif name != "budget_mode":
            gather.take(check_fixed, name, _plain(getattr(row, name)), _plain(changes[name]))
        del changes[name]
    asked = replace(draft_of(row), **_with_bid_type(changes))
    if "targeting" in changes:
        asked = replace(asked, targeting=gather.take(clean_audience, asked.targeting, row.campaign, advertiser))
    made = gather.take(
        clean_adgroup,
        asked,
        campaign=basis_of(row.campaign, advertiser.currency, least_eur=_least_eur(row, changes)),
        now_ms=now_ms,
        sibling=sibling_of(row.campaign, without=row.id),
        before=Schedule(row.schedule_type, row.starts_at_ms, row.ends_at_ms),
    )
    if made is not None:
        gather.take(
            bids.check_within,
            made.bid_micros,
            made.conversion_bid_micros,
            budgets=[row.scheduled_budget_micros],
            currency=advertiser.currency,
        )
    gather.tell()
    return made


def _least_eur(row: AdGroup, changes: dict[str, Any]) -> int:
    """Return the least budget that a change is held to: none where neither the budget nor its days change."""
    asked = {name: changes[name] for name in _BUDGETED if name in changes}
    if all(getattr(row, name) == value for name, value in asked.items()):
        return 0
    return get_policy().least_budget_micros


def _with_bid_type(changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes in which a new bid makes the bid custom, and maximum delivery has no bid left."""
    given = {name: changes[name] for name in (BID, CONVERSION_BID) if name in changes}
    if "bid_type" not in changes and any(given.values()):
        return {**changes, "bid_type": None}
    if changes.get("bid_type") == bids.NO_BID:
        return {BID: None, CONVERSION_BID: None, **changes}
    return changes


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
