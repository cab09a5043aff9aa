"""A boost is wished: made at once where the post may be used, else kept until its creator has said yes.

Before: a door, with what the scout says of the post. After: an ad under review; or a question to the creator, and a
boost that waits, which is launched, or dropped.
"""

from __future__ import annotations

from django.db.models import QuerySet

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.house import House, Mode
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.actions import ask_for_post, withdraw_if_pending
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.rules import check_days
from attise.management.authorizations.views import Usable
from attise.management.campaigns.actions.boost import Boosted, boost
from attise.management.campaigns.errors import BOOST_WAITS
from attise.management.campaigns.models import WaitingBoost
from attise.management.campaigns.queries.boosts import views_of
from attise.management.campaigns.rules.boosting import (
    BoostWish,
    adgroup_of,
    at_wish,
    campaign_of,
    check_wish,
    creative_of,
    kept,
    wish_of,
)
from attise.management.campaigns.views import WaitingBoostView
from attise.management.outbox.actions import unit, verb
from attise.management.pixels.queries import get_pixel
from attise.management.policy.queries import get_policy


@verb
def wish_boost(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, wish: BoostWish, asked_days: int
) -> Boosted | WaitingBoostView:
    """Make a boost where the advertiser may use the post; else ask its creator for it, and keep the boost.

    ``asked_days``: for how long the post is asked for, which is at least as long as the boost runs. A boost of the same
    post that waits is wished anew; where it is made now, its open question is taken back. Raises:
    ``grant_days_invalid``; as ``boost`` and ``check_wish``, at the fields of a wish; as ``ask_for_post``; then nothing
    is made and nobody is asked.
    """
    policy = get_policy()
    asked_days = check_days(asked_days, field="asked_days", offered=policy.grant_days)
    with unit(means):
        waits = _rows(advertiser_id).filter(post_id=wish.post_id).first()
        usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[wish.post_id]).get(wish.post_id)
        if usable is not None:
            if waits is not None:
                _let_go(means, actor, waits)
            return _made(means, actor, house, advertiser_id, wish, usable)
        advertiser = get_advertiser(advertiser_id)
        check_wish(
            wish,
            asked_days=asked_days,
            category=advertiser.category,
            currency=advertiser.currency,
            plain_pages=house.mode is not Mode.LIVE,
            least_eur=policy.least_budget_micros,
        )
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

    Where the post may be used by another grant, its open question is taken back. Raises: ``not_found``;
    ``boost_waits``; as ``boost``, and then it is kept.
    """
    with unit(means):
        row = _held(advertiser_id, boost_id)
        wish = wish_of(row.wish)
        usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[row.post_id]).get(row.post_id)
        if usable is None:
            raise Refusal(BOOST_WAITS, field="boost_id")
        _let_go(means, actor, row)
        return _made(means, actor, house, advertiser_id, wish, usable)


@verb
def drop_boost(means: Means, actor: Actor, *, advertiser_id: int, boost_id: int) -> None:
    """Let go of a boost that waits, and take its question back where it has no answer yet. Raises: ``not_found``."""
    with unit(means):
        _let_go(means, actor, _held(advertiser_id, boost_id))


def _let_go(means: Means, actor: Actor, row: WaitingBoost) -> None:
    """End the waiting of a boost, and take its question back where it has no answer: nobody waits for that any more."""
    withdraw_if_pending(means, actor, advertiser_id=row.advertiser_id, request_id=row.request_id)
    row.delete()


def _made(means: Means, actor: Actor, house: House, advertiser_id: int, wish: BoostWish, usable: Usable) -> Boosted:
    """Make campaign, ad group and ad; refusals are at the fields of a wish."""
    try:
        return boost(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            campaign=campaign_of(wish),
            adgroup=adgroup_of(wish, now_ms=means.clock.world_ms()),
            creative=creative_of(wish, usable),
        )
    except Refusal as refusal:
        raise at_wish(refusal) from None
    except Refusals as several:
        raise Refusals([at_wish(refusal) for refusal in several.items]) from None


def _held(advertiser_id: int, boost_id: int) -> WaitingBoost:
    row = _rows(advertiser_id).filter(id=boost_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="boost_id")
    return row


def _rows(advertiser_id: int) -> QuerySet[WaitingBoost]:
    """Return an advertiser's boosts that wait, to be locked as they are read."""
    return WaitingBoost.objects.select_for_update(no_key=True).filter(advertiser_id=advertiser_id)
