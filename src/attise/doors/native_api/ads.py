"""Ads: what is shown under whose name; launched once nothing of the advertiser's own is in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from attise.doors.native_api import strict_json, wire
from attise.doors.native_api.complaints import refusals_of
from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call, content_length
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.ads import (
    AdAnswer,
    AdDraft,
    AdEdit,
    Blockers,
    LaunchDraft,
    changes_of,
    creative_of,
    tell_ad,
    tell_blocker,
)
from attise.doors.native_api.schemas.campaigns import (
    ChangeAnswer,
    NameFilter,
    ObjectiveFilter,
    StatusFilter,
    SwitchChange,
    tell_change,
)
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId, Removed
from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import queries as accounts
from attise.management.campaigns import actions, queries
from attise.management.campaigns.actions import AdEdit as Edit
from attise.management.campaigns.owners import advertiser_of_ad, advertiser_of_adgroup
from attise.management.campaigns.status import StatusWish
from attise.management.campaigns.views import AdView

group = Group("Ads")
Answer = TypeVar("Answer")
_PLACES = ("creatives[0].", "creatives[0]", "ad_ids[0]")
"""How rooms name the one ad of a request that could hold several."""


@group.post("/v1/adgroups/{adgroup_id}/ads", gives=AdAnswer, status=201, refuses=(409,))
def create_ad(call: Call, adgroup_id: PathId, body: AdDraft) -> AdAnswer:
    """Make an ad in an ad group. All that would keep it from ever running is told together, and nothing is made.

    A Spark Ad names an account's identity and a post; a standard one a customized identity, a video and its cover.
    """
    owner = advertiser_of_adgroup(adgroup_id)
    made = _alone(
        lambda: actions.create_ads(
            call.means,
            call.actor,
            house=call.house,
            advertiser_id=owner,
            adgroup_id=adgroup_id,
            creatives=[creative_of(body)],
        )
    )
    return tell_ad(made[0])


@group.get("/v1/adgroups/{adgroup_id}/ads", gives=Listing[AdAnswer])
def list_ads_of_adgroup(
    call: Call,
    adgroup_id: PathId,
    name: NameFilter = "",
    status: StatusFilter | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdAnswer]:
    """List an ad group's ads, newest first."""
    after = read_cursor(call, cursor)
    owner = advertiser_of_adgroup(adgroup_id)
    wish = queries.AdWish(adgroup_ids=[adgroup_id], name=name, status=StatusWish(primary=status))
    page = queries.page_ads(call.means, advertiser_id=owner, wish=wish, after=after, limit=limit)
    return listing(call, Listing[AdAnswer], page, tell_ad)


@group.get("/v1/advertisers/{advertiser_id}/ads", gives=Listing[AdAnswer])
def list_ads(
    call: Call,
    advertiser_id: PathId,
    campaign_id: GivenId | None = None,
    adgroup_id: GivenId | None = None,
    name: NameFilter = "",
    status: StatusFilter | None = None,
    objective_type: ObjectiveFilter | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdAnswer]:
    """List an advertiser's ads, newest first."""
    after = read_cursor(call, cursor)
    advertiser = accounts.get_advertiser(advertiser_id)
    campaigns, adgroups = None, None
    if campaign_id is not None:
        campaigns = [queries.get_campaign(call.means, advertiser_id=advertiser.id, campaign_id=campaign_id).id]
    if adgroup_id is not None:
        adgroups = [queries.get_adgroup(call.means, advertiser_id=advertiser.id, adgroup_id=adgroup_id).id]
    wish = queries.AdWish(
        campaign_ids=campaigns,
        adgroup_ids=adgroups,
        name=name,
        objective_type=objective_type,
        status=StatusWish(primary=status),
    )
    page = queries.page_ads(call.means, advertiser_id=advertiser.id, wish=wish, after=after, limit=limit)
    return listing(call, Listing[AdAnswer], page, tell_ad)


@group.get("/v1/ads/{ad_id}", gives=AdAnswer)
def get_ad(call: Call, ad_id: PathId) -> AdAnswer:
    """Get an ad, with all that is in its way; a deleted one is still told."""
    return tell_ad(queries.get_ad(call.means, advertiser_id=advertiser_of_ad(ad_id), ad_id=ad_id))


@group.get("/v1/ads/{ad_id}/blockers", gives=Blockers)
def list_blockers(call: Call, ad_id: PathId) -> Blockers:
    """List everything that keeps an ad from running, in the order in which one would mend it, then what will.

    Without anything that stops it, it runs. What stops at `delivery` goes by itself, or with a switch above.
    """
    view = queries.get_ad(call.means, advertiser_id=advertiser_of_ad(ad_id), ad_id=ad_id)
    return Blockers(items=[tell_blocker(one) for one in (*view.blockers, *view.warnings)], next_cursor=None)


def _read_launch(call: Call) -> dict[str, Any]:
    """Return what a launch says; without a body, nothing."""
    value = strict_json.parse(call.request.body) if content_length(call.request) else {}
    call.digest = lambda: hashlib.sha256(strict_json.canonical(value)).digest()
    try:
        return {"given": LaunchDraft.model_validate(value)}
    except ValidationError as error:
        raise Refusals(refusals_of(error.errors(include_url=False, include_input=False))) from None


@group.post(
    "/v1/ads/{ad_id}/launch",
    gives=AdAnswer,
    refuses=(409,),
    types=(wire.JSON,),
    may_be_empty=True,
    reads=_read_launch,
    body={wire.JSON: LaunchDraft},
)
def launch_ad(call: Call, ad_id: PathId, given: LaunchDraft) -> AdAnswer:
    """Launch an ad, or be told everything that is in its way, at once: then nothing is changed.

    A launched ad may still wait, for a review, its creator's word or its start: `blockers` tells.
    """
    launch = actions.launch_ad(
        call.means, call.actor, advertiser_id=advertiser_of_ad(ad_id), ad_id=ad_id, expected_revision=given.revision
    )
    if not launch.is_launched:
        raise Refusals(list(launch.ad.blockers))
    return tell_ad(launch.ad)


@group.patch("/v1/ads/{ad_id}", gives=AdAnswer, refuses=(409,))
def edit_ad(call: Call, ad_id: PathId, body: AdEdit) -> AdAnswer:
    """Change an ad. A change of what is reviewed asks for a review, and for the creator's word, again.

    With a `revision` that is not the ad's any more nothing is changed: `edited_meanwhile`, 409.
    """
    view = queries.get_ad(call.means, advertiser_id=advertiser_of_ad(ad_id), ad_id=ad_id)
    edit = Edit(view.id, fields=changes_of(body), expected_revision=body.revision)
    changed = _alone(
        lambda: actions.update_ads(
            call.means,
            call.actor,
            house=call.house,
            advertiser_id=view.advertiser_id,
            adgroup_id=view.adgroup_id,
            edits=[edit],
        )
    )
    return tell_ad(changed[0])


@group.post("/v1/ads/{ad_id}/switch", gives=AdAnswer, refuses=(409,))
def switch_ad(call: Call, ad_id: PathId, body: SwitchChange) -> AdAnswer:
    """Switch an ad on or off; off, no decision falls on it two seconds after the answer."""
    owner = advertiser_of_ad(ad_id)
    return tell_ad(_switch(call, owner, ad_id, body.operation_status)[0])


@group.delete("/v1/ads/{ad_id}", gives=Removed)
def delete_ad(call: Call, ad_id: PathId) -> Removed:
    """Delete an ad, for good; what it earned stays counted."""
    _switch(call, advertiser_of_ad(ad_id), ad_id, "DELETE")
    return Removed()


@group.get("/v1/ads/{ad_id}/history", gives=Listing[ChangeAnswer])
def list_ad_history(
    call: Call, ad_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ChangeAnswer]:
    """List the changes of an ad, newest first: who, when, before and after."""
    after = read_cursor(call, cursor)
    owner = advertiser_of_ad(ad_id)
    page = queries.page_history(advertiser_id=owner, level="ad", object_id=ad_id, after=after, limit=limit)
    return listing(call, Listing[ChangeAnswer], page, tell_change)


def _switch(call: Call, advertiser_id: int, ad_id: int, to: str) -> list[AdView]:
    return _alone(
        lambda: actions.switch_ads(call.means, call.actor, advertiser_id=advertiser_id, ad_ids=[ad_id], to=to)
    )


def _alone(act: Callable[[], Answer]) -> Answer:
    """Do something to one ad; fields of refusals are named as in a request that can hold but one."""
    try:
        return act()
    except Refusal as refusal:
        raise _unplaced([refusal])[0] from None
    except Refusals as several:
        raise Refusals(_unplaced(several.items)) from None


def _unplaced(refusals: Iterable[Refusal]) -> list[Refusal]:
    found = []
    for refusal in refusals:
        field = refusal.field or ""
        place = next((one for one in _PLACES if field.startswith(one)), "")
        found.append(refusal if not place else _at(refusal, field.removeprefix(place) or None))
    return found


def _at(refusal: Refusal, field: str | None) -> Refusal:
    return type(refusal)(refusal.reason, field=field, **refusal.params)
