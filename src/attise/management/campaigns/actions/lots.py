"""An advertiser names several posts, and chance chooses those that are boosted; the others are the comparison.

Before: a door. A lot is announced, with the hash of its seed; then drawn, once, in the transaction that makes the
campaign and all its ads. After: ads under review, and rows that say which posts were chosen, which nothing changes.

Every post is tried before the draw, by the rules that its boost would meet: what is refused then would be refused of
whichever was drawn, and nobody learns from a refusal what chance would have chosen.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS, LOTS_PER_ADVERTISER
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns.actions.boost import Boosted, boost_each
from attise.management.campaigns.actions.create_adgroup import create_adgroup
from attise.management.campaigns.actions.create_ads import check_ad
from attise.management.campaigns.actions.create_campaign import create_campaign
from attise.management.campaigns.errors import LOT_DRAWN, LOT_POST_NOT_YOURS, LOT_POST_TAKEN, QUOTA_REACHED
from attise.management.campaigns.models import Lot, LotPost
from attise.management.campaigns.queries.lots import get_lot, taken_posts, wish_of_row
from attise.management.campaigns.rules.boosting import (
    adgroup_of,
    at_wish,
    campaign_of,
    check_goal,
    check_length,
    creative_of,
    kept,
)
from attise.management.campaigns.rules.drawing import (
    SEED_BYTES,
    LotWish,
    at_lot,
    check_lot,
    commitment_of,
    drawn_of,
    wish_for,
)
from attise.management.campaigns.views import AdGroupView, LotView
from attise.management.outbox.actions import unit, verb
from attise.management.posts.queries import find_posts

log = logging.getLogger(__name__)


class _Tried(Exception):  # noqa: N818 - no error: what was tried went well
    """Everything was tried, and is undone."""


@verb
def announce_lot(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, wish: LotWish, in_place_of: int | None = None
) -> LotView:
    """Name the posts of a lot, and draw its seed, of which the hash is told; nothing is boosted yet.

    ``in_place_of``: a lot that is not drawn, which is let go of.
    Raises: ``not_found`` for the advertiser or a post, ``quota_reached``; ``lot_post_not_usable`` or ``lot_post_taken``
    at each such post; all that ``check_lot`` and the boosts of any of the posts would refuse; as ``drop_lot``.
    """
    advertiser = get_advertiser(advertiser_id)
    check_lot(wish)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser.id)
        if in_place_of is not None:
            _drop(advertiser_id, in_place_of)
        if Lot.objects.filter(advertiser_id=advertiser_id).count() >= LOTS_PER_ADVERTISER:
            raise Refusal(QUOTA_REACHED, field="advertiser_id", limit=LOTS_PER_ADVERTISER)
        _check_there(means, advertiser_id, wish)
        _usable(means, actor, house, advertiser_id, wish)
        seed = means.chance.token(SEED_BYTES).hex()
        row = Lot.objects.create(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            post_ids=list(wish.post_ids),
            promoted=wish.promoted,
            wish=kept(wish.boost),
            seed=seed,
            commitment=commitment_of(seed, wish.post_ids, wish.promoted),
            created_at_ms=means.clock.world_ms(),
        )
    log.info("lot %s of %d posts announced by %s", row.id, len(wish.post_ids), actor)
    return get_lot(means, advertiser_id=advertiser_id, lot_id=row.id)


@verb
def draw_lot(means: Means, actor: Actor, *, house: House, advertiser_id: int, lot_id: int) -> LotView:
    """Draw a lot and boost the posts that it chose, from now on. Drawn twice, it answers what was drawn.

    Raises: ``not_found``; as ``announce_lot``, where a post may not be used any more or something else went, and as
    ``boost``: then nothing is drawn and the seed stays unknown.
    """
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        row = _held(advertiser_id, lot_id)
        if row.drawn_at_ms is None:
            _draw(means, actor, house, row)
    return get_lot(means, advertiser_id=advertiser_id, lot_id=lot_id)


@verb
def drop_lot(means: Means, actor: Actor, *, advertiser_id: int, lot_id: int) -> None:
    """Let go of a lot that is not drawn yet. Raises: ``not_found``, ``lot_drawn``."""
    with unit(means):
        _drop(advertiser_id, lot_id)
    log.info("lot %s dropped by %s", lot_id, actor)


def _draw(means: Means, actor: Actor, house: House, row: Lot) -> None:
    wish = wish_of_row(row)
    usable = _usable(means, actor, house, row.advertiser_id, wish)
    chosen = drawn_of(row.seed, wish.post_ids, wish.promoted)
    made = dict(zip(chosen, _boosted(means, actor, house, row.advertiser_id, wish, chosen, usable), strict=True))
    now_ms = means.clock.world_ms()
    row.drawn_at_ms, row.ends_at_ms = now_ms, now_ms + wish.boost.days * DAY_MS
    row.campaign_id = made[chosen[0]].campaign.id
    row.save(update_fields=["drawn_at_ms", "ends_at_ms", "campaign_id"])
    LotPost.objects.bulk_create(
        LotPost(
            lot_id=row.id,
            post_id=post_id,
            place=place,
            is_promoted=post_id in made,
            ad_id=made[post_id].ad.id if post_id in made else None,
        )
        for place, post_id in enumerate(wish.post_ids)
    )
    log.info("lot %s drawn by %s: %s", row.id, actor, chosen)


def _boosted(
    means: Means,
    actor: Actor,
    house: House,
    advertiser_id: int,
    wish: LotWish,
    chosen: tuple[int, ...],
    usable: dict[int, Usable],
) -> list[Boosted]:
    """Boost what was drawn; what is refused all the same (a fee that the balance does not cover) is told of the lot."""
    now_ms = means.clock.world_ms()
    wishes = [wish_for(wish, post_id, number) for number, post_id in enumerate(chosen, 1)]
    try:
        return boost_each(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            campaign=campaign_of(wish.boost),
            boosts=[(adgroup_of(one, now_ms=now_ms), creative_of(one, usable[one.post_id])) for one in wishes],
        )
    except Refusal as refusal:
        raise at_wish(refusal) from None
    except Refusals as several:
        raise Refusals([at_wish(refusal) for refusal in several.items]) from None


def _check_there(means: Means, advertiser_id: int, wish: LotWish) -> None:
    """Refuse posts that are nowhere, or that this advertiser cannot know of. Raises: ``not_found``, at each."""
    usable = find_usable(means, advertiser_id=advertiser_id, post_ids=list(wish.post_ids))
    there, gather = find_posts(wish.post_ids), Gather()
    for place, post_id in enumerate(wish.post_ids):
        if post_id not in usable and (post_id not in there or not there[post_id].is_public):
            gather.add(Refusal(NOT_FOUND, field=f"post_ids[{place}]"))
    gather.tell()


def _usable(means: Means, actor: Actor, house: House, advertiser_id: int, wish: LotWish) -> dict[int, Usable]:
    """Return by what each post may be used, if each could be boosted as it is wished. Raises: all that stands against.

    Cost: some thirty queries, and twenty for each post.
    """
    gather = Gather()
    gather.take(check_length, wish.boost)
    gather.take(check_goal, wish.boost)
    gather.tell()
    usable = find_usable(means, advertiser_id=advertiser_id, post_ids=list(wish.post_ids))
    taken = taken_posts(means, advertiser_id=advertiser_id, post_ids=wish.post_ids)
    for place, post_id in enumerate(wish.post_ids):
        if post_id not in usable:
            gather.add(Refusal(LOT_POST_NOT_YOURS, field=f"post_ids[{place}]"))
        elif post_id in taken:
            gather.add(Refusal(LOT_POST_TAKEN, field=f"post_ids[{place}]"))
    with suppress(_Tried):
        gather.take(_try, means, actor, house=house, advertiser_id=advertiser_id, wish=wish, usable=usable)
    found = {(one.code, one.field): one for one in gather.found}
    gather.found = list(found.values())
    gather.tell()
    return usable


@verb
def _try(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, wish: LotWish, usable: dict[int, Usable]
) -> None:
    """Make the campaign and an ad group, see whether the ad of each post could be in it, and undo all of it.

    Raises: ``_Tried`` where each could; else what stands against.
    """
    asked: dict[str, Any] = {"house": house, "advertiser_id": advertiser_id}
    with unit(means):
        group = _adgroup(means, actor, advertiser_id, wish)
        gather = Gather()
        for place, post_id in enumerate(wish.post_ids):
            if post_id in usable:
                creative = creative_of(wish.boost, usable[post_id], post_id=post_id)
                gather.take(_try_post, means, place, adgroup_id=group.id, creative=creative, **asked)
        gather.tell()
        raise _Tried


def _adgroup(means: Means, actor: Actor, advertiser_id: int, wish: LotWish) -> AdGroupView:
    """Make the campaign and an ad group of a lot; refusals are at the fields of a wish."""
    longest = wish_for(wish, wish.post_ids[0], len(wish.post_ids))
    draft = adgroup_of(longest, now_ms=means.clock.world_ms())
    try:
        campaign = create_campaign(means, actor, advertiser_id=advertiser_id, draft=campaign_of(wish.boost))
        return create_adgroup(means, actor, advertiser_id=advertiser_id, campaign_id=campaign.id, draft=draft)
    except Refusal as refusal:
        raise at_wish(refusal) from None
    except Refusals as several:
        raise Refusals([at_wish(refusal) for refusal in several.items]) from None


def _try_post(means: Means, place: int, **asked: Any) -> None:
    """Refuse the ad of a post as it would be refused; ``place``: of the post, as it was named."""
    try:
        check_ad(means, **asked)
    except Refusal as refusal:
        raise at_lot(refusal, place) from None
    except Refusals as several:
        raise Refusals([at_lot(refusal, place) for refusal in several.items]) from None


def _drop(advertiser_id: int, lot_id: int) -> None:
    row = _held(advertiser_id, lot_id)
    if row.drawn_at_ms is not None:
        raise Refusal(LOT_DRAWN, field="lot_id")
    row.delete()


def _held(advertiser_id: int, lot_id: int) -> Lot:
    row = Lot.objects.select_for_update(no_key=True).filter(advertiser_id=advertiser_id, id=lot_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="lot_id")
    return row
