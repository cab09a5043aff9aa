"""A boost is wished: made at once where the post may be used, else kept until its creator has said yes.

Before: a door, with what the scout says of the post. After: an ad under review; or a question to the creator, and a
boost that waits, which is launched, or dropped.
"""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.house import House, Mode
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.actions import ask_for_post, withdraw_request
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns.actions.boost import Boosted, boost
from attise.management.campaigns.errors import BOOST_WAITS
from attise.management.campaigns.models import WaitingBoost
from attise.management.campaigns.queries.boosts import get_boost, views_of
from attise.management.campaigns.rules.boosting import (
    BoostWish,
    adgroup_of,
    campaign_of,
    check_wish,
    creative_of,
    kept,
    wish_of,
)
from attise.management.campaigns.views import WaitingBoostView
from attise.management.outbox.actions import unit, verb
from attise.management.pixels.queries import get_pixel


@verb
def wish_boost(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, wish: BoostWish, asked_days: int
) -> Boosted | WaitingBoostView:
    """Make a boost where the advertiser may use the post; else ask its creator for it, and keep the boost.

    ``asked_days``: for how long the post is asked for, which is at least as long as the boost runs. A boost of the same
    post that waits is wished anew. Raises: as ``boost`` and ``check_wish``, at the fields of a wish; as
    ``ask_for_post``; then nothing is made and nobody is asked.
    """
    with unit(means):
        usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[wish.post_id]).get(wish.post_id)
        if usable is not None:
            WaitingBoost.objects.filter(advertiser_id=advertiser_id, post_id=wish.post_id).delete()
            return _made(means, actor, house, advertiser_id, wish, usable)
        currency = get_advertiser(advertiser_id).currency
        check_wish(wish, currency=currency, plain_pages=house.mode is not Mode.LIVE)
        if wish.pixel_id is not None:
            get_pixel(advertiser_id, wish.pixel_id)
        asked = ask_for_post(means, actor, advertiser_id=advertiser_id, post_id=wish.post_id, days=asked_days)
        values = {"wish": kept(wish), "request_id": asked.id}
        row, _is_new = WaitingBoost.objects.update_or_create(
            advertiser_id=advertiser_id,
            post_id=wish.post_id,
            defaults=values,
            create_defaults={**values, "id": means.ids.next(), "created_at_ms": means.clock.world_ms()},
        )
        return views_of(means, advertiser_id, [row])[0]


@verb
def launch_boost(means: Means, actor: Actor, *, house: House, advertiser_id: int, boost_id: int) -> Boosted:
    """Make a boost whose creator has said yes; it begins now. Launched twice at once, it is made once.

    Raises: ``not_found``; ``boost_waits``; as ``boost``, and then it is kept.
    """
    with unit(means):
        row = _held(advertiser_id, boost_id)
        wish = wish_of(row.wish)
        usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[row.post_id]).get(row.post_id)
        if usable is None:
            raise Refusal(BOOST_WAITS, field="boost_id")
        row.delete()
        return _made(means, actor, house, advertiser_id, wish, usable)


@verb
def drop_boost(means: Means, actor: Actor, *, advertiser_id: int, boost_id: int) -> None:
    """Let go of a boost that waits, and take its question back where it has no answer yet. Raises: ``not_found``."""
    with unit(means):
        row = _held(advertiser_id, boost_id)
        if get_boost(means, advertiser_id=advertiser_id, boost_id=boost_id).request.state == "pending":
            withdraw_request(means, actor, advertiser_id=advertiser_id, request_id=row.request_id)
        row.delete()


def _made(means: Means, actor: Actor, house: House, advertiser_id: int, wish: BoostWish, usable: Usable) -> Boosted:
    """Make campaign, ad group and ad; refusals are at the fields of a wish."""
    center_id = get_advertiser(advertiser_id).business_center_id
    try:
        return boost(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            campaign=campaign_of(wish),
            adgroup=adgroup_of(wish, now_ms=means.clock.world_ms()),
            creative=creative_of(wish, usable, business_center_id=center_id),
        )
    except Refusal as refusal:
        raise _at_wish(refusal) from None
    except Refusals as several:
        raise Refusals([_at_wish(refusal) for refusal in several.items]) from None


def _at_wish(refusal: Refusal) -> Refusal:
    """Return a refusal at the field of the wish: campaign, ad group and ad share none."""
    field = refusal.field or ""
    return refusal.at(field.removeprefix("campaign.").removeprefix("creatives[0].")) if field else refusal


def _held(advertiser_id: int, boost_id: int) -> WaitingBoost:
    rows = WaitingBoost.objects.select_for_update(no_key=True)
    row = rows.filter(advertiser_id=advertiser_id, id=boost_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="boost_id")
    return row
