"""Boosts: a post becomes an ad in one call, at once or when its creator has said yes."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.post_requests import tell_request
from attise.doors.native_api.schemas.boosts import BoostAnswer, BoostDraft, BoostFacts
from attise.doors.native_api.schemas.common import Listing, PathId, Removed
from attise.kernel.clock import rfc3339
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.budgets import days_of
from attise.management.campaigns.views import WaitingBoostView
from attise.records.lookups import regions

group = Group("Boosts")


@group.post("/v1/advertisers/{advertiser_id}/boosts", gives=BoostAnswer, status=201, refuses=(404, 409))
def wish_boost(call: Call, advertiser_id: PathId, body: BoostDraft) -> BoostAnswer:
    """Boost a post: a campaign, its ad group and the ad, in one transaction.

    Where the advertiser may not use the post yet its creator is asked, and the boost waits: `ready` once they have said
    yes, to be launched with `POST …/launch`. A boost of the same post that waits is wished anew.
    """
    owner = get_advertiser(advertiser_id)
    facts = body.model_dump(exclude={"asked_days", "location_ids"})
    made = actions.wish_boost(
        call.means,
        call.actor,
        house=call.house,
        advertiser_id=advertiser_id,
        wish=BoostWish(**facts, location_ids=locations_of(owner, body)),
        asked_days=body.asked_days,
    )
    return _tell(made) if isinstance(made, WaitingBoostView) else _tell_made(call, made)


@group.get("/v1/advertisers/{advertiser_id}/boosts", gives=Listing[BoostAnswer], refuses=(404,))
def list_boosts(call: Call, advertiser_id: PathId) -> Listing[BoostAnswer]:
    """List the boosts that wait, newest first, in one part; those that were made are campaigns."""
    owner = get_advertiser(advertiser_id)
    found = queries.list_boosts(call.means, advertiser_id=owner.id)
    return Listing[BoostAnswer](items=[_tell(one) for one in found], next_cursor=None)


@group.get("/v1/advertisers/{advertiser_id}/boosts/{boost_id}", gives=BoostAnswer)
def get_boost(call: Call, advertiser_id: PathId, boost_id: PathId) -> BoostAnswer:
    """Get a boost that waits."""
    return _tell(queries.get_boost(call.means, advertiser_id=advertiser_id, boost_id=boost_id))


@group.post("/v1/advertisers/{advertiser_id}/boosts/{boost_id}/launch", gives=BoostAnswer, refuses=(409,))
def launch_boost(call: Call, advertiser_id: PathId, boost_id: PathId) -> BoostAnswer:
    """Launch a boost whose creator has said yes; it begins now."""
    made = actions.launch_boost(
        call.means, call.actor, house=call.house, advertiser_id=advertiser_id, boost_id=boost_id
    )
    return _tell_made(call, made)


@group.delete("/v1/advertisers/{advertiser_id}/boosts/{boost_id}", gives=Removed)
def drop_boost(call: Call, advertiser_id: PathId, boost_id: PathId) -> Removed:
    """Let go of a boost that waits; a request without an answer is taken back."""
    actions.drop_boost(call.means, call.actor, advertiser_id=advertiser_id, boost_id=boost_id)
    return Removed()


def locations_of(owner: AdvertiserView, body: BoostFacts) -> tuple[int, ...]:
    """Return where a boost is shown: where it says, or in the advertiser's country."""
    country = regions.by_iso(owner.country)
    return tuple(body.location_ids) or (() if country is None else (country.id,))


def _tell(one: WaitingBoostView) -> BoostAnswer:
    return BoostAnswer(
        state=one.state,
        boost_id=str(one.id),
        post_id=str(one.wish.post_id),
        objective_type=one.wish.objective_type,
        optimization_goal=one.wish.optimization_goal,
        budget_micros=one.wish.budget_micros,
        days=one.wish.days,
        request=tell_request(one.request),
        created_at=rfc3339(one.created_at_ms),
    )


def _tell_made(call: Call, made: actions.Boosted) -> BoostAnswer:
    group_ = made.adgroup
    return BoostAnswer(
        state="made",
        post_id=str(made.ad.post.id if made.ad.post else 0),
        campaign_id=str(made.campaign.id),
        adgroup_id=str(group_.id),
        ad_id=str(made.ad.id),
        objective_type=made.campaign.objective_type,
        optimization_goal=group_.optimization_goal,
        budget_micros=group_.budget_micros or 0,
        days=days_of(group_.starts_at_ms, group_.ends_at_ms or group_.starts_at_ms),
        created_at=rfc3339(call.now_ms),
    )
