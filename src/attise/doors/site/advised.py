"""Advice on campaigns, done by the actions that people take; what it is given on is gathered by ``advice_facts``."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from attise.doors.site.advice_facts import ESTIMATED as OF_ONE
from attise.doors.site.advice_facts import LOOKED_AT as ADS_LOOKED_AT
from attise.doors.site.advice_facts import Gathered, gather
from attise.doors.site.widening import without_narrow
from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdView, CampaignView
from attise.management.outbox.actions import unit, verb
from attise.management.posts.queries import find_posts
from attise.measurement.advice.rules import Advice, Kind, advise, gravest

ON: Final = "ENABLE"
CAMPAIGNS: Final = 12
"""That advice over all of an advertiser's is given on: the newest that are on, of the newest ``LOOKED_AT``."""
LOOKED_AT: Final = 50
ESTIMATED: Final = 1
"""Audiences that are estimated over all campaigns, the newest: the overview has no time for more."""
CAPTION: Final = 60
"""Signs of a caption by which a post is named."""


class Advised(NamedTuple):
    """Advice, and what it is on."""

    advice: Advice
    name: str
    campaign_id: int
    post: str = ""
    """Of a post that is to be added: whose it is, and how its caption begins."""


def advice_on(means: Means, house: House, view: CampaignView) -> list[Advised]:
    """Return what would make a campaign do better; nothing of one that is off. Cost: about twenty-five queries."""
    return _advised(means, house, [view], view.advertiser_id)


def advice_over(means: Means, house: House, advertiser_id: int) -> list[Advised]:
    """Return the most useful of what would make an advertiser's campaigns do better. Cost: the same, for all together.

    Five at most, as of one campaign; of its newest campaigns that are on. Grants that end are left out: of these the
    overview tells among what to watch.
    """
    views = queries.page_campaigns(means, advertiser_id=advertiser_id, limit=LOOKED_AT).items
    on = [view for view in views if _is_on(view)][:CAMPAIGNS]
    return _advised(means, house, on, advertiser_id, but=Kind.RENEW_GRANT, estimated=ESTIMATED)


def take(means: Means, house: House, actor: Actor, view: CampaignView, key: str) -> Advised:
    """Do what an advice says, if that is still advised.

    Raises: ``not_found`` for what is not advised any more, or is not done here; the refusals of the action.
    """
    gathered = gather(means, house, [view], view.advertiser_id) if _is_on(view) else None
    told = [] if gathered is None else _told(gathered, advise(gathered.facts[view.id]), view.id)
    found = next((one for one in told if one.advice.key == key and one.advice.is_done_here), None)
    if found is None or gathered is None:
        raise Refusal(NOT_FOUND, field="key")
    _do(means, house, actor, view, found.advice, gathered)
    return found


def _advised(
    means: Means,
    house: House,
    views: list[CampaignView],
    advertiser_id: int,
    *,
    but: Kind | None = None,
    estimated: int = OF_ONE,
) -> list[Advised]:
    on = [view for view in views if _is_on(view)]
    if not on:
        return []
    gathered = gather(means, house, on, advertiser_id, estimated=estimated)
    owners = {one: view.id for view in on for one in advise(gathered.facts[view.id]) if one.kind is not but}
    return [told for one in gravest(owners) for told in _told(gathered, [one], owners[one])]


def _is_on(view: CampaignView) -> bool:
    return view.operation_status == ON and not view.is_deleted


def _told(gathered: Gathered, found: list[Advice], campaign_id: int) -> list[Advised]:
    posts = find_posts([one.post_id for one in found if one.post_id is not None])
    told = []
    for one in found:
        post = None if one.post_id is None else posts.get(one.post_id)
        said = "" if post is None else " · ".join(filter(None, [f"@{post.creator_handle}", _first_line(post.caption)]))
        told.append(Advised(one, gathered.names[one.level, one.id], campaign_id, said))
    return told


def _first_line(caption: str) -> str:
    """Return how a caption begins, whole words alone."""
    line = next((line.strip() for line in caption.splitlines() if line.strip()), "")
    return line if len(line) <= CAPTION else f"{line[:CAPTION].rpartition(' ')[0]}…"


def _do(means: Means, house: House, actor: Actor, view: CampaignView, found: Advice, gathered: Gathered) -> None:
    mine: dict[str, Any] = {"advertiser_id": view.advertiser_id}
    if found.kind in (Kind.PAUSE_COSTLY, Kind.PAUSE_TIRED):
        actions.switch_ads(means, actor, ad_ids=[found.id], to="DISABLE", **mine)
    elif found.kind in (Kind.WIDEN_AUDIENCE, Kind.AUDIENCE_USED_UP):
        wider = without_narrow(gathered.groups[found.id].targeting)
        actions.update_adgroup(means, actor, adgroup_id=found.id, targeting=wider, **mine)
    elif found.kind is Kind.ADD_POST:
        assert found.post_id is not None
        _add_post(means, house, actor, view, adgroup_id=found.id, creative=_creative(gathered, found.id, found.post_id))
    elif found.level == "campaign":
        actions.update_campaign(means, actor, campaign_id=found.id, budget_micros=found.to_micros, **mine)
    elif found.kind is Kind.RAISE_BID:
        actions.update_adgroup(means, actor, adgroup_id=found.id, bid_micros=found.to_micros, **mine)
    else:
        actions.update_adgroup(means, actor, adgroup_id=found.id, budget_micros=found.to_micros, **mine)


@verb
def _add_post(
    means: Means, house: House, actor: Actor, view: CampaignView, *, adgroup_id: int, creative: Creative
) -> None:
    """Add a post to an ad group: pressed twice at once, it is added once.

    Raises: ``not_found`` where an ad of the campaign shows it by now; the refusals of ``create_ads``.
    """
    mine: dict[str, Any] = {"advertiser_id": view.advertiser_id}
    with unit(means):
        hold_advertiser(**mine)
        wish = queries.AdWish(campaign_ids=[view.id])
        ads = queries.page_ads(means, wish=wish, limit=ADS_LOOKED_AT, **mine).items
        if any(ad.post is not None and ad.post.id == creative.post_id for ad in ads):
            raise Refusal(NOT_FOUND, field="key")
        actions.create_ads(means, actor, house=house, adgroup_id=adgroup_id, creatives=[creative], **mine)


def _creative(gathered: Gathered, adgroup_id: int, post_id: int) -> Creative:
    """Return the ad of a post that is to be added: it leads where the ad group's own ad of that creator does."""
    like: AdView = gathered.like[post_id]
    usable = gathered.usable[post_id]
    assert like.adgroup_id == adgroup_id
    return Creative(
        identity_type=usable.identity_type,
        identity_id=usable.identity_id,
        business_center_id=usable.business_center_id,
        post_id=post_id,
        call_to_action="" if like.portfolio_id is not None else like.call_to_action,
        portfolio_id=like.portfolio_id,
        landing_page_url=like.landing_page_url,
        deeplink=like.deeplink,
        deeplink_type=like.deeplink_type,
        utm_params=[(one["key"], one["value"]) for one in like.utm_params],
        impression_tracking_url=like.impression_tracking_url,
        click_tracking_url=like.click_tracking_url,
        tracking_pixel_id=like.tracking_pixel_id,
        tracking_app_id=like.tracking_app_id,
    )
